import type { Client } from '../http.ts';
import type { ModelSpec } from './models/spec.ts';

export type Role = 'MonitoringDataRead' | 'WorkspacePackagesRead';

/** What is deployed on the tenant. */
export interface RuntimeArtifact {
  id: string;
  version: string;
  name: string;
  type: string;
  deployedBy: string;
  /** Milliseconds since 1970, as all times here. */
  deployedOn: number;
  status: string;
  /** ID of the runtime location, such as an Edge Integration Cell; undefined for the cloud runtime. */
  location?: string;
  /** Text of the error; JSON in one of SAP's shapes, or plain text. */
  error?: string;
}

export interface IntegrationPackage {
  id: string;
  name: string;
  /** HTML. */
  description: string;
  shortText: string;
  version: string;
  vendor: string;
  mode: 'EDIT_ALLOWED' | 'READ_ONLY';
  createdBy: string;
  creationDate: number;
  modifiedBy: string;
  modifiedDate: number;
  products: string;
  keywords: string;
  lineOfBusiness: string;
  /** Reading the artifacts of this package fails with 500. */
  broken?: boolean;
}

/** Names of the four collections below a package. */
export const designtimeSets = [
  'IntegrationDesigntimeArtifacts',
  'ValueMappingDesigntimeArtifacts',
  'MessageMappingDesigntimeArtifacts',
  'ScriptCollectionDesigntimeArtifacts',
] as const;

export type DesigntimeSet = (typeof designtimeSets)[number];

/** What developers edit, deployed or not. */
export interface DesigntimeArtifact {
  set: DesigntimeSet;
  id: string;
  version: string;
  packageId: string;
  name: string;
  description: string;
  sender: string;
  receiver: string;
  createdBy: string;
  createdAt: number;
  modifiedBy: string;
  modifiedAt: number;
  /** There are changes that are not saved as a version. */
  draft?: boolean;
  /** The connections of an iFlow; by default, one sender and one receiver. */
  model?: ModelSpec;
}

/** An address at which a deployed iFlow can be called. */
export interface ServiceEndpoint {
  /** Id of the iFlow. */
  name: string;
  address: string;
  version: string;
  description: string;
  lastUpdated: number;
  protocol: 'SOAP' | 'REST' | 'ODATAV2' | 'AS2' | 'AS4';
  /** The address of a SOAP endpoint's description; by default, a WSDL at its own address. */
  definitionName?: string;
  definitionUrl?: string;
}

/** The content of a tenant. */
export interface CpiSeed {
  artifacts: RuntimeArtifact[];
  packages: IntegrationPackage[];
  designtime: DesigntimeArtifact[];
  endpoints: ServiceEndpoint[];
}

export interface CPIClient extends Client {
  roles: Role[];
}

/** A token keeps the roles from when it was issued. */
export interface AccessToken {
  value: string;
  clientId: string;
  roles: Role[];
  expiresAt: number;
}

/** What the stand-in for Cloud Integration keeps; plain JSON, so that it can be saved to a file. */
export interface CPIState extends CpiSeed {
  clients: CPIClient[];
  /** Seconds. */
  tokenLifetime: number;
  tokens: AccessToken[];
}

/** A tenant with this content, a client that may read everything, and one that may not read packages. */
export function createCPIState(seed: CpiSeed): CPIState {
  return {
    ...structuredClone(seed),
    clients: [
      {
        id: 'sb-1c9a4a5e-0000-4d5e-9b52-7f3c5a0b6d11!b4711|it!b117912',
        secret: '5b8f0d3a-77c1-4f8e-b0d9-2a1e$Zq7_Lk3mN-w4Yb=',
        roles: ['MonitoringDataRead', 'WorkspacePackagesRead'],
      },
      {
        id: 'sb-2d0b5b6f-0000-4e6f-8c63-806d6b1c7e22!b4711|it!b117912',
        secret: '6c9a1e4b-88d2-4a9f-81ea-3b2f$Xr8_Pj2kM-v5Tc=',
        roles: ['MonitoringDataRead'],
      },
    ],
    tokenLifetime: 43_200,
    tokens: [],
  };
}
