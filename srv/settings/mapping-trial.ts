import { IFlows } from '#cds-models/leanix';
import { plan } from '../core/catalog/plan.ts';
import { isAboutOne } from '../core/catalog/refusal-words.ts';
import { findDefaultTags } from '../core/catalog/tags.ts';
import type { IFlow, Patch, Rules, Tag, Warning } from '../core/catalog/types.ts';
import { createSample, idOf, probe, uniqueName, updateSample, type Kind, type Target } from '../catalog/probe.ts';
import { readEntries, toLink } from '../catalog/rows.ts';
import type { ConfigRow } from '../runs/connection.ts';
import { inTransaction } from '../base/transaction.ts';
import type { Mutation, TypeModel } from '../leanix/client.ts';

/** A row of the mapping; `iflowField` is null for what is written without rows. */
export type Row = { iflowField: string | null; leanixPath: string };

/**
 * LeanIX's verdict on what a run would write: the rows that it refuses, with its message, and those that cannot be
 * filled. Also why it refuses every create or every update: null if it does not, undefined if this was not checked.
 */
export type Trial = {
  rows: (Row & { reason: string })[];
  warnings: (Row & { warning: Warning })[];
  creates: string | null;
  updates: string | null | undefined;
};

/** For the description, which is written if nothing is mapped. */
const NO_ROW: Row = { iflowField: null, leanixPath: '/description' };

const DESCRIPTION: Patch = { op: 'replace', path: '/description', value: 'Connection test' };

/** The same for a connection test, with the values of any iFlow, if there is one. */
export async function tryMapping(
  target: Target,
  config: ConfigRow,
  type: TypeModel,
  library: Tag[],
  factSheetId: string | null,
): Promise<Trial> {
  const iflow = await inTransaction(() => findIFlow(config.ID, null));
  const rules: Rules = {
    factSheetType: type.name,
    tenantHost: '',
    hasExternalId: type.hasExternalId,
    mappings: config.mappings,
    category: null,
    defaultTags: findDefaultTags(config.defaultTags, library, type.name).tags,
    library,
    fields: type.fields,
    refusedPaths: new Map(),
    now: new Date().toISOString(),
  };
  return tryRules(target, rules, iflow, factSheetId);
}

/**
 * Lets LeanIX check what would be written for one iFlow, without writing.
 * @param iflow with the values to check; without one, only checks whether anything can be written
 * @param factSheetId of a fact sheet for which updates are checked. If creates are refused and it is null, the rows are
 * checked with any fact sheet of the type
 */
export async function tryRules(
  target: Target,
  rules: Rules,
  iflow: IFlow | null,
  factSheetId: string | null,
): Promise<Trial> {
  const rows = iflow ? rowsOf(rules, iflow) : [];
  const warnings = rows.flatMap(({ row, warnings: found }) => found.map((warning) => ({ ...row, warning })));
  const filled = rows.filter(({ patches }) => patches.length);
  const name = iflow?.name ?? 'Connection test';
  const create = (key: string, patches: Patch[]) => createSample(key, uniqueName(name), rules.factSheetType, patches);
  const creates = [
    { path: '', mutation: create('create', []) },
    ...filled.map(({ row, patches }, n) => ({ path: row.leanixPath, mutation: create(`create ${n}`, patches) })),
  ];
  // Every type has a description.
  const update = (id: string) => ({ path: '/description', mutation: updateSample('update', id, [DESCRIPTION]) });
  const updatesOf = (id: string) =>
    filled.map(({ row, patches }, n) => ({
      path: row.leanixPath,
      mutation: updateSample(`update ${n}`, id, patches.map(asUpdate)),
    }));
  const whole = new Map<Kind, Mutation[]>();
  if (iflow) whole.set('create', [create('whole', plan(iflow, toLink(null), null, rules).patches)]);

  const samples = [...creates, ...(factSheetId ? [update(factSheetId)] : [])];
  let { failed, kinds } = await probe(target, samples, whole);
  let asked = factSheetId !== null;
  let tried = samples;
  if (kinds.has('create') && !asked) {
    const any = await anyFactSheet(target);
    if (any) {
      tried = [update(any), ...updatesOf(any)];
      asked = true;
      const answers = await probe(target, tried, new Map());
      failed = answers.failed;
      kinds = new Map([...kinds, ...answers.kinds]);
    }
  }
  const refused = tried.flatMap(({ mutation }) => {
    const reason = failed.get(mutation.key);
    const row = filled[Number(mutation.key.split(' ')[1])]?.row;
    return row && reason && !kinds.has(mutation.kind) && !isAboutOne(reason, idOf(mutation))
      ? [{ ...row, reason: reason.message }]
      : [];
  });
  return {
    rows: refused,
    warnings,
    creates: kinds.get('create')?.message ?? null,
    updates: asked ? (kinds.get('update')?.message ?? null) : undefined,
  };
}

/** The iFlow of this artifact ID, else the first one; null if there is none. In the caller's transaction. */
export async function findIFlow(config_ID: string, artifactId: string | null): Promise<IFlow | null> {
  const found = await SELECT.one
    .from(IFlows)
    .columns('ID')
    .where(artifactId ? { config_ID, artifactId } : { config_ID })
    .orderBy('artifactId');
  if (!found) return null;
  const [entry] = await readEntries(config_ID, [found.ID!]);
  return entry!.iflow;
}

function rowsOf(rules: Rules, iflow: IFlow): { row: Row; patches: Patch[]; warnings: Warning[] }[] {
  const alone = { ...rules, category: null, defaultTags: [] };
  const rows = rules.mappings.length ? rules.mappings : [NO_ROW];
  return rows.map((row) => {
    const mappings = rules.mappings.filter((each) => each === row);
    const { patches, warnings } = plan(iflow, toLink(null), null, { ...alone, mappings });
    return {
      row: { iflowField: row.iflowField, leanixPath: row.leanixPath },
      patches: patches.filter(({ path }) => path === row.leanixPath),
      warnings,
    };
  });
}

/** Tags are added to an existing fact sheet; all other values are replaced. */
function asUpdate(patch: Patch): Patch {
  return patch.path === '/tags' ? patch : { ...patch, op: 'replace' };
}

async function anyFactSheet({ client, factSheetType }: Target): Promise<string | null> {
  for await (const [first] of client.pages(factSheetType, {})) if (first) return first.id;
  return null;
}
