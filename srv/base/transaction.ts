import cds from '@sap/cds';
import { LeanIXConfigs } from '#cds-models/leanix';
import { giveWay } from './give-way.ts';

/** A privileged user with the name of another one. */
export const serviceFor = (id?: string | null) => Object.assign(new cds.User.Privileged(), { id: id ?? 'privileged' });

/**
 * Runs `work` in its own short transaction, privileged, with the name of the user who requested it. Never call a remote
 * system inside. Afterwards other requests get their turn, since SQLite would block them.
 */
export async function inTransaction<T>(work: () => PromiseLike<T>): Promise<T> {
  const result = (await cds.tx({ user: serviceFor(cds.context?.user?.id) }, async () => await work())) as T;
  await giveWay();
  return result;
}

/**
 * Ends the transaction of the current request before a remote call: CAP opens one before it handles an action on a
 * draft. Use `inTransaction` afterwards.
 */
export async function endRequestTransaction(): Promise<void> {
  const db = await cds.connect.to('db');
  const { context } = cds;
  if (context) await (db.tx(context as never) as unknown as { commit(): Promise<void> }).commit();
}

/**
 * Locks configurations until the end of the caller's transaction, so that decisions about them (start a run, link,
 * delete) are made one after the other.
 * @param ID of one configuration; all of them if left out
 * @returns whether one exists
 */
export async function lockConfigs(ID?: string): Promise<boolean> {
  // Always the same order, so that two callers never deadlock.
  const rows = SELECT.from(LeanIXConfigs).columns('ID').orderBy('ID').forUpdate();
  return (await (ID === undefined ? rows : rows.where({ ID }))).length > 0;
}
