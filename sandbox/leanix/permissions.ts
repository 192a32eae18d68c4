import type { LeanIXState } from './state.ts';
import type { User } from './types.ts';

type Entry = Record<string, unknown>;

/** The filters of a list of permissions. */
export interface PermissionFilter {
  q?: string;
  email?: string;
  status?: string;
  userId?: string;
  workspaceId?: string;
  includeTechnicalUsers?: unknown;
}

/** A refusal of MTM. The exact texts are not documented. */
export class MTMError extends Error {
  readonly status: number;
  readonly type: string;
  readonly errors: { value: string; messages: string[] }[];

  constructor(status: number, type: string, message: string, invalid?: string) {
    super(message);
    this.status = status;
    this.type = type;
    this.errors = invalid ? [{ value: invalid, messages: [message] }] : [];
  }
}

/** The permissions of the workspace that fit. @param isListed whether lists show a user already */
export function permissionsOf(
  state: LeanIXState,
  filter: PermissionFilter,
  isListed: (user: User) => boolean = () => true,
): Entry[] {
  const { q, email, status, userId, workspaceId, includeTechnicalUsers } = filter;
  if (workspaceId && workspaceId !== state.workspace.id) return [];
  const fits = (user: User) =>
    (includeTechnicalUsers === 'true' || !user.technical) &&
    // Whether the filter must be the whole e-mail is not documented: here a part is enough.
    (email === undefined || user.email.toLowerCase().includes(email.toLowerCase())) &&
    (status === undefined || user.status === status) &&
    (userId === undefined || user.id === userId) &&
    (q === undefined || `${user.email} ${user.firstName} ${user.lastName}`.toLowerCase().includes(q.toLowerCase()));
  return state.users.filter((user) => fits(user) && isListed(user)).map((user) => permissionOf(state, user));
}

/** A permission as the API shows it. */
export function permissionOf(state: LeanIXState, user: User): Entry {
  const { permissionId: id, role, status, lastLogin, invitedById } = user;
  const invitedBy = state.users.find((other) => other.id === invitedById);
  return {
    links: [],
    id,
    user: userOf(state, user),
    workspace: workspaceOf(state),
    workspaceId: state.workspace.id,
    role,
    status,
    lastLogin,
    invitedByUser: invitedBy ? userOf(state, invitedBy) : null,
    reviewedByUser: null,
    customerRoles: null,
    accessControlEntities: null,
    active: status === 'ACTIVE',
  };
}

/** A user as the API shows it, with the account that it belongs to. */
export function userOf({ workspace }: LeanIXState, user: User): Entry {
  const { id, userName, email, firstName, lastName, department, lastLogin, technical, scimManaged } = user;
  return {
    id,
    account: { id: workspace.accountId, name: workspace.accountName ?? workspace.name },
    userName,
    technicalUserName: technical ? userName : null,
    email: email === '' ? null : email,
    firstName,
    lastName,
    displayName: technical ? userName : `${firstName} ${lastName}`.trim(),
    department,
    lastLogin,
    role: 'ACCOUNTUSER',
    status: 'ACTIVE',
    technicalUser: technical,
    scimManaged,
    transientUser: false,
    links: [],
  };
}

/** The workspace as the API shows it. */
export function workspaceOf({ workspace: { id, name } }: LeanIXState): Entry {
  return {
    id,
    name,
    status: 'ACTIVE',
    type: 'SANDBOX',
    product: 'EAM',
    defaultRole: 'VIEWER',
    active: true,
    links: [],
  };
}
