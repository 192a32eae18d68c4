import type { IFlow } from '../core/catalog/types.ts';
import { kindOf } from './types.ts';
import type { DesigntimeArtifact, DesigntimeKind, IntegrationPackage, RuntimeArtifact } from './types.ts';

/** What a refresh stores about a package, so that the next one need not read it again. */
export type KnownPackage = {
  id: string;
  name: string;
  modifiedAt: string | null;
  /** The collections read when the package was last read. A missing one failed, or is new. */
  kinds: DesigntimeKind[];
};

/** What a refresh stores about a design-time artifact. */
export type KnownArtifact = Pick<
  DesigntimeArtifact,
  'id' | 'packageId' | 'kind' | 'version' | 'description' | 'sender' | 'receiver'
> & {
  /** The version that was deployed when it was read; null if none was. */
  deployedVersion: string | null;
};

/** What is known of the design-time workspace. */
export type KnownDesign = { packages: KnownPackage[]; artifacts: KnownArtifact[] };

/** One collection of a package, as just read. `artifacts` is null if reading failed. */
export type CollectionRead = { packageId: string; kind: DesigntimeKind; artifacts: DesigntimeArtifact[] | null };

/** The row of an iFlow with its error text: null if not read yet, empty if there was none. */
export type InventoryRow = IFlow & { errorText: string | null };

/** Milliseconds after a deployment during which an error text may still arrive. */
const LATE_TEXT = 3_600_000;

/**
 * The packages whose collections must be read: new ones, modified ones, those that could not be read last time, and
 * owners of a deployed artifact version that was neither designed nor deployed when they were read. If a tenant does
 * not tell when a package was modified, it is read each time.
 * @param kinds the wanted collections
 * @param packages as just listed; a deleted package is not read
 * @returns IDs, in the order of the list
 */
export function packagesToRead(
  known: KnownDesign,
  kinds: readonly DesigntimeKind[],
  packages: readonly IntegrationPackage[],
  runtime: readonly RuntimeArtifact[],
): string[] {
  const before = new Map(known.packages.map((one) => [one.id, one]));
  const deployed = new Map(runtime.map(({ id, version }) => [id, version]));
  const outdated = new Set(
    known.artifacts
      .filter(({ id, kind, version, deployedVersion }) => {
        const now = deployed.get(id) ?? null;
        return kinds.includes(kind) && now !== null && now !== version && now !== deployedVersion;
      })
      .map(({ packageId }) => packageId),
  );
  const isCurrent = ({ id, modifiedAt }: IntegrationPackage) => {
    const last = before.get(id);
    const complete = last && kinds.every((kind) => last.kinds.includes(kind));
    return complete && modifiedAt !== null && sameTime(last.modifiedAt, modifiedAt) && !outdated.has(id);
  };
  return kinds.length === 0 ? [] : packages.filter((one) => !isCurrent(one)).map(({ id }) => id);
}

/**
 * What is known after a refresh. A collection that could not be read keeps its former content. A package that is no
 * longer listed takes its artifacts with it. An artifact found elsewhere has moved.
 */
export function remember(
  known: KnownDesign,
  packages: readonly IntegrationPackage[],
  reads: readonly CollectionRead[],
  runtime: readonly RuntimeArtifact[],
): KnownDesign {
  const deployed = new Map(runtime.map(({ id, version }) => [id, version]));
  const listed = new Set(packages.map(({ id }) => id));
  const before = new Map(known.packages.map((one) => [one.id, one]));
  const good = reads.filter(({ artifacts }) => artifacts !== null);
  const tried = new Set(reads.map(({ packageId }) => packageId));
  const replaced = new Set(good.map(({ packageId, kind }) => `${kind} ${packageId}`));

  const found = good
    .filter(({ packageId }) => listed.has(packageId))
    .flatMap(({ artifacts }) => artifacts ?? [])
    .map(({ id, packageId, kind, version, description, sender, receiver }) => {
      const deployedVersion = deployed.get(id) ?? null;
      return { id, packageId, kind, version, description, sender, receiver, deployedVersion };
    });
  const elsewhere = new Set(found.map(({ kind, id }) => `${kind} ${id}`));
  const kept = known.artifacts.filter(
    ({ id, packageId, kind }) =>
      listed.has(packageId) && !replaced.has(`${kind} ${packageId}`) && !elsewhere.has(`${kind} ${id}`),
  );
  return {
    packages: packages.map(({ id, name, modifiedAt }) => ({
      id,
      name,
      modifiedAt,
      kinds: tried.has(id)
        ? good.filter(({ packageId }) => packageId === id).map(({ kind }) => kind)
        : (before.get(id)?.kinds ?? []),
    })),
    artifacts: [...kept, ...found],
  };
}

/**
 * The artifacts whose error text must be read: those newly in error, or deployed again since. If there was no text, it
 * is read again within an hour after the deployment, since it may come late.
 * @param now ISO time
 */
export function errorTextsToRead(
  rows: readonly InventoryRow[],
  runtime: readonly RuntimeArtifact[],
  now: string,
): string[] {
  const before = new Map(rows.map((row) => [row.artifactId, row]));
  const isFresh = (deployedOn: string | null) =>
    deployedOn !== null && Date.parse(now) - Date.parse(deployedOn) < LATE_TEXT;
  return runtime
    .filter((one) => one.status === 'Error')
    .filter((one) => {
      const kept = keptErrorText(before.get(one.id), one);
      return kept === null || (kept === '' && isFresh(one.deployedOn));
    })
    .map(({ id }) => id);
}

/** What `toIFlows` joins. */
export type Inventory = {
  /** The rows of the last refresh. */
  rows: readonly InventoryRow[];
  /** All deployed artifacts of every type. */
  runtime: readonly RuntimeArtifact[];
  /** The types to include. Existing rows are updated whatever their type. */
  types: readonly string[];
  /** As `remember` returned it; null if the list of packages could not be read. */
  design: KnownDesign | null;
  /** The error texts just read, by artifact ID; null if there is none. One that failed is left out. */
  errorTexts: ReadonlyMap<string, string | null>;
  /** Creates the ID of a new row. */
  newId: () => string;
};

/**
 * The rows after a refresh: all deployed artifacts, joined with their design by ID, then the rows of artifacts that are
 * no longer deployed, as `Undeployed` and otherwise unchanged. An artifact without a design (its package was deleted,
 * or its type has none) has no package and no description. If its design may be in a collection that could not be read,
 * it keeps the last known values.
 */
export function toIFlows({ rows, runtime, types, design, errorTexts, newId }: Inventory): InventoryRow[] {
  const before = new Map(rows.map((row) => [row.artifactId, row]));
  const designOf = designs(design);
  const running = runtime
    .filter(({ id, type }) => before.has(id) || types.includes(type))
    .map((one): InventoryRow => {
      const last = before.get(one.id);
      return {
        ID: last?.ID ?? newId(),
        artifactId: one.id,
        name: one.name,
        version: one.version,
        type: one.type,
        status: one.status,
        deployedBy: one.deployedBy,
        deployedOn: one.deployedOn,
        errorText: errorTexts.has(one.id) ? (errorTexts.get(one.id) ?? '') : keptErrorText(last, one),
        ...designOf(one, last),
      };
    });
  const deployed = new Set(runtime.map(({ id }) => id));
  const gone = rows
    .filter(({ artifactId }) => !deployed.has(artifactId))
    .map((row): InventoryRow => ({ ...row, status: 'Undeployed', errorText: null }));
  return [...running, ...gone];
}

type Design = Pick<IFlow, 'description' | 'packageId' | 'packageName' | 'sender' | 'receiver'>;

const NO_DESIGN: Design = { description: null, packageId: null, packageName: null, sender: null, receiver: null };

function designs(design: KnownDesign | null): (one: RuntimeArtifact, last: InventoryRow | undefined) => Design {
  const packages = new Map(design?.packages.map((one) => [one.id, one]));
  const artifacts = new Map(design?.artifacts.map((one) => [`${one.kind} ${one.id}`, one]));
  const isComplete = (kind: DesigntimeKind) => design?.packages.every(({ kinds }) => kinds.includes(kind)) ?? false;
  const complete = new Map(design?.packages.flatMap(({ kinds }) => kinds).map((kind) => [kind, isComplete(kind)]));
  return ({ id, type }, last) => {
    const kind = kindOf(type);
    if (kind === null) return NO_DESIGN;
    const found = artifacts.get(`${kind} ${id}`);
    if (found) {
      const { description, packageId, sender, receiver } = found;
      return { description, packageId, packageName: packages.get(packageId)?.name ?? null, sender, receiver };
    }
    const nothingMissed = design !== null && (packages.size === 0 || complete.get(kind) === true);
    if (nothingMissed || !last) return NO_DESIGN;
    const { description, packageId, packageName, sender, receiver } = last;
    return { description, packageId, packageName, sender, receiver };
  };
}

/** The error text of a row, if it is still about the same deployment. */
function keptErrorText(
  last: InventoryRow | undefined,
  { status, version, deployedOn }: RuntimeArtifact,
): string | null {
  const same = last?.status === 'Error' && last.version === version && sameTime(last.deployedOn, deployedOn);
  return status === 'Error' && same ? last.errorText : null;
}

/** Databases write the same time differently. */
function sameTime(a: string | null, b: string | null): boolean {
  return a === b || (a !== null && b !== null && Date.parse(a) === Date.parse(b));
}
