import { createHash } from 'node:crypto';
import cds from '@sap/cds';
import { AuditEntries } from '#cds-models/leanix';
import { callerId } from '../base/caller.ts';
import { isDuplicate } from '../base/problem.ts';
import { cut } from '../base/text.ts';
import { inTransaction } from '../base/transaction.ts';

const LOG = cds.log('leanix');

/** Something that a person did; see `AuditEntry` in db/audit.cds for what the parts are. Never a secret. */
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
  /** Null for what is about no configuration, or about all of them. */
  configId: string | null;
  subject: string;
  element?: string;
  before?: string | null;
  after?: string | null;
  /** Who did it, where it is not who does it now. */
  doneBy?: string;
};

/** The id of the request, which is our own. */
export const correlationId = (): string | null => cut(cds.context?.id ?? null, 100);

/** Keeps who does this, in the transaction in which it is done. */
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

/** What the app does by itself when it starts is done as a privileged user. */
function actor(): string {
  const { user } = cds.context ?? {};
  return !user || user.id === 'privileged' ? 'system' : user.id;
}

type Entry = ReturnType<typeof entryOf> & { ID: string; times: number };

/** What has still to be written, by ID; and the writing that is under way. */
const waiting = new Map<string, Entry>();
let writing: Promise<void> | undefined;

/**
 * Keeps who does something that changes nothing and may come as often as somebody likes: as one entry for what one user
 * does in one minute, with how often. Does not wait for it, since the caller may be in a transaction; one entry is
 * written at a time, whatever comes meanwhile is counted.
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

/** Waits until all is written. */
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

/** Instances share an entry: of two that begin it at the same moment, one counts on. */
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

/** The same UUID for the same parts. */
function idOf(parts: unknown[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
