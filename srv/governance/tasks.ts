import { Accounts, LeanIXConfigs, People, ProvisioningTasks } from '#cds-models/leanix';
import type { TaskKind } from '../core/access/types.ts';

/** A task to execute. */
export type TaskRow = {
  ID: string;
  kind: TaskKind;
  email: string;
  firstName: string | null;
  lastName: string | null;
  /** The requested role. */
  role: string | null;
  /** The plan when the task was requested or last tried. */
  roleBefore: string | null;
  statusBefore: string | null;
  roleAfter: string | null;
  statusAfter: string | null;
  silent: boolean;
  requester: string | null;
  justification: string | null;
  approvedBy: string | null;
  requestedAt: string | null;
  sentAt: string | null;
  /** `ACCOUNT_PENDING`: LeanIX accepted the invitation, but did not list the account yet. */
  code: string | null;
  account_ID: string | null;
};

/** Elements that are set after the request. */
type Planned = Pick<TaskRow, 'roleBefore' | 'statusBefore' | 'roleAfter' | 'statusAfter'>;
export type NewTask = Omit<TaskRow, keyof Planned>;

export type AccountRow = {
  ID: string;
  userId: string;
  permissionId: string | null;
  email: string | null;
  person_ID: string | null;
};

/** The values that expressions can use. */
export type TaskContext = {
  account: object | null;
  owner: object | null;
  requester: object;
  manager: object | null;
  /** Empty before an approval. */
  approvers: object[];
  task: { kind: TaskKind; email: string } & Record<string, unknown>;
  request: object;
  connection: object;
};

/**
 * The unfinished tasks of a configuration, oldest first, in the caller's transaction. Tasks that a run left behind come
 * last, so that they do not block the others.
 */
export async function readOpenTasks(config_ID: string): Promise<TaskRow[]> {
  const rows = await SELECT.from(ProvisioningTasks)
    .where({ config_ID, status: { in: ['open', 'running'] } })
    .orderBy('requestedAt', 'ID');
  const tasks = rows as unknown as (TaskRow & { run_ID: string | null })[];
  return [...tasks.filter(({ run_ID }) => !run_ID), ...tasks.filter(({ run_ID }) => run_ID)];
}

/**
 * Whether a task can be executed: with the four-eyes principle after an approval. A pending invitation is only looked
 * up.
 */
export const isReleased = ({ approvedBy, code }: TaskRow, fourEyes: boolean): boolean =>
  !fourEyes || approvedBy !== null || code === 'ACCOUNT_PENDING';

/**
 * Reopens the tasks that an ending run was working on, in the caller's transaction: the next run looks up their
 * outcome.
 */
export async function reopenTasks(config_ID: string): Promise<void> {
  await UPDATE.entity(ProvisioningTasks).set({ status: 'open' }).where({ config_ID, status: 'running' });
}

/**
 * The account of a task and the values for its expressions, in the caller's transaction.
 * @param directory the directory of owner, manager and requester
 */
export async function readTaskContext(
  config_ID: string,
  directory: string | null,
  task: NewTask,
): Promise<{ account: AccountRow | null; context: TaskContext }> {
  const account = task.account_ID ? await SELECT.one.from(Accounts).where({ ID: task.account_ID }) : undefined;
  const owner = account?.person_ID
    ? await SELECT.one.from(People).where({ ID: account.person_ID })
    : await personBy(directory, task.email);
  const manager = owner?.manager_ID ? await SELECT.one.from(People).where({ ID: owner.manager_ID }) : undefined;
  const requester = await personBy(directory, task.requester);
  const approver = await personBy(directory, task.approvedBy);
  const connection = await SELECT.one
    .from(LeanIXConfigs)
    .columns('name', 'description', 'leanixHost', 'workspaceName')
    .where({ ID: config_ID });
  const { kind, email, firstName, lastName, role, silent, justification, requestedAt } = task;
  return {
    account: (account ?? null) as AccountRow | null,
    context: {
      account: account ?? null,
      owner: owner ?? null,
      requester: { id: task.requester, ...requester },
      manager: manager ?? null,
      approvers: task.approvedBy ? [{ id: task.approvedBy, ...approver }] : [],
      task: { kind, email, role, firstName: firstName ?? owner?.firstName, lastName: lastName ?? owner?.lastName },
      request: { justification, requestedAt, silent },
      connection: connection ?? {},
    },
  };
}

/** Finds a person of a directory by e-mail, else by user name, ignoring case. */
async function personBy(directory: string | null, name: string | null) {
  if (!directory || !name) return undefined;
  const key = name.toLowerCase();
  const found = await SELECT.from(People)
    .where`directory = ${directory} and active = true and (lower(email) = ${key} or lower(userName) = ${key})`;
  return found.find(({ email }) => email?.toLowerCase() === key) ?? found[0];
}
