import { patternOf } from './roles.ts';
import type { Certainty, Channel, Facts } from './types.ts';

/** A channel with the key of its system; null if no system is known. */
export type Placed = { channel: Channel; system: string | null };

/** The systems from which and to which data flows. `source` is null if there is none or more than one. */
export type Flow = {
  source: string | null;
  /** All systems that could be the source. */
  candidates: string[];
  targets: string[];
  certainty: Certainty | null;
};

export type ProviderRule = 'source' | 'owner';

const distinct = (placed: readonly Placed[]) => [...new Set(placed.flatMap(({ system }) => system ?? []))];

/**
 * Finds source and targets of the data. A push comes from its sender; what it reads on the way is only looked up. A
 * façade answers its sender with what it reads. A timer moves what it reads to the other systems.
 */
export function flowOf(facts: Omit<Facts, 'channels'>, placed: readonly Placed[]): Flow {
  const pattern = patternOf({ ...facts, channels: placed.map(({ channel }) => channel) });
  const outside = placed.filter(({ channel }) => channel.kind !== 'internal' && !channel.auxiliary);
  const of = (test: (channel: Channel) => boolean) => outside.filter(({ channel }) => test(channel));
  const senders = of(({ direction, access }) => direction === 'inbound' && access !== 'read');
  const reads = of(({ access }) => access === 'read');
  const others = of(({ direction, access }) => direction === 'outbound' && access !== 'read');
  const [from, to] =
    pattern === 'facade' ? [reads, senders] : pattern === 'scheduled' ? [reads, others] : [senders, others];
  const candidates = distinct(from);
  const source = candidates.length === 1 ? candidates[0]! : null;
  const targets = distinct(to).filter((system) => system !== source);
  if (!candidates.length && !targets.length) return { source, candidates, targets, certainty: null };
  const known = source !== null && from.every(({ system }) => system !== null) && targets.length > 0;
  const isSure = known && (pattern === 'push' || pattern === 'scheduled');
  return { source, candidates, targets, certainty: isSure ? 'sure' : 'proposed' };
}

/**
 * Finds provider and consumers of the interface. With `source`, the provider is the source of the data; with `owner`,
 * it is the system whose API is called, which for a push is its only target.
 */
export function partiesOf(
  flow: Flow,
  rule: ProviderRule,
  isPush: boolean,
): { provider: string | null; consumers: string[] } {
  const { source, targets } = flow;
  if (rule === 'source' || !isPush) return { provider: source, consumers: targets };
  const [owner, second] = targets;
  if (!owner || second) return { provider: null, consumers: source ? [source] : [] };
  return { provider: owner, consumers: source ? [source] : [] };
}
