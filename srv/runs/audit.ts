import cds from '@sap/cds';
import { AuditEntries } from '#cds-models/leanix';
import { cut } from '../base/text.ts';

/** Something that a person did; see `AuditEntry` in db/audit.cds for what the parts are. Never a secret. */
export type Deed = {
  action:
    | 'changeConfig'
    | 'deleteConfig'
    | 'storeApiToken'
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
    | 'uncorrelate';
  configId: string;
  subject: string;
  element?: string;
  before?: string | null;
  after?: string | null;
  /** Who did it, where it is not who does it now. */
  doneBy?: string;
};

/** The id of the request, in the length of its column: a caller may choose it as long as it likes. */
export const correlationId = (): string | null => cut(cds.context?.id ?? null, 100);

/** Keeps who does this, in the transaction in which it is done. */
export async function audit(...deeds: Deed[]): Promise<void> {
  if (!deeds.length) return;
  const { user } = cds.context ?? {};
  // What the app does by itself when it starts is done as a privileged user.
  const actor = !user || user.id === 'privileged' ? 'system' : user.id;
  const doneAt = new Date().toISOString();
  await INSERT.into(AuditEntries).entries(
    deeds.map(({ configId, subject, doneBy = actor, ...deed }) => ({
      ...deed,
      subject: cut(subject, 255),
      config_ID: configId,
      doneAt,
      doneBy: cut(doneBy, 255),
      correlationId: correlationId(),
    })),
  );
}
