import cds from '@sap/cds';
import { LeanIXConfigs as StoredConfigs } from '#cds-models/leanix';
import { LeanIXConfigs } from '#cds-models/SettingsService';
import { readDestination } from '../btp/destinations.ts';
import { parseHost } from '../btp/hosts.ts';
import { inTransaction } from '../engine/transaction.ts';
import { problem } from '../problem.ts';
import { at } from './constraints.ts';

type Target = { leanixHost?: string | null; leanixDestination?: string | null };

/**
 * A configuration that is saved must name the host that its destination reaches, if that can be told.
 *
 * This asks the Destination service, so it has to come before the request's transaction begins: where one is open
 * already, as in a change set, nothing is checked here, and the connection test and the next run will tell.
 * @throws 400 HOST_MISMATCH
 */
export async function checkDestinationHost(req: cds.Request): Promise<void> {
  if (!savesConfig(req) || (await isTransactionOpen())) return;
  const { leanixHost, leanixDestination } = await targetOf(req);
  const host = leanixHost ? parseHost(leanixHost.trim()) : undefined;
  if (!host?.ok || !leanixDestination) return;
  const destination = await readDestination(leanixDestination).catch(() => null);
  if (destination && destination.host !== host.host) {
    const target = req.event === 'draftActivate' ? 'in/leanixHost' : 'leanixHost';
    throw at(target, problem(400, 'HOST_MISMATCH', host.host, destination.host));
  }
}

function savesConfig({ event, target, data }: cds.Request): boolean {
  const name = (target as { name?: string } | undefined)?.name;
  if (name === `${LeanIXConfigs.name}.drafts`) return event === 'draftActivate' || event === 'SAVE';
  if (name !== LeanIXConfigs.name) return false;
  if (event === 'draftActivate' || event === 'SAVE') return true;
  const { IsActiveEntity } = data as { IsActiveEntity?: boolean };
  return event === 'UPDATE' || (event === 'CREATE' && IsActiveEntity === true);
}

/** What the configuration would say after the save. */
async function targetOf(req: cds.Request): Promise<Target> {
  const given = req.data as Target;
  const key = req.params.at(-1) as { ID?: string } | undefined;
  if (!key?.ID) return { leanixDestination: 'LEANIX', ...given };
  const table = req.event === 'UPDATE' ? StoredConfigs : (LeanIXConfigs.drafts as unknown as typeof StoredConfigs);
  const stored = await inTransaction(async () =>
    SELECT.one.from(table).columns('leanixHost', 'leanixDestination').where({ ID: key.ID! }),
  );
  return req.event === 'UPDATE' ? { ...stored, ...given } : (stored ?? {});
}

async function isTransactionOpen(): Promise<boolean> {
  const db = await cds.connect.to('db');
  const { ready } = db.tx(cds.context as never) as { ready?: unknown };
  return Boolean(ready);
}
