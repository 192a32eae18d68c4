import { randomUUID } from 'node:crypto';
import { RefusedPaths } from '#cds-models/leanix';
import type { FieldsToRead } from '../catalog/plan.ts';
import type { Patch } from '../catalog/types.ts';
import type { Mutation } from '../leanix/client.ts';
import { RunProblem } from './outcome.ts';
import type { Item } from './planning.ts';
import { inTransaction } from './transaction.ts';
import type { Workspace } from './workspace.ts';

/** Nothing of the fact sheets need come back. */
const NOTHING: FieldsToRead = { description: false, tags: false, externalId: false, displayName: false, names: [] };

/** Values of one path that are tried: one wrong value must not put a whole path out. */
const SAMPLES = 3;

/**
 * Asks LeanIX, without writing, which paths it refuses for the type: one request if it refuses none.
 * @returns LeanIX's reason by path
 * @throws RunProblem TOKEN_READ_ONLY
 */
export async function findRefusals(workspace: Workspace, items: readonly Item[]): Promise<Map<string, string>> {
  const samples = samplesOf(workspace, items);
  const failed = await tryOut(workspace, samples);
  const paths = new Set(samples.map(({ path }) => path));
  const refused = [...paths].flatMap((path): [string, string][] => {
    const reasons = samples.filter((sample) => sample.path === path).map(({ mutation }) => failed.get(mutation.key));
    return reasons.every((reason) => reason !== undefined) ? [[path, reasons[0]!]] : [];
  });
  return new Map(refused);
}

/**
 * Sends mutations with `validateOnly`. LeanIX may report one failure at a time: what failed is taken out and the rest
 * tried again.
 * @returns LeanIX's reason by key of a mutation that it refuses
 */
export async function tryOut(
  { client, factSheetType, signal }: Workspace,
  samples: readonly { mutation: Mutation }[],
): Promise<Map<string, string>> {
  const failed = new Map<string, string>();
  let rest = samples.map(({ mutation }) => mutation);
  while (rest.length) {
    // eslint-disable-next-line no-await-in-loop -- each request depends on what the last one refused
    const result = await client.write(rest, { type: factSheetType, fields: NOTHING, validateOnly: true, signal });
    if (result.ok) break;
    const denied = result.failures.find(({ message }) => /no permission/i.test(message));
    if (denied) throw new RunProblem('TOKEN_READ_ONLY', denied.message);
    const named = result.failures.filter(({ key }) => key !== null);
    if (!named.length) throw new RunProblem('LEANIX_REFUSED', result.failures[0]?.message ?? '');
    // Somebody edited the fact sheet meanwhile: that says nothing about the path.
    for (const { key, code, message } of named) if (code !== 'REVISION_CLASH') failed.set(key!, message);
    rest = rest.filter(({ key }) => !named.some((failure) => failure.key === key));
    // A path that the type does not have need not be tried with other values.
    const lost = rest.filter(({ patches }) => named.some(({ message }) => isAboutPath(message, patches)));
    for (const { key, patches } of lost)
      failed.set(key, named.find((one) => isAboutPath(one.message, patches))!.message);
    rest = rest.filter((mutation) => !lost.includes(mutation));
  }
  return failed;
}

/** LeanIX says "The path '/x' is invalid in FactSheet schema Y."; the words are known from its documentation only. */
function isAboutPath(message: string, patches: readonly Patch[]): boolean {
  return patches.some(({ path }) => message.includes(`path '${path}' is invalid`));
}

/** Keeps what LeanIX refuses now, so that the next run need not ask if it has nothing else to write. */
export async function storeRefusals(workspace: Workspace, refused: ReadonlyMap<string, string>): Promise<void> {
  const { config, factSheetType } = workspace;
  const rows = [...refused].map(([path, reason]) => ({ config_ID: config.ID, factSheetType, path, reason }));
  await inTransaction(async () => {
    await DELETE.from(RefusedPaths).where({ config_ID: config.ID, factSheetType });
    if (rows.length) await INSERT.into(RefusedPaths).entries(rows);
  });
}

function samplesOf(workspace: Workspace, items: readonly Item[]) {
  const samples = new Map<string, { path: string; mutation: Mutation }[]>();
  const values = new Map<string, Set<string>>();
  for (const item of items) {
    if (item.factSheet && item.factSheet.type !== workspace.factSheetType) continue;
    for (const patch of item.plan.patches) {
      const seen = values.get(patch.path) ?? new Set();
      if (seen.size >= SAMPLES || seen.has(patch.value ?? '')) continue;
      values.set(patch.path, seen.add(patch.value ?? ''));
      const key = `${patch.path}#${seen.size}`;
      const mutation = sampleOf(workspace, item, patch, key);
      samples.set(patch.path, [...(samples.get(patch.path) ?? []), { path: patch.path, mutation }]);
    }
  }
  return [...samples.values()].flat();
}

function sampleOf(workspace: Workspace, { factSheet, plan }: Item, patch: Patch, key: string): Mutation {
  if (factSheet) return { key, kind: 'update', id: factSheet.id, rev: factSheet.rev, patches: [patch] };
  // Names may have to be unique: this one is.
  return createSample(key, `${plan.name} ${randomUUID()}`, workspace.factSheetType, [patch]);
}

export function createSample(key: string, name: string, type: string, patches: Patch[]): Mutation {
  return { key, kind: 'create', name, type, patches };
}
