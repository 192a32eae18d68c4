import type { IFlowStatus } from '../core/catalog/types.ts';

/** A deployed artifact. The runtime list has neither description nor package: those are in the design time. */
export type RuntimeArtifact = {
  id: string;
  name: string;
  version: string | null;
  /** An open list; `INTEGRATION_FLOW`, `VALUE_MAPPING`, `MESSAGE_MAPPING`, `SCRIPT_COLLECTION`, `REST_API_PROVIDER` … */
  type: string;
  status: IFlowStatus;
  deployedBy: string | null;
  /** ISO time. */
  deployedOn: string | null;
};

/** A package of the design-time workspace. */
export type IntegrationPackage = {
  id: string;
  name: string;
  /** ISO time of the last change; null if the tenant does not tell. */
  modifiedAt: string | null;
};

/** The collections of design-time artifacts in a package. */
export type DesigntimeKind =
  | 'IntegrationDesigntimeArtifacts'
  | 'ValueMappingDesigntimeArtifacts'
  | 'MessageMappingDesigntimeArtifacts'
  | 'ScriptCollectionDesigntimeArtifacts';

export type DesigntimeArtifact = {
  id: string;
  packageId: string;
  kind: DesigntimeKind;
  /** Such as `1.0.3`, or `Active` for an artifact in edit mode. */
  version: string | null;
  /** Plain text; null for none. */
  description: string | null;
  sender: string | null;
  receiver: string | null;
};

/** An endpoint of a deployed iFlow. */
export type Endpoint = {
  id: string;
  /** `SOAP`, `REST`, `ODATAV2`, `AS2` or `AS4`. */
  protocol: string | null;
  /** ISO time. */
  lastUpdated: string | null;
  entryPoints: { name: string; url: string; type: string | null }[];
  apiDefinitions: { name: string; url: string }[];
};

const KINDS: Readonly<Record<string, DesigntimeKind>> = {
  INTEGRATION_FLOW: 'IntegrationDesigntimeArtifacts',
  VALUE_MAPPING: 'ValueMappingDesigntimeArtifacts',
  MESSAGE_MAPPING: 'MessageMappingDesigntimeArtifacts',
  SCRIPT_COLLECTION: 'ScriptCollectionDesigntimeArtifacts',
};

/** The collection with the design of artifacts of this type; null for types without a design, such as API providers. */
export function kindOf(type: string): DesigntimeKind | null {
  return Object.hasOwn(KINDS, type) ? (KINDS[type] ?? null) : null;
}

/** The collections that have to be read for these artifact types, each once. */
export function kindsOf(types: readonly string[]): DesigntimeKind[] {
  return [...new Set(types.flatMap((type) => kindOf(type) ?? []))];
}

const STATUS: Readonly<Record<string, IFlowStatus>> = {
  STARTED: 'Started',
  STARTING: 'Starting',
  STOPPING: 'Stopping',
  STOPPED: 'Stopped',
  ERROR: 'Error',
};

/** The monitor's word for a status of the runtime list; one that is not known is `Unknown`. */
export function statusOf(wire: string): IFlowStatus {
  return (Object.hasOwn(STATUS, wire.toUpperCase()) && STATUS[wire.toUpperCase()]) || 'Unknown';
}
