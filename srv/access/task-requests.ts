import cds from '@sap/cds';
import { Accounts, ProvisioningTasks as StoredTasks } from '#cds-models/leanix';
import { isActiveAdmin, planTask, roleOf, takesAdmin, type Current, type TaskPlan } from '../core/access/task-plan.ts';
import { inUse } from '../core/access/accounts.ts';
import { BASIC_ROLE, REQUESTABLE, type PermissionStatus, type TaskKind } from '../core/access/types.ts';
import { audit } from '../runs/audit.ts';
import { assertOwnerKnown, mapper, MappingError } from '../governance/mapping.ts';
import { readAccess, type AccessSettings } from '../governance/settings.ts';
import { readTaskContext, type NewTask } from '../governance/tasks.ts';
import { problem } from '../base/problem.ts';
import { lockConfigs } from '../base/transaction.ts';
import { keyOf } from '../http/requests.ts';
import { carryOutAtOnce, freeKey, rowOf } from './task-rows.ts';

export type ChangeKind = Exclude<TaskKind, 'createAccount'>;

type Input = { [name in 'email' | 'firstName' | 'lastName' | 'role' | 'justification']?: string | null } & {
  silent?: boolean | null;
};

type StoredAccount = {
  ID: string;
  config_ID: string;
  userId: string;
  permissionId: string | null;
  userName: string | null;
  email: string | null;
  role: string;
  status: PermissionStatus;
  state: string;
  technical: boolean;
  scimManaged: boolean;
  own: boolean;
};

/** The request without its account. */
type Wish = {
  kind: TaskKind;
  email: string;
  role: string;
  justification: string;
  silent?: boolean;
  firstName?: string | null;
  lastName?: string | null;
};

/**
 * Requests an account in a workspace. Problems known from the last import are reported at once; the task checks again
 * when it runs.
 * @returns the row of the task
 * @throws 400 EMAIL_INVALID, ROLE_INVALID, JUSTIFICATION_REQUIRED; 409 TASK_OPEN, ACCOUNT_EXISTS and the codes of
 * `planTask`
 */
export async function requestAccount(req: cds.Request, configId: string) {
  const { email, firstName, lastName, role, justification, silent } = req.data as Input;
  const address = email?.trim() ?? '';
  if (!isEmail(address)) throw problem(400, 'EMAIL_INVALID', address.slice(0, 100));
  const { silentInvite } = await readAccess(configId);
  const wish: Wish = {
    kind: 'createAccount',
    email: address,
    role: checkRole(role),
    justification: checkJustification(justification),
    silent: silent ?? silentInvite,
    firstName: firstName?.trim() || null,
    lastName: lastName?.trim() || null,
  };
  const sameEmail = (await SELECT.from(Accounts)
    .where`config_ID = ${configId} and lower(email) = ${address.toLowerCase()}`) as unknown as StoredAccount[];
  const known = inUse(sameEmail.filter(({ permissionId }) => permissionId)) ?? sameEmail[0];
  return file(req, configId, wish, known ?? null);
}

/**
 * Requests a change of an account.
 * @returns the row of the task
 * @throws 404 ACCOUNT_UNKNOWN; 400 ROLE_INVALID, JUSTIFICATION_REQUIRED; 409 ACCOUNT_UNCHANGED, TASK_OPEN, LAST_ADMIN
 * and the codes of `planTask`
 */
export async function requestChange(req: cds.Request, kind: ChangeKind) {
  const { role, justification } = req.data as Input;
  const ID = keyOf(req);
  const account = (await SELECT.one.from(Accounts).where({ ID })) as StoredAccount | undefined;
  if (!account) throw problem(404, 'ACCOUNT_UNKNOWN', ID);
  const wish: Wish = {
    kind,
    email: account.email ?? account.userName ?? account.userId,
    role: kind === 'enableAccount' || kind === 'addAccess' ? checkRole(role) : roleFor(kind, account),
    justification: checkJustification(justification),
  };
  return file(req, account.config_ID, wish, account);
}

/** Creates a task, with a plan based on the last import. */
async function file(req: cds.Request, configId: string, wish: Wish, account: StoredAccount | null) {
  const { kind, email } = wish;
  // The lock keeps the connection from being deleted.
  if (!(await lockConfigs(configId))) throw problem(404, 'CONFIG_UNKNOWN', configId);
  const access = await readAccess(configId);
  const { managedElsewhere } = access;
  const task = {
    ID: cds.utils.uuid(),
    kind,
    account_ID: account?.ID ?? null,
    email,
    firstName: wish.firstName ?? null,
    lastName: wish.lastName ?? null,
    role: wish.role,
    silent: wish.silent ?? false,
    requester: req.user.id,
    justification: wish.justification,
    approvedBy: null,
    requestedAt: new Date().toISOString(),
    sentAt: null,
    code: null,
  };
  const role = await mappedRole(configId, access, task);
  const current = account && currentOf(account);
  const around = { managedElsewhere, ownUserId: account?.own ? account.userId : null };
  const plan = planTask({ kind, email, role }, current, around);
  if ('code' in plan) throw problem(409, plan.code, ...plan.args);
  if (plan.call === 'none') throw unchanged(kind, email, plan.after);
  if (takesAdmin(current, plan)) await assertOtherAdmin(configId, account!, email);
  await INSERT.into(StoredTasks).entries({
    ...task,
    config_ID: configId,
    status: 'open',
    roleBefore: plan.before?.role ?? null,
    statusBefore: plan.before?.status ?? null,
    roleAfter: plan.after.role,
    statusAfter: plan.after.status,
    activeKey: await freeKey(configId, email),
  });
  const text = (permission: { role: string; status: string } | null) =>
    permission && `${permission.role} ${permission.status}`;
  const change = { before: text(plan.before), after: text(plan.after) };
  await audit({ action: 'requestTask', configId, subject: email, element: kind, ...change });
  await carryOutAtOnce(req, configId);
  return rowOf(task.ID);
}

/** Refuses a task that would change nothing according to the last import. */
function unchanged(kind: TaskKind, email: string, { role, status }: TaskPlan['after']): Error {
  if (kind === 'createAccount') return problem(409, 'ACCOUNT_EXISTS', email);
  if (kind === 'enableAccount') return problem(409, 'ACCOUNT_ACTIVE', email, status);
  return problem(409, 'ACCOUNT_UNCHANGED', email, status, role);
}

/**
 * The role that would be sent for a task, with the current mappings.
 * @throws 409 EXPRESSION_FAILED, OWNER_MISSING, ROLE_INVALID
 */
async function mappedRole(configId: string, access: AccessSettings, task: NewTask): Promise<string> {
  const { context } = await readTaskContext(configId, access.peopleDestination, task);
  try {
    assertOwnerKnown(access, context);
    const { role: mapped } = await mapper(access, 'provision')(context);
    const role = roleOf(task.kind, mapped, task.role ?? '');
    if (typeof role !== 'string') throw problem(409, role.code, ...role.args);
    return role;
  } catch (error) {
    throw error instanceof MappingError ? problem(409, error.code, ...error.args) : error;
  }
}

/** The permission at the last import; null if LeanIX no longer listed it. */
function currentOf({ userId, permissionId, role, status, technical, scimManaged }: StoredAccount): Current | null {
  return permissionId ? { userId, role, status, technical, scimManaged } : null;
}

/** @throws 409 LAST_ADMIN */
async function assertOtherAdmin(config_ID: string, { ID }: StoredAccount, email: string): Promise<void> {
  const accounts = (await SELECT.from(Accounts).where({ config_ID, state: 'active' })) as unknown as StoredAccount[];
  if (!accounts.some((one) => one.ID !== ID && isActiveAdmin(one))) throw problem(409, 'LAST_ADMIN', email);
}

function roleFor(kind: ChangeKind, { role }: StoredAccount): string {
  return kind === 'removeAccess' ? BASIC_ROLE : role;
}

/** @throws 400 ROLE_INVALID */
function checkRole(role: string | null | undefined): string {
  const found = REQUESTABLE.find((one) => one === role?.trim().toUpperCase());
  if (!found) throw problem(400, 'ROLE_INVALID', (role ?? '').slice(0, 30), REQUESTABLE.join(', '));
  return found;
}

/** @throws 400 JUSTIFICATION_REQUIRED */
function checkJustification(text: string | null | undefined): string {
  const justification = text?.trim();
  if (!justification) throw problem(400, 'JUSTIFICATION_REQUIRED');
  return justification;
}

/** A rough check; LeanIX finds out whether the address exists. */
const isEmail = (text: string) =>
  text.length <= 254 && /^[^\s@<>(),;:"]+@[^\s@<>(),;:".]+(?:\.[^\s@<>(),;:".]+)+$/.test(text);
