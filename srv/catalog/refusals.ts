import { isAboutOne, isDenied, namesPath, sameWords, wordsOf } from '../core/catalog/refusal-words.ts';
import type { Patch } from '../core/catalog/types.ts';
import type { Mutation } from '../leanix/client.ts';
import { RunProblem } from '../base/outcome.ts';
import type { Item } from './journal.ts';
import {
  createSample,
  idOf,
  probe,
  refusalOf,
  rulesOut,
  uniqueName,
  updateSample,
  type Answers,
  type Kind,
  type Reason,
  type Sample,
  type Target,
} from './probe.ts';

/** Values to try per path, so that one wrong value does not rule out a path. */
const SAMPLES = 3;

/**
 * Asks LeanIX what it refuses of the plan, without writing: one request if it refuses nothing.
 * @returns `paths`: the message of LeanIX by path; the others as for `probe`
 */
export async function findRefusals(
  target: Target,
  items: readonly Item[],
): Promise<Pick<Answers, 'kinds' | 'accepted'> & { paths: Map<string, string> }> {
  const samples = samplesOf(target, items);
  const planned = items.filter(({ status }) => status === 'planned');
  const whole = new Map(
    [...Map.groupBy(planned, kindOf)].map(([kind, ofKind]) => [
      kind,
      ofKind.slice(0, SAMPLES).map((item) => sampleOf(target.factSheetType, item, item.plan.patches, 'whole')),
    ]),
  );
  const { failed, kinds, accepted } = await probe(target, samples, whole);
  const reasonOf = ({ mutation }: Sample) => {
    const reason = failed.get(mutation.key);
    return reason && !isAboutOne(reason, idOf(mutation)) ? reason.message : undefined;
  };
  const paths = new Map<string, string>();
  const tried = samples.filter(({ mutation }) => !kinds.has(mutation.kind));
  for (const [path, ofPath] of Map.groupBy(tried, (sample) => sample.path)) {
    const reasons = ofPath.map(reasonOf);
    // A permission may be missing for updates only.
    const ruledOut = reasons.find((reason) => reason !== undefined && rulesOut(reason, path));
    const reason = ruledOut ?? (reasons.includes(undefined) ? undefined : reasons[0]);
    if (reason !== undefined) paths.set(path, reason);
  }
  return { paths, kinds, accepted };
}

/**
 * Ends a run that cannot write anything.
 * @param wanted the kinds of mutations that the run needs
 * @param role of the token, if known
 * @throws RunProblem TOKEN_READ_ONLY for missing permissions, WRITES_REFUSED for any other reason
 */
export function assertWritable(kinds: ReadonlyMap<Kind, Reason>, wanted: ReadonlySet<Kind>, role: string | null): void {
  const reasons = [...wanted].map((kind) => kinds.get(kind));
  const [first] = reasons;
  if (!first || reasons.includes(undefined)) return;
  const other = reasons.find((reason) => !isDenied(reason!.message));
  if (other) throw new RunProblem('WRITES_REFUSED', other.message);
  // A user without permission to create may still be allowed to update.
  if (role === 'VIEWER' || wanted.size > 1) throw new RunProblem('TOKEN_READ_ONLY', first.message);
}

/**
 * Watches refusals while a run writes. If two fact sheets are refused with the same message, it checks whether LeanIX
 * still accepts an accepted mutation.
 * @param accepted a mutation of each kind that LeanIX accepted before
 * @returns a function that tells whether LeanIX now refuses every mutation of that kind
 */
export function watchRefusals(
  target: Target,
  accepted: ReadonlyMap<Kind, Mutation>,
): (mutation: Mutation, reason: Reason) => Promise<boolean> {
  const heard = new Map<string, 'once' | 'ofOne'>();
  return async (mutation, reason) => {
    const words = wordsOf(reason.message);
    const known = accepted.get(mutation.kind);
    const named = mutation.patches.some(({ path }) => namesPath(reason.message, path));
    if (!known || named || isAboutOne(reason, idOf(mutation)) || heard.get(words) === 'ofOne') return false;
    const before = heard.get(words);
    heard.set(words, 'once');
    if (!before) return false;
    const now = await refusalOf(target, known);
    if (now && sameWords(now.message, reason.message)) return true;
    heard.set(words, 'ofOne');
    return false;
  };
}

function samplesOf({ factSheetType }: Target, items: readonly Item[]): Sample[] {
  const samples: Sample[] = [];
  const values = new Map<string, { seen: Set<string>; kinds: Set<Kind> }>();
  for (const item of items) {
    if (item.status !== 'planned' || (item.factSheet && item.factSheet.type !== factSheetType)) continue;
    const kind = kindOf(item);
    for (const patch of item.plan.patches) {
      const { seen, kinds } = values.get(patch.path) ?? { seen: new Set(), kinds: new Set() };
      if (kinds.has(kind) && (seen.size >= SAMPLES || seen.has(patch.value ?? ''))) continue;
      values.set(patch.path, { seen: seen.add(patch.value ?? ''), kinds: kinds.add(kind) });
      samples.push({
        path: patch.path,
        mutation: sampleOf(factSheetType, item, [patch], `${patch.path}#${samples.length}`),
      });
    }
  }
  return samples;
}

/** Whether an item creates or updates. */
export const kindOf = ({ factSheet }: Pick<Item, 'factSheet'>): Kind => (factSheet ? 'update' : 'create');

function sampleOf(type: string, { factSheet, plan }: Item, patches: Patch[], key: string): Mutation {
  if (factSheet) return updateSample(key, factSheet.id, patches);
  return createSample(key, uniqueName(plan.name ?? ''), type, patches);
}
