import cds from '@sap/cds';
import { LeanIXConfigs } from '#cds-models/leanix';
import { giveWay } from './give-way.ts';

/** The service itself as a user, who may do everything, in the name of another one. */
export const serviceFor = (id?: string | null) => Object.assign(new cds.User.Privileged(), { id: id ?? 'privileged' });

/**
 * Runs `work` in a short database transaction of its own, as the service itself, in the name of the user who asked for
 * it. Never call LeanIX inside. Afterwards the rest of the process gets its turn: SQLite works without a pause, and a run
 * has one such transaction after the other.
 */
export async function inTransaction<T>(work: () => PromiseLike<T>): Promise<T> {
  const result = (await cds.tx({ user: serviceFor(cds.context?.user?.id) }, async () => await work())) as T;
  await giveWay();
  return result;
}

/**
 * Ends the database transaction of the current request, so that a remote call may follow: the draft handling of CAP
 * opens one before an action on a draft is handled. Nothing may be read or written in the request's own transaction
 * afterwards; use `inTransaction`.
 */
export async function endRequestTransaction(): Promise<void> {
  const db = await cds.connect.to('db');
  const { context } = cds;
  if (context) await (db.tx(context as never) as unknown as { commit(): Promise<void> }).commit();
}

/**
 * Makes those wait, until the end of the caller's transaction, who would decide something about the same configurations:
 * start a run, link an iFlow, delete the configuration. SQLite carries out one writing transaction at a time anyway.
 * @param ID of one configuration; all of them where it is left out
 * @returns whether there is one
 */
export async function lockConfigs(ID?: string): Promise<boolean> {
  // In one order, so that two who take several never wait for each other.
  const rows = SELECT.from(LeanIXConfigs).columns('ID').orderBy('ID').forUpdate();
  return (await (ID === undefined ? rows : rows.where({ ID }))).length > 0;
}
