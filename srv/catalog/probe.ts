import { randomUUID } from 'node:crypto';
import type { FieldsToRead } from '../core/catalog/plan.ts';
import { isAboutOne, isDenied, namesPath, sameWords, wordsOf } from '../core/catalog/refusal-words.ts';
import type { Patch } from '../core/catalog/types.ts';
import type { Failure, Mutation } from '../leanix/client.ts';
import { engineSettings } from '../runs/settings.ts';
import type { Workspace } from './workspace.ts';

/** The answer needs no data of the fact sheets. */
const NOTHING: FieldsToRead = { description: false, tags: false, externalId: false, displayName: false, names: [] };

/** Whether a mutation creates or updates. */
export type Kind = Mutation['kind'];

/** Why LeanIX refuses a mutation: its code and its message. */
export type Reason = Pick<Failure, 'code' | 'message'>;

/** A mutation that is only checked, to learn about one path. */
export type Sample = { path: string; mutation: Mutation };

/**
 * The verdict on samples: refused ones by key, kinds of mutations that are always refused, and one accepted mutation of
 * each kind.
 */
export type Answers = { failed: Map<string, Reason>; kinds: Map<Kind, Reason>; accepted: Map<Kind, Mutation> };

/** The workspace in which mutations are checked. */
export type Target = Pick<Workspace, 'client' | 'factSheetType' | 'signal'>;

/**
 * Separates paths that LeanIX refuses from mutations that it refuses anyway. A vague refusal counts against the path
 * only if the mutation without patches is accepted. Otherwise the whole mutation decides whether all of its kind are
 * refused. A path that is accepted in a whole mutation is not refused: a workspace may have mandatory fields.
 * @param whole a few complete mutations of each kind
 */
export async function probe(
  target: Target,
  samples: readonly Sample[],
  whole: ReadonlyMap<Kind, readonly Mutation[]>,
): Promise<Answers> {
  const kinds = new Map<Kind, Reason>();
  /** Whole mutations that LeanIX accepts. */
  const taken = new Map<Kind, Mutation>();
  /** Kinds whose refusals concern the path, except those with this text. */
  const settled = new Map<Kind, string | null>();
  const open = () => samples.filter(({ mutation }) => !kinds.has(mutation.kind));
  const isTaken = ({ path, mutation: { kind } }: Sample) =>
    taken.get(kind)?.patches.some((patch) => patch.path === path) ?? false;
  const isExcused = (sample: Sample, reason: Reason) =>
    settled.get(sample.mutation.kind) === wordsOf(reason.message) || (isVague(sample, reason) && isTaken(sample));
  const judge = async (sample: Sample, reason: Reason) => {
    const { kind } = sample.mutation;
    const bare = await refusalOf(target, bareOf(target, sample.mutation));
    const isRefusedBare = bare !== null && sameWords(bare.message, reason.message);
    const all = taken.has(kind) ? null : await judgeWhole(target, whole.get(kind) ?? [], reason);
    if (all) taken.set(kind, all);
    if (all === undefined && (isRefusedBare || (bare && !(await helpsToLeaveOut(target, sample, whole))))) {
      kinds.set(kind, reason);
    } else settled.set(kind, isRefusedBare ? wordsOf(reason.message) : (settled.get(kind) ?? null));
  };

  let failed: Map<string, Reason>;
  /* eslint-disable no-await-in-loop -- each question depends on the last answer */
  for (;;) {
    const isDoubtful = (sample: Sample, reason: Reason) =>
      !settled.has(sample.mutation.kind) && isVague(sample, reason);
    failed = await tryOut(target, open(), isDoubtful);
    const doubtful = open().find((sample) => {
      const reason = failed.get(sample.mutation.key);
      return reason && isDoubtful(sample, reason);
    });
    if (!doubtful) break;
    await judge(doubtful, failed.get(doubtful.mutation.key)!);
  }
  for (const kind of settled.keys()) {
    const ofKind = open().filter(({ mutation }) => mutation.kind === kind);
    const vague = ofKind.find((sample) => {
      const reason = failed.get(sample.mutation.key);
      return reason && isVague(sample, reason) && !isExcused(sample, reason);
    });
    if (!vague) continue;
    const reason = failed.get(vague.mutation.key)!;
    const saysSo = ({ mutation }: Sample) => sameWords(failed.get(mutation.key)?.message ?? '', reason.message);
    if (new Set(ofKind.map(({ path }) => path)).size > 1 && ofKind.every(saysSo)) kinds.set(kind, reason);
    else await judge(vague, reason);
  }
  /* eslint-enable no-await-in-loop */
  const accepted = new Map<Kind, Mutation>();
  for (const sample of open()) {
    const { key, kind } = sample.mutation;
    const reason = failed.get(key);
    if (!reason) accepted.set(kind, sample.mutation);
    else if (isExcused(sample, reason)) failed.delete(key);
  }
  for (const [kind, mutation] of taken) if (!kinds.has(kind)) accepted.set(kind, mutation);
  return { failed, kinds, accepted };
}

/** Whether LeanIX accepts a whole mutation without the path of the sample. */
async function helpsToLeaveOut(
  target: Target,
  { path, mutation }: Sample,
  whole: ReadonlyMap<Kind, readonly Mutation[]>,
): Promise<boolean> {
  const [first] = whole.get(mutation.kind) ?? [];
  if (!first) return true;
  const patches = first.patches.filter((patch) => patch.path !== path);
  return (await refusalOf(target, { ...first, patches })) === null;
}

/**
 * Checks whole mutations until LeanIX accepts one, or refuses one for the given reason. Paths that it rules out are
 * left out.
 * @returns the accepted mutation; undefined if LeanIX gave the reason or there is no mutation; else null
 */
async function judgeWhole(
  target: Target,
  whole: readonly Mutation[],
  { message }: Reason,
): Promise<Mutation | null | undefined> {
  const open = [...whole];
  for (let mutation = open.shift(); mutation; mutation = open.shift()) {
    // eslint-disable-next-line no-await-in-loop -- mostly the first one decides
    const refusal = await refusalOf(target, mutation);
    if (!refusal) return mutation;
    if (sameWords(refusal.message, message)) return undefined;
    const patches = mutation.patches.filter(({ path }) => !rulesOut(refusal.message, path));
    if (patches.length < mutation.patches.length) open.unshift({ ...mutation, patches });
  }
  return whole.length ? null : undefined;
}

function isVague({ path, mutation }: Sample, reason: Reason): boolean {
  return !isAboutOne(reason, idOf(mutation)) && !namesPath(reason.message, path);
}

function bareOf({ factSheetType }: Target, mutation: Mutation): Mutation {
  if (mutation.kind === 'update') return updateSample('bare', mutation.id, []);
  return createSample('bare', uniqueName(mutation.name), factSheetType, []);
}

/** Checks one mutation. @returns why LeanIX refuses it, else null */
export async function refusalOf(target: Target, mutation: Mutation): Promise<Reason | null> {
  return (await tryOut(target, [{ path: '', mutation }])).get(mutation.key) ?? null;
}

/**
 * Sends mutations with `validateOnly`. LeanIX may report one failure at a time, so failed ones are taken out and the
 * rest is tried again; if it names none, in halves.
 * @param until ends it early, after a refusal that makes the rest pointless
 * @returns LeanIX's reason by key of a refused mutation
 */
export async function tryOut(
  { client, factSheetType, signal }: Target,
  samples: readonly Sample[],
  until: (sample: Sample, reason: Reason) => boolean = () => false,
): Promise<Map<string, Reason>> {
  const failed = new Map<string, Reason>();
  const open: Sample[][] = [[...samples]];
  const { batchSize } = engineSettings();
  for (let part = open.shift(); part; part = open.shift()) {
    if (part.length > batchSize) {
      open.unshift(part.slice(0, batchSize), part.slice(batchSize));
      continue;
    }
    if (!part.length) continue;
    const mutations = part.map(({ mutation }) => mutation);
    // eslint-disable-next-line no-await-in-loop -- each request depends on what the last one refused
    const result = await client.write(mutations, {
      type: factSheetType,
      fields: NOTHING,
      validateOnly: true,
      signal,
    });
    if (result.ok) continue;
    const reasons = refusedOf(part, result.failures);
    for (const [key, reason] of reasons) failed.set(key, reason);
    const isEnough = (sample: Sample) => {
      const reason = reasons.get(sample.mutation.key);
      return reason !== undefined && until(sample, reason);
    };
    if (part.some(isEnough)) break;
    const rest = part.filter(({ mutation }) => !reasons.has(mutation.key));
    const middle = reasons.size ? rest.length : Math.ceil(rest.length / 2);
    open.unshift(rest.slice(0, middle), rest.slice(middle));
  }
  return failed;
}

/** The refusals in one answer, also for other mutations whose path it rules out. */
function refusedOf(part: readonly Sample[], failures: readonly Failure[]): Map<string, Reason> {
  const [only] = part.length === 1 ? part : [];
  const reasons = new Map<string, Reason>();
  for (const { key, code, message } of failures) {
    const named = key ?? only?.mutation.key;
    if (named !== undefined) reasons.set(named, { code, message });
    const alike = part.filter(({ path }) => path && rulesOut(message, path));
    for (const { mutation } of alike) reasons.set(mutation.key, { code, message });
  }
  return reasons;
}

/**
 * Whether a path is refused regardless of its value. The wording of LeanIX is known only from its documentation. A
 * missing permission applies to all values too.
 */
export function rulesOut(message: string, path: string): boolean {
  return message.includes(`path '${path}' is invalid`) || (isDenied(message) && namesPath(message, path));
}

/** A name that no fact sheet has, since names may have to be unique. */
export function uniqueName(name: string): string {
  return `${name} ${randomUUID()}`;
}

export function createSample(key: string, name: string, type: string, patches: Patch[]): Mutation {
  return { key, kind: 'create', name, type, patches };
}

/** Without `rev`: several samples may concern the same fact sheet, and nothing is written. */
export function updateSample(key: string, id: string, patches: Patch[]): Mutation {
  return { key, kind: 'update', id, rev: null, patches };
}

/** The ID of the fact sheet of a mutation; undefined for a create. */
export function idOf(mutation: Mutation): string | undefined {
  return mutation.kind === 'update' ? mutation.id : undefined;
}
