import { isProduct } from './adapters.ts';
import { isGeneric, normalName } from './names.ts';
import type { Channel } from './types.ts';

/** What identifies a system. Names are often those of calls, so the host is used first. */
export type SystemKey = { key: string; host: string | null; locationId: string | null; adapter: string | null };

/**
 * The system of a channel, by the first known of these: host (with the location of a virtual one), product adapter and
 * credential, destination or data source, name of the participant, sender or receiver of the artifact.
 * @param artifact its `Sender` and `Receiver`, each used only if it is a single name
 * @returns null if none is known, and for channels inside the tenant
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
 * The name to display: the most frequent name among the channels of a system that is not generic, the alphabetically
 * first of several; else its host, else its adapter.
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
