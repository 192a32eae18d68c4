import type { Channel, Via } from './types.ts';

/** An iFlow with the channels that link it to others. */
export type Linked = { id: string; packageId: string | null; channels: readonly Pick<Channel, 'direction' | 'link'>[] };

/** A call from one iFlow to another. `called` is null if none was found, or if it is only known at runtime. */
export type Call = {
  caller: string;
  called: string | null;
  via: Via;
  address: string | null;
  status: 'resolved' | 'ambiguous' | 'unresolved' | 'dynamic';
};

/**
 * The calls among deployed iFlows: the address of a ProcessDirect receiver or the queue of a JMS receiver equals that
 * of a sender, compared as it is. Calls of an iFlow to itself are left out. If there are several partners, the only one
 * in the same package is used, else none.
 */
export function callsAmong(iflows: readonly Linked[]): Call[] {
  const keyOf = ({ via, address }: { via: Via; address: string | null }) => `${via} ${address}`;
  const partners = new Map<string, Linked[]>();
  for (const iflow of iflows) {
    const keys = iflow.channels.flatMap(({ direction, link }) =>
      direction === 'inbound' && link?.address ? keyOf(link) : [],
    );
    for (const key of new Set(keys)) partners.set(key, [...(partners.get(key) ?? []), iflow]);
  }
  return iflows.flatMap((iflow) => {
    const links = iflow.channels.flatMap(({ direction, link }) => (direction === 'outbound' && link ? [link] : []));
    const distinct = new Map(links.map((link) => [keyOf(link), link]));
    return [...distinct].flatMap(([key, link]) => callOf(iflow, link, partners.get(key) ?? []));
  });
}

function callOf(caller: Linked, { via, address }: NonNullable<Channel['link']>, found: readonly Linked[]): Call[] {
  const call = { caller: caller.id, called: null, via, address };
  if (address === null) return [{ ...call, status: 'dynamic' }];
  const others = found.filter(({ id }) => id !== caller.id);
  if (!others.length) return found.length ? [] : [{ ...call, status: 'unresolved' }];
  const near = others.filter(({ packageId }) => packageId !== null && packageId === caller.packageId);
  const [partner, second] = others.length > 1 ? near : others;
  if (partner && !second) return [{ ...call, called: partner.id, status: 'resolved' }];
  return [{ ...call, status: 'ambiguous' }];
}
