import { setImmediate as breathe } from 'node:timers/promises';
import cds from '@sap/cds';

/**
 * Runs `work` in a short database transaction of its own, as the service itself, in the name of the user who asked for
 * it. Never call LeanIX inside. Afterwards the rest of the process gets its turn: SQLite works without a pause, and a run
 * has one such transaction after the other.
 */
export async function inTransaction<T>(work: () => PromiseLike<T>): Promise<T> {
  const user = Object.assign(new cds.User.Privileged(), { id: cds.context?.user?.id ?? 'privileged' });
  const result = (await cds.tx({ user }, async () => await work())) as T;
  await breathe();
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
