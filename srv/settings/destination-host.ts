import type cds from '@sap/cds';
import { LeanIXConfigs as StoredConfigs } from '#cds-models/leanix';
import { LeanIXConfigs } from '#cds-models/SettingsService';
import { readDestination } from '../btp/destinations.ts';
import { isAllowed, parseHost } from '../btp/hosts.ts';
import { IMPATIENT } from '../btp/transport.ts';
import { inTransaction } from '../base/transaction.ts';
import { problem } from '../base/problem.ts';
import { parseBundle } from './bundle.ts';
import { at } from '../http/inputs.ts';

type Key = { ID?: string; IsActiveEntity?: boolean };
/** As a client sends it, so it may be of any type. */
type Target = { leanixHost?: unknown; leanixDestination?: unknown };

/** The default of a configuration. */
const DEFAULT = { leanixDestination: 'LEANIX' };

/**
 * Checks that a saved configuration has the same host as its destination, if that is known. It calls the Destination
 * service, so it runs before the request's transaction. In a shared transaction nothing is checked; the connection test
 * and the next run find the error.
 * @throws 400 HOST_MISMATCH, and the problems of an imported bundle
 */
export async function checkDestinationHost(req: cds.Request): Promise<void> {
  for (const { leanixHost, leanixDestination } of await targetsOf(req)) {
    const host = textOf(leanixHost) ? parseHost(textOf(leanixHost)) : undefined;
    // The constraints find all other problems.
    if (!host?.ok || !isAllowed(host.host)) continue;
    // eslint-disable-next-line no-await-in-loop -- few, and mostly of the same name, which is asked for once
    const reached = await reachedBy(textOf(leanixDestination), host.host);
    if (reached && reached !== host.host) {
      const target = req.event === 'draftActivate' ? 'in/leanixHost' : 'leanixHost';
      throw at(target, problem(400, 'HOST_MISMATCH', host.host, reached));
    }
  }
}

/** The host of a destination; null if it is unknown. The known host may be outdated, so it refuses nothing. */
async function reachedBy(name: string, wanted: string): Promise<string | null> {
  const read = (fresh = false) =>
    readDestination(name, { fresh, timing: IMPATIENT }).then(
      ({ host }) => host,
      () => null,
    );
  const known = await read();
  return known === null || known === wanted ? known : read(true);
}

/** The hosts and destinations of the configurations after this request. */
async function targetsOf(req: cds.Request): Promise<Target[]> {
  const { event } = req;
  if (event === 'importSettings') return imported((req.data as { bundle?: unknown }).bundle);
  const { name } = (req.target ?? {}) as { name?: string };
  if (name !== LeanIXConfigs.name) return [];
  const given = req.data as Target & { IsActiveEntity?: boolean };
  const { ID, IsActiveEntity } = (req.params.at(-1) as Key | undefined) ?? {};
  if (event === 'CREATE') return given.IsActiveEntity ? [{ ...DEFAULT, ...given }] : [];
  if (event === 'draftActivate' && ID) return [await stored(LeanIXConfigs.drafts, { ID })];
  const changes = event === 'UPDATE' && IsActiveEntity && ('leanixHost' in given || 'leanixDestination' in given);
  return changes && ID ? [{ ...(await stored(StoredConfigs, { ID })), ...given }] : [];
}

async function imported(bundle: unknown): Promise<Target[]> {
  if (typeof bundle !== 'string') return [];
  const configs = await parseBundle(bundle);
  const rows = await inTransaction(() => SELECT.from(StoredConfigs).columns('name', 'leanixHost', 'leanixDestination'));
  const present = new Map(rows.map(({ name, ...before }) => [name, before]));
  return configs.flatMap(({ name, leanixHost, leanixDestination }) => {
    const mentioned = Object.entries({ leanixHost, leanixDestination }).filter(([, value]) => value !== undefined);
    return mentioned.length ? [{ ...DEFAULT, ...present.get(name), ...Object.fromEntries(mentioned) }] : [];
  });
}

const textOf = (value: unknown) => (typeof value === 'string' ? value.trim() : '');

async function stored(entity: unknown, where: { ID: string }): Promise<Target> {
  const table = entity as typeof StoredConfigs;
  return inTransaction(async () => {
    const row = await SELECT.one.from(table).columns('leanixHost', 'leanixDestination').where(where);
    return (row as Target | undefined) ?? {};
  });
}
