import type { RuntimeArtifact } from '../../../sandbox/cpi/state.ts';
import type { SeedFactSheet } from '../../../sandbox/leanix/state.ts';
import { scaled } from '../../../sandbox/seed/scaled.ts';
import { externalIdOf, type SeedMaker } from '../../../sandbox/seed/types.ts';

/** A fact sheet of a seed; `documents` is the artifact ID of the iFlow whose external ID it has. */
export type Documented = SeedFactSheet & { documents?: string };

/**
 * A tenant with iFlows `Flow_1` … named `Flow 1` …, all in one package, and a workspace with only these fact sheets.
 * @param changes differences of an iFlow, by its ID: `name` and `version` also apply to its design
 */
export function flows(
  count: number,
  factSheets: readonly Documented[] = [],
  changes: Record<string, Partial<RuntimeArtifact> & { description?: string }> = {},
): SeedMaker {
  return (tenantHost) => {
    const seed = scaled(tenantHost, { iflows: count, factSheets: 0 });
    const rename = (id: string) => `Flow_${Number(id.slice(-5))}`;
    const artifacts = seed.cpi.artifacts.map((artifact) => {
      const id = rename(artifact.id);
      const change: Partial<RuntimeArtifact> = { ...changes[id] };
      return { ...artifact, id, name: id.replace('_', ' '), ...change };
    });
    const designtime = seed.cpi.designtime.map((artifact) => {
      const id = rename(artifact.id);
      const { name = id.replace('_', ' '), version = artifact.version, description } = changes[id] ?? {};
      return {
        ...artifact,
        id,
        name,
        version,
        packageId: 'Package0001',
        description: description ?? `Moves ${name}.`,
      };
    });
    const packages = seed.cpi.packages.slice(0, 1);
    return {
      cpi: { ...seed.cpi, artifacts, designtime, packages },
      leanix: {
        ...seed.leanix,
        factSheets: factSheets.map(({ documents, ...sheet }) =>
          documents === undefined ? sheet : { ...sheet, externalId: externalIdOf(tenantHost, documents) },
        ),
      },
    };
  };
}
