import { randomUUID } from 'node:crypto';
import type { FieldsToRead } from '../core/catalog/plan.ts';
import type { Patch } from '../core/catalog/types.ts';
import type { Failure, Mutation } from '../leanix/client.ts';
import { RunProblem } from '../base/outcome.ts';
import type { Item } from './planning.ts';
import { engineSettings } from '../runs/settings.ts';
import type { Workspace } from './workspace.ts';

/** Nothing of the fact sheets need come back. */
const NOTHING: FieldsToRead = { description: false, tags: false, externalId: false, displayName: false, names: [] };

/** Values of one path that are tried: one wrong value must not put a whole path out. */
const SAMPLES = 3;

/** LeanIX's code for what is wrong with one fact sheet beside others, such as a name that is taken: no path is to blame. */
const ONE_ONLY = 'CONSTRAINT_VIOLATION';

/** Why LeanIX refuses a mutation: its code and its message. */
type Reason = Pick<Failure, 'code' | 'message'>;

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
    const reasons = samples
      .filter((sample) => sample.path === path)
      .map(({ mutation }) => failed.get(mutation.key))
      .filter((reason) => reason?.code !== ONE_ONLY);
    const [first] = reasons;
    return first && reasons.every((reason) => reason !== undefined) ? [[path, first.message]] : [];
  });
  return new Map(refused);
}

/**
 * Sends mutations with `validateOnly`. LeanIX may report one failure at a time: what failed is taken out and the rest
 * tried again; where it names none, in halves.
 * @returns LeanIX's reason by key of a mutation that it refuses
 * @throws RunProblem TOKEN_READ_ONLY
 */
export async function tryOut(
  { client, factSheetType, signal }: Workspace,
  samples: readonly { mutation: Mutation }[],
): Promise<Map<string, Reason>> {
  const failed = new Map<string, Reason>();
  const open = [samples.map(({ mutation }) => mutation)];
  const { batchSize } = engineSettings();
  for (let part = open.shift(); part; part = open.shift()) {
    if (part.length > batchSize) {
      open.unshift(part.slice(0, batchSize), part.slice(batchSize));
      continue;
    }
    if (!part.length) continue;
    // eslint-disable-next-line no-await-in-loop -- each request depends on what the last one refused
    const result = await client.write(part, { type: factSheetType, fields: NOTHING, validateOnly: true, signal });
    if (result.ok) continue;
    const denied = result.failures.find(({ message }) => /no permission/i.test(message));
    if (denied) throw new RunProblem('TOKEN_READ_ONLY', denied.message);
    const reasons = refusedOf(part, result.failures);
    for (const [key, reason] of reasons) failed.set(key, reason);
    const rest = part.filter(({ key }) => !reasons.has(key));
    const middle = reasons.size ? rest.length : Math.ceil(rest.length / 2);
    open.unshift(rest.slice(0, middle), rest.slice(middle));
  }
  return failed;
}

/** What one answer says: of the mutations that it names, of the only one, and of others to a path that does not exist. */
function refusedOf(part: readonly Mutation[], failures: readonly Failure[]): Map<string, Reason> {
  const [only] = part.length === 1 ? part : [];
  const reasons = new Map<string, Reason>();
  for (const { key, code, message } of failures) {
    const named = key ?? only?.key;
    if (named !== undefined) reasons.set(named, { code, message });
    const alike = part.filter(({ patches }) => isAboutPath(message, patches));
    for (const mutation of alike) reasons.set(mutation.key, { code, message });
  }
  return reasons;
}

/** LeanIX says "The path '/x' is invalid in FactSheet schema Y."; the words are known from its documentation only. */
function isAboutPath(message: string, patches: readonly Patch[]): boolean {
  return patches.some(({ path }) => message.includes(`path '${path}' is invalid`));
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

/** Without `rev`: several samples may be of the same fact sheet, and nothing is written. */
function sampleOf(workspace: Workspace, { factSheet, plan }: Item, patch: Patch, key: string): Mutation {
  if (factSheet) return { key, kind: 'update', id: factSheet.id, rev: null, patches: [patch] };
  // Names may have to be unique: this one is.
  return createSample(key, `${plan.name} ${randomUUID()}`, workspace.factSheetType, [patch]);
}

export function createSample(key: string, name: string, type: string, patches: Patch[]): Mutation {
  return { key, kind: 'create', name, type, patches };
}
