import { problem } from '../base/problem.ts';

type Draft = { DraftAdministrativeData_DraftUUID?: string };
type Administration = { InProcessByUser?: string; CreatedByUser?: string };

/**
 * Refuses to change an object that has an open draft: saving the draft would undo the change. Runs in the caller's
 * transaction.
 * @param drafts the drafts of an entity
 * @param name the name of the object, for the text
 * @throws 409 DRAFT_OPEN, which names the user who edits it
 */
export async function assertNotEdited(drafts: unknown, where: object, name: string): Promise<void> {
  const draft = (await SELECT.one
    .from(drafts as never)
    .columns('DraftAdministrativeData_DraftUUID')
    .where(where as never)) as Draft | undefined;
  if (!draft) return;
  const { InProcessByUser, CreatedByUser } = ((await SELECT.one
    .from('DRAFT.DraftAdministrativeData')
    .columns('InProcessByUser', 'CreatedByUser')
    .where({ DraftUUID: draft.DraftAdministrativeData_DraftUUID })) ?? {}) as Administration;
  throw problem(409, 'DRAFT_OPEN', name, InProcessByUser || CreatedByUser || '');
}
