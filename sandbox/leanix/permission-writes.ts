import { MTMError } from './permissions.ts';
import { uuid, type LeanIXState } from './state.ts';
import type { Switches } from './switches.ts';
import type { ApiToken, PermissionRole, PermissionStatus, User } from './types.ts';

type Named = { id?: unknown; email?: unknown; firstName?: unknown; lastName?: unknown } | null;

/** What is sent to `POST /permissions` and `POST /idm/invite`. */
export type Body = {
  host?: Named;
  user?: Named;
  workspace?: Named;
  permission?: { role?: unknown } | null;
  role?: unknown;
  status?: unknown;
  message?: unknown;
};

const ROLES: PermissionRole[] = [
  'ADMIN', 'MEMBER', 'VIEWER', 'CONTACT', 'SYSTEM_READ', 'SYSTEM_WRITE', 'SYSTEM_AS_USER', 'TRANSIENT',
]; // prettier-ignore
const STATUSES: PermissionStatus[] = ['NOTINVITED', 'ACTIVE', 'ARCHIVED', 'INVITED', 'REQUESTED', 'ANONYMIZED'];

/**
 * Creates or changes a permission. User, workspace, role and status are all required. An invited user becomes active
 * only by logging in. It is not known whether this gives a permission to a user who never had one: here it does not.
 */
export function setPermission(state: LeanIXState, owner: ApiToken, body: Body): User {
  assertAdmin(owner);
  const id = text(body.user?.id, 'user.id');
  assertWorkspace(state, body);
  const role = oneOf(body.role, ROLES, 'role');
  const status = oneOf(body.status, STATUSES, 'status');
  const user = state.users.find((one) => one.id === id);
  if (!user) throw new MTMError(404, 'User', 'User not found');
  assertNotManaged(user);
  if (status === 'ACTIVE' && ['INVITED', 'REQUESTED', 'NOTINVITED'].includes(user.status)) {
    throw refused('status', `Changing the status from ${user.status} to ACTIVE is not allowed.`);
  }
  if (user.status === 'ANONYMIZED') throw refused('status', 'An anonymized permission can not be changed.');
  return write(state, user, { role, status });
}

/** Invites a user, or changes the role of an existing one, like a public script does. The host is the acting user. */
export function invite(state: LeanIXState, switches: Switches, owner: ApiToken, body: Body, silent: boolean): User {
  assertAdmin(owner);
  if (text(body.host?.id, 'host.id') !== owner.userId) throw new MTMError(403, 'User', 'HTTP 403 Forbidden');
  assertWorkspace(state, body);
  const email = text(body.user?.email, 'user.email').trim();
  if (!/^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(email)) throw refused('user.email', 'not a well-formed email address');
  const role = oneOf(body.permission?.role, ROLES, 'permission.role');
  const known = state.users.find((user) => user.email.toLowerCase() === email.toLowerCase());
  const user = known
    ? write(state, known, inviteAgain(known, role, switches))
    : newUser(state, email, role, owner, body.user ?? {});
  if (!silent) state.mails.push({ to: email, message: typeof body.message === 'string' ? body.message : '' });
  return user;
}

function newUser(state: LeanIXState, email: string, role: PermissionRole, owner: ApiToken, given: object): User {
  const { firstName, lastName } = given as { firstName?: unknown; lastName?: unknown };
  const id = uuid(`user ${email}`);
  const user: User = {
    id,
    permissionId: uuid(`permission of ${id}`),
    email,
    userName: email,
    firstName: typeof firstName === 'string' ? firstName : '',
    lastName: typeof lastName === 'string' ? lastName : '',
    department: null,
    role,
    status: 'INVITED',
    technical: false,
    scimManaged: false,
    lastLogin: null,
    invitedById: owner.userId,
  };
  state.users.push(user);
  state.permissionWrites.push({ userId: id, before: null, after: { role, status: user.status } });
  return user;
}

type Values = Pick<User, 'role' | 'status'>;

function inviteAgain(user: User, role: PermissionRole, { inviteOfArchived }: Switches): Values {
  assertNotManaged(user);
  if (user.status !== 'ARCHIVED') return { role, status: user.status };
  if (inviteOfArchived === 'refused') throw refused('user.email', 'The user is archived in this workspace.');
  return { role, status: inviteOfArchived === 'invites' ? 'INVITED' : user.status };
}

function write(state: LeanIXState, user: User, after: Values): User {
  const { id: userId, role, status } = user;
  state.permissionWrites.push({ userId, before: { role, status }, after });
  return Object.assign(user, after);
}

function assertAdmin({ role }: ApiToken): void {
  if (role !== 'ADMIN') throw new MTMError(403, 'Permission', 'HTTP 403 Forbidden');
}

/** Users managed by SCIM cannot be changed by hand; how the real API refuses this is not known. */
function assertNotManaged({ scimManaged }: User): void {
  if (scimManaged) throw new MTMError(409, 'Permission', 'The user is managed by SCIM.');
}

function assertWorkspace(state: LeanIXState, body: Body): void {
  const id = text(body.workspace?.id, 'workspace.id');
  if (id !== state.workspace.id) throw new MTMError(403, 'Workspace', 'HTTP 403 Forbidden');
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') throw refused(name, 'may not be null');
  return value;
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[], name: string): T {
  const found = allowed.find((one) => one === text(value, name));
  if (!found) throw new MTMError(400, 'Error', 'Unable to process JSON', name);
  return found;
}

function refused(name: string, message: string): MTMError {
  return new MTMError(422, 'Error', message, name);
}
