import type { IFlow } from '../core/catalog/types.ts';
import { kindOf } from './types.ts';
import type { DesigntimeArtifact, DesigntimeKind, IntegrationPackage, RuntimeArtifact } from './types.ts';

/** What a refresh remembers of a package, so that the next one need not read it again. */
export type KnownPackage = {
  id: string;
  name: string;
  modifiedAt: string | null;
  /** The collections that were read when the package was last looked into. One that is missing failed, or is new. */
  kinds: DesigntimeKind[];
};

/** What a refresh remembers of a design-time artifact. */
export type KnownArtifact = Pick<
  DesigntimeArtifact,
  'id' | 'packageId' | 'kind' | 'version' | 'description' | 'sender' | 'receiver'
> & {
  /** The version that was deployed when it was read; null if it was not deployed. */
  deployedVersion: string | null;
};

/** What is known of the design-time workspace. */
export type KnownDesign = { packages: KnownPackage[]; artifacts: KnownArtifact[] };

/** One collection of one package, as it was just read; `artifacts` is null where reading failed. */
export type CollectionRead = { packageId: string; kind: DesigntimeKind; artifacts: DesigntimeArtifact[] | null };

/** An iFlow's row with what the monitor says about its error: null if nobody has asked, empty if it said nothing. */
export type InventoryRow = IFlow & { errorText: string | null };

/** Milliseconds after a deployment in which an error text may still arrive. */
const LATE_TEXT = 3_600_000;

/**
 * The packages whose collections have to be read: those that are new, were modified since, could not be read last time,
 * or own an artifact of which a version is deployed that was neither designed nor deployed when it was read. Where a
 * tenant does not tell when a package was modified, it is read each time.
 * @param kinds the collections that are wanted
 * @param packages as just listed; a package that is gone is not read
 * @returns ids, in the order of the list
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
 * What is known after a refresh. A collection that could not be read keeps what was known of it; a package that is no
 * longer listed takes its artifacts with it; an artifact that was found elsewhere has moved.
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
 * The artifacts whose error text has to be read: those in error that were not before, or were deployed again since. One
 * that had nothing to say is asked again within an hour after its deployment, since the text may come late.
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
  /** All that is deployed now, of every type. */
  runtime: readonly RuntimeArtifact[];
  /** Which types are taken in. A row that is there already is kept up to date whatever its type. */
  types: readonly string[];
  /** As `remember` left it; null if the list of packages could not be read. */
  design: KnownDesign | null;
  /** The error texts that were just read, by artifact id; null where there is none. One that failed is left out. */
  errorTexts: ReadonlyMap<string, string | null>;
  /** Makes the ID of a new row. */
  newId: () => string;
};

/**
 * The rows after a refresh: all that is deployed, joined with its design by id, then the rows of what is no longer
 * deployed, as `Undeployed` and otherwise as they were. An artifact without a design (its package was deleted, or its
 * type has none) has no package and no description; but where its design may be in a collection that could not be
 * read, it keeps the last known values.
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

/** The error text of a row that still stands for the same deployment. */
function keptErrorText(
  last: InventoryRow | undefined,
  { status, version, deployedOn }: RuntimeArtifact,
): string | null {
  const same = last?.status === 'Error' && last.version === version && sameTime(last.deployedOn, deployedOn);
  return status === 'Error' && same ? last.errorText : null;
}

/** Databases write the same time in different ways. */
function sameTime(a: string | null, b: string | null): boolean {
  return a === b || (a !== null && b !== null && Date.parse(a) === Date.parse(b));
}
