import { isProduct } from './adapters.ts';
import { isGeneric, normalName } from './names.ts';
import type { Channel } from './types.ts';

/** What a system is known by. Names are often those of calls: the host is the system. */
export type SystemKey = { key: string; host: string | null; locationId: string | null; adapter: string | null };

/**
 * The system of a channel, by the first that is known: host (with the location of a virtual one), product adapter and
 * credential, destination or data source, participant's name, the artifact's own sender or receiver.
 * @param artifact its `Sender` and `Receiver`, each of which counts only where it is one name
 * @returns null where nothing tells it, and for channels that stay inside the tenant
 */
export function systemOf(
  channel: Channel,
  artifact: { sender: string | null; receiver: string | null },
): SystemKey | null {
  const { kind, host, locationId, adapter, reference, participant, direction } = channel;
  if (kind === 'internal') return null;
  if (host) return { key: `host:${locationId ? `${locationId}/` : ''}${host}`, host, locationId, adapter: null };
  if (reference) return { key: `${adapter}:${reference}`, host: null, locationId: null, adapter };
  const product = isProduct(adapter) ? adapter : null;
  if (!isGeneric(participant)) return named(participant, product);
  const own = (direction === 'inbound' ? artifact.sender : artifact.receiver)?.trim() ?? '';
  return own === '' || own.includes(',') || isGeneric(own) ? null : named(own, product);
}

const named = (name: string, adapter: string | null): SystemKey => ({
  key: `name:${normalName(name)}`.slice(0, 255),
  host: null,
  locationId: null,
  adapter,
});

/**
 * What people read: the most frequent name among the channels of a system that is not generic, of several the first in
 * the alphabet; else its host, else its adapter.
 */
export function labelOf(
  participants: readonly string[],
  { host, adapter, key }: Pick<SystemKey, 'host' | 'adapter' | 'key'>,
): string {
  const counts = new Map<string, number>();
  for (const name of participants) if (!isGeneric(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const [best] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return best?.[0] ?? host ?? adapter ?? key.slice(key.indexOf(':') + 1);
}
