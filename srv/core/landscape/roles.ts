import type { Channel, Facts, Pattern, Role } from './types.ts';

const isOutside = ({ kind }: Channel) => kind !== 'internal';
/** Channels that start a message. A poll enricher only reads on the way. */
const isStart = ({ direction, access }: Channel) => direction === 'inbound' && access !== 'read';

/** Reads and other calls to the outside, without auxiliary ones. */
function outsideOf(channels: readonly Channel[]) {
  const used = channels.filter((channel) => isOutside(channel) && !channel.auxiliary && !isStart(channel));
  return {
    reads: used.filter(({ access }) => access === 'read'),
    others: used.filter(({ access }) => access !== 'read'),
  };
}

/**
 * The role of an iFlow in the architecture: an entry is started from outside or by a timer, a segment leads from
 * another iFlow to the outside, a helper stays in the tenant.
 */
export function roleOf({ channels, timer }: Facts): Role {
  const starts = channels.filter(isStart);
  if (timer || starts.some(isOutside)) return 'entry';
  if (!starts.length) return 'unconnected';
  const { reads, others } = outsideOf(channels);
  return reads.length + others.length ? 'segment' : 'helper';
}

/** How data moves through the iFlow; null if nothing starts it. */
export function patternOf(facts: Facts): Pattern | null {
  const role = roleOf(facts);
  if (role === 'unconnected') return null;
  if (role !== 'entry') return 'internal';
  const starts = facts.channels.filter((channel) => isStart(channel) && isOutside(channel));
  if (facts.timer) return starts.length ? 'mixed' : 'scheduled';
  const { reads, others } = outsideOf(facts.channels);
  if (!reads.length) return 'push';
  const polled = starts.every(({ access }) => access === 'poll');
  return others.length || polled ? 'mixed' : 'facade';
}
