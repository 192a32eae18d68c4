import type { RuntimeArtifact } from '../cpi/state.ts';
import type { SeedFactSheet } from '../leanix/state.ts';
import { landscape } from './landscape.ts';
import { crowd } from './people.ts';
import { Random } from './random.ts';
import { tenant } from './tenant.ts';
import type { TenantCases } from './tenant.ts';
import { externalIdOf } from './types.ts';
import type { Seed } from './types.ts';
import { access, tagGroups, tags } from './workspace-frame.ts';

/** Artifact ids by how LeanIX documents the iFlow. Every iFlow is in exactly one list. */
export type DocumentationCases = Record<
  | 'linkedByExternalId'
  | 'renamedInLeanIX'
  | 'linkedByName'
  | 'nameDiffersInCase'
  | 'nameDiffersInWhitespace'
  | 'nameTwice'
  | 'archivedWithExternalId'
  | 'archivedByName'
  | 'takenByAnotherTenant'
  | 'foreignExternalId'
  | 'restricted'
  | 'notDocumented',
  string[]
>;

const size = 1500;

/** The made-up company: some 300 artifacts on the tenant, some 1,500 fact sheets and 120 people in the workspace. */
export function company(tenantHost: string): Seed {
  const { seed } = tenant();
  const documented = document(flowsOf(seed.artifacts), tenantHost).factSheets;
  const factSheets = [...landscape(size - documented.length), ...documented];
  const users = [...(access.users ?? []), ...crowd(104)];
  return { cpi: seed, leanix: { ...access, users, tagGroups, tags, factSheets: new Random(99).shuffle(factSheets) } };
}

/** The special cases of the company, for tests: artifact ids by the name of the case. */
export function companyCases(): TenantCases & DocumentationCases {
  const { seed, cases } = tenant();
  return { ...cases, ...document(flowsOf(seed.artifacts), 'any').cases };
}

function flowsOf(artifacts: RuntimeArtifact[]): RuntimeArtifact[] {
  return artifacts.filter(({ type }) => type === 'INTEGRATION_FLOW');
}

/** Documents some of the iFlows as interfaces, like a landscape that people maintain by hand. */
function document(flows: RuntimeArtifact[], tenantHost: string) {
  const random = new Random(1234);
  const remaining = random.shuffle(flows);
  const factSheets: SeedFactSheet[] = [];

  /** The next iFlows of a case get the fact sheets that `write` makes for each. */
  function next(count: number, write: (flow: RuntimeArtifact, fresh: SeedFactSheet) => SeedFactSheet[]): string[] {
    const chosen = remaining.splice(0, count);
    for (const flow of chosen) factSheets.push(...write(flow, factSheetOf(flow, random)));
    return chosen.map(({ id }) => id);
  }
  const externalId = ({ id }: RuntimeArtifact) => externalIdOf(tenantHost, id);
  // A release makes the full name unique, as LeanIX requires; names may repeat.
  const release = (value: string) => ({ fields: { category: 'logicalInterface', release: value } });

  const cases: DocumentationCases = {
    linkedByExternalId: next(55, (flow, fresh) => [{ ...fresh, externalId: externalId(flow), tags: ['CPI-Managed'] }]),
    renamedInLeanIX: next(5, (flow, fresh) => [
      { ...fresh, externalId: externalId(flow), name: `${flow.name} (reviewed by architecture)` },
    ]),
    linkedByName: next(36, (_flow, fresh) => [fresh]),
    nameDiffersInCase: next(2, (flow, fresh) => [{ ...fresh, name: flow.name.toUpperCase() }]),
    nameDiffersInWhitespace: next(2, (flow, fresh) => [{ ...fresh, name: `  ${flow.name} ` }]),
    nameTwice: next(5, (_flow, fresh) => [
      { ...fresh, ...release('1') },
      { ...fresh, ...release('2'), description: 'Copied from the old workspace.' },
    ]),
    archivedWithExternalId: next(3, (flow, fresh) => [{ ...fresh, externalId: externalId(flow), status: 'ARCHIVED' }]),
    archivedByName: next(2, (_flow, fresh) => [{ ...fresh, status: 'ARCHIVED' }]),
    takenByAnotherTenant: next(2, ({ id }, fresh) => [
      {
        ...fresh,
        ...release('QA'),
        externalId: externalIdOf('other-tenant.it-cpi001.cfapps.eu10.hana.ondemand.com', id),
      },
    ]),
    foreignExternalId: next(2, (_flow, fresh) => [{ ...fresh, externalId: `SNOW-${random.integer(4000, 4999)}` }]),
    restricted: next(1, (flow, fresh) => [
      { ...fresh, ...release('confidential'), externalId: externalId(flow), restricted: true },
    ]),
    notDocumented: [],
  };
  cases.notDocumented = remaining.map(({ id }) => id);
  return { cases, factSheets };
}

function factSheetOf({ name }: RuntimeArtifact, random: Random): SeedFactSheet {
  return {
    type: 'Interface',
    name,
    description: random.chance(0.6) ? `Interface ${name}, documented in the workshop of 2024.` : undefined,
    tags: random.chance(0.3) ? [random.pick(['SAP-Integration', 'Productive', 'SOX', 'EMEA'])] : [],
    fields: { category: random.chance(0.5) ? 'logicalInterface' : 'api' },
  };
}
