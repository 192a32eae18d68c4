import { createHash } from 'node:crypto';
import cds from '@sap/cds';
import { AuditEntries } from '#cds-models/leanix';
import { callerId } from '../base/caller.ts';
import { isDuplicate } from '../base/problem.ts';
import { cut } from '../base/text.ts';
import { inTransaction } from '../base/transaction.ts';

const LOG = cds.log('leanix');

/** An action of a user; see `AuditEntry` in db/audit.cds for its parts. Never contains a secret. */
export type Deed = {
  action:
    | 'changeConfig'
    | 'deleteConfig'
    | 'testConnection'
    | 'storeApiToken'
    | 'exportSettings'
    | 'exportPackage'
    | 'link'
    | 'unlink'
    | 'startRun'
    | 'cancelRun'
    | 'confirmRun'
    | 'changeAccess'
    | 'requestTask'
    | 'cancelTask'
    | 'retryTask'
    | 'approveTask'
    | 'rejectTask'
    | 'correlate'
    | 'uncorrelate'
    | 'refused';
  /** Null if the action concerns no configuration, or all of them. */
  configId: string | null;
  subject: string;
  element?: string;
  before?: string | null;
  after?: string | null;
  /** The user, if not the current one. */
  doneBy?: string;
};

/** The ID of the request, which is our own. */
export const correlationId = (): string | null => cut(cds.context?.id ?? null, 100);

/** Records the user of an action, in the transaction of the action. */
export async function audit(...deeds: Deed[]): Promise<void> {
  if (deeds.length) await INSERT.into(AuditEntries).entries(deeds.map(entryOf));
}

function entryOf({ configId, subject, doneBy = actor(), ...deed }: Deed) {
  return {
    ...deed,
    subject: cut(subject, 255),
    config_ID: configId,
    doneAt: new Date().toISOString(),
    doneBy: cut(doneBy, 255),
    correlationId: correlationId(),
    callerId: callerId(),
  };
}

/** The app itself acts as a privileged user when it starts. */
function actor(): string {
  const { user } = cds.context ?? {};
  return !user || user.id === 'privileged' ? 'system' : user.id;
}

type Entry = ReturnType<typeof entryOf> & { ID: string; times: number };

/** Entries that must still be written, by ID, and the write in progress. */
const waiting = new Map<string, Entry>();
let writing: Promise<void> | undefined;

/**
 * Records an action that changes nothing and can be repeated at will. All such actions of one user in a minute become
 * one entry with a count. Does not wait, since the caller may be in a transaction. One entry is written at a time;
 * further actions are counted meanwhile.
 */
export function auditOften(deed: Deed): void {
  const entry = entryOf(deed);
  const { action, config_ID, subject, element, doneBy, doneAt } = entry;
  const ID = idOf([action, config_ID, subject, element, doneBy, doneAt.slice(0, 16)]);
  const known = waiting.get(ID);
  if (known) known.times += 1;
  else waiting.set(ID, { ...entry, ID, times: 1 });
  writing ??= writeWaiting();
}

/** Waits until everything is written. */
export async function stopAudit(): Promise<void> {
  await writing;
}

async function writeWaiting(): Promise<void> {
  for (const [ID, entry] of waiting) {
    waiting.delete(ID);
    // eslint-disable-next-line no-await-in-loop -- a flood of them must not take all connections
    await write(entry).catch((error: unknown) => LOG.error('An audit entry could not be kept:', entry.action, error));
  }
  // In the same turn in which nothing was left.
  writing = undefined;
}

/** Instances share an entry: if two create it at the same moment, one adds to the count of the other. */
async function write(entry: Entry): Promise<void> {
  const { ID, times } = entry;
  const count = async () =>
    Number(
      await UPDATE.entity(AuditEntries)
        .set({ times: { '+=': times } })
        .where({ ID }),
    );
  if (await inTransaction(count)) return;
  try {
    await inTransaction(() => INSERT.into(AuditEntries).entries(entry));
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    await inTransaction(count);
  }
}

/** Returns the same UUID for the same parts. */
function idOf(parts: unknown[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
