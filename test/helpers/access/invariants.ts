import { ok } from '../app/user.ts';
import { endIn, rowsAt, type Running } from '../runs/running.ts';

/** All rows of a collection of the access service, without those kept from deleted connections. */
export async function accessRows(running: Running, path: string): Promise<any[]> {
  return (await rowsAt(running, `access/${path}`)).filter(({ configName }) => !configName);
}

/** Starts a run by an action of the access service, and waits until it has ended. */
export async function jobOf(running: Running, action: string): Promise<any> {
  const { body: run } = await ok(running.user.post(`access/${action}`));
  return endIn(running, 'access/JobRuns', run.ID as string);
}

const ENDED = ['done', 'failed', 'canceled'];

/** Every task has ended and explains its result or the next step. The counts of a run match its tasks. */
export async function expectTasksEnded(running: Running): Promise<void> {
  for (const task of await accessRows(running, 'ProvisioningTasks')) {
    expect({ ...task, ended: ENDED.includes(task.status) }).toMatchObject({
      ended: true,
      finishedAt: expect.any(String),
    });
    if (task.status === 'done') expect(task).toMatchObject({ roleResult: task.roleAfter, message: expect.any(String) });
    if (task.status === 'failed') expect(task).toMatchObject({ code: expect.any(String), message: expect.any(String) });
  }
  for (const run of await accessRows(running, `JobRuns?$expand=tasks&$filter=kind eq 'provision'`)) {
    const { status, total, done, created, updated, removed, unchanged, failed, skipped } = run;
    expect({ status, sum: created + updated + removed + unchanged + failed + skipped }).toEqual({ status, sum: done });
    if (status.startsWith('completed')) expect({ status, done }).toEqual({ status, done: total });
  }
}

/** The accounts match LeanIX, and each has exactly the role that it has there. */
export async function expectAccountsTrue(running: Running): Promise<void> {
  const { users } = running.sandbox.leanix.state;
  const accounts = await accessRows(running, 'Accounts?$expand=assignments($expand=entitlement)');
  const known = new Map(accounts.map((account) => [account.userId, account]));
  expect(known.size).toBe(accounts.length);
  for (const { id, role, status } of users) expect(known.get(id)).toMatchObject({ userId: id, role, status });
  for (const { userId, state, role, assignments } of accounts) {
    const isOut = !users.some(({ id, status }) => id === userId && !['ARCHIVED', 'ANONYMIZED'].includes(status));
    const open = assignments.filter(({ validTo }: any) => validTo === null);
    expect({ userId, state, open: open.map(({ entitlement }: any) => entitlement.name) }).toEqual({
      userId,
      state: isOut ? 'suspended' : 'active',
      open: isOut ? [] : [role],
    });
  }
}

/** Another import and another provisioning find nothing to do and write nothing. */
export async function expectAccessQuiet(running: Running): Promise<void> {
  const { log } = running.sandbox.leanix;
  log.clear();
  const nothing = { status: 'completed', created: 0, updated: 0, removed: 0, failed: 0 };
  expect(await jobOf(running, 'importAll')).toMatchObject(nothing);
  expect(await jobOf(running, 'runProvisioning')).toMatchObject({ ...nothing, code: 'NO_TASKS' });
  expect(log.entries.filter(({ write }) => write)).toEqual([]);
}

/** No write repeats a value, so nothing was sent twice. */
export function expectNoneRepeated({ sandbox }: Running): void {
  const { permissionWrites, mails, users } = sandbox.leanix.state;
  const repeated = permissionWrites.filter(
    ({ before, after }) => before?.role === after.role && before.status === after.status,
  );
  expect(repeated).toEqual([]);
  const invited = users.filter(({ id }) => permissionWrites.some(({ userId }) => userId === id));
  for (const { email } of invited) expect(mails.filter(({ to }) => to === email).length).toBeLessThan(2);
}
