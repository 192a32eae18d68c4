import { createIndex, externalIdOf } from '../../srv/core/catalog/match.ts';
import { plan } from '../../srv/core/catalog/plan.ts';
import type { FactSheet, IFlow, Rules, Tag } from '../../srv/core/catalog/types.ts';
import { toFactSheet } from '../../srv/leanix/selection.ts';
import { MAPPINGS } from '../helpers/runtime/runtime.ts';
import { link } from '../unit/core/catalog/data.ts';
import type { Size } from './types.ts';

/** Processor time in milliseconds: parsing the pages, and matching and planning with their content. */
export type Planning = { size: Size; parsing: number; planning: number };

const TENANT = 'tenant.example.com';
const TAG: Tag = { id: 'tag-1', name: 'CPI-Managed', group: null };

/** Parses pages as LeanIX sends them, matches all iFlows, and plans for each. Nothing is sent or stored. */
export function measurePlanning(size: Size): Planning {
  const pages = pagesOf(size);
  const list = Array.from({ length: size.iflows }, (_, index) => iflowOf(index));
  // As they come from the database.
  const iflows = JSON.parse(JSON.stringify(list)) as IFlow[];
  const times = Array.from({ length: 12 }, () => once(size, iflows, pages));
  // In the first rounds, the code is not compiled yet. The median of the other rounds counts.
  const compiled = times.slice(3).sort((a, b) => a.planning / a.parsing - b.planning / b.parsing);
  return compiled[4]!;
}

function once(size: Size, iflows: IFlow[], pages: readonly Buffer[]): Planning {
  let since = process.cpuUsage();
  const lap = () => {
    const { user, system } = process.cpuUsage(since);
    since = process.cpuUsage();
    return (user + system) / 1000;
  };
  const index = createIndex(iflows, new Map(), { tenantHost: TENANT, factSheetType: 'Interface', hasExternalId: true });
  let planning = lap();
  let parsing = 0;
  for (const page of pages) {
    const { data } = JSON.parse(page.toString()) as { data: { page: { edges: { node: unknown }[] } } };
    const sheets = data.page.edges.map(({ node }) => toFactSheet(node)!);
    parsing += lap();
    index.add(sheets);
    planning += lap();
  }
  const results = index.result();
  for (const iflow of iflows) plan(iflow, link(), results.get(iflow.ID)!.factSheet, RULES);
  return { size, parsing, planning: planning + lap() };
}

const RULES: Rules = {
  factSheetType: 'Interface',
  tenantHost: TENANT,
  hasExternalId: true,
  mappings: MAPPINGS.map((row) => ({ ...row, writeMode: 'always' })),
  category: 'api',
  defaultTags: [TAG],
  library: [TAG],
  fields: new Map([
    ['release', { name: 'release', type: 'STRING', values: [] }],
    ['category', { name: 'category', type: 'SINGLE_SELECT', values: [{ key: 'api', label: 'API' }] }],
  ]),
  refusedPaths: new Map(),
  now: new Date().toISOString(),
};

function iflowOf(index: number): IFlow {
  const artifactId = `Scaled_Flow_${String(index).padStart(5, '0')}`;
  return {
    ...{ ID: crypto.randomUUID(), artifactId, name: artifactId.replaceAll('_', ' '), version: '1.0.0' },
    ...{ description: `Moves the data of ${artifactId}.`, packageId: 'Package0001', packageName: 'Package 0001' },
    ...{
      type: 'INTEGRATION_FLOW',
      status: 'Started',
      sender: null,
      receiver: null,
      deployedBy: null,
      deployedOn: null,
    },
  };
}

/** Half of the iFlows are among the fact sheets. */
function pagesOf({ iflows, factSheets }: Size): Buffer[] {
  const nodes = Array.from({ length: factSheets }, (_, index) => {
    const { name, artifactId } = iflowOf(index);
    const known = index < iflows / 2;
    return {
      ...{ id: crypto.randomUUID(), name: known ? name : `Dealer Portal Export ${index} (IDoc)`, type: 'Interface' },
      ...{ status: 'ACTIVE', rev: 3, tags: [{ id: 'tag-1' }], category: 'api', release: '1.0.0' },
      externalId: known ? { externalId: externalIdOf(TENANT, artifactId) } : null,
    } satisfies Partial<Record<keyof FactSheet | 'tags' | 'category' | 'release', unknown>>;
  });
  return Array.from({ length: Math.ceil(nodes.length / 1000) }, (_, page) => {
    const edges = nodes.slice(page * 1000, (page + 1) * 1000).map((node) => ({ node }));
    const text = JSON.stringify({ data: { page: { pageInfo: { hasNextPage: true, endCursor: 'next' }, edges } } });
    return Buffer.from(text);
  });
}
