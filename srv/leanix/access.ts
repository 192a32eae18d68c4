import { RemoteError } from '../base/remote-error.ts';
import type { Permission } from '../core/access/types.ts';
import {
  invite,
  permissionByEmail,
  permissionById,
  permissionByUser,
  readPermissions,
  setPermission,
  type Invitation,
} from './permissions.ts';
import { openSession, type SessionOptions, type Source } from './session.ts';

export type { Invitation } from './permissions.ts';

/** The user management of one workspace. Errors of all methods are `RemoteError`. */
export type AccessClient = {
  readonly host: string;
  /** The user that the API token belongs to. */
  readonly userId: string;
  readonly workspaceId: string;
  /** All permissions, including those of technical users. 500 of them take 5 requests. */
  all(): Promise<Permission[]>;
  /** The active permissions of people. */
  active(): Promise<Permission[]>;
  byEmail(email: string): Promise<Permission | null>;
  byId(id: string): Promise<Permission | null>;
  /** The permission of the API token's user. */
  own(): Promise<Permission | null>;
  /** What the bearer says about it; after a 403, a new bearer is fetched. */
  role(): Promise<string | null>;
  /** Invites somebody. Read the result afterwards. */
  invite(invitation: Invitation): Promise<void>;
  /** Gives a user's permission a role and a status. */
  set(permission: Pick<Permission, 'userId' | 'role' | 'status' | 'raw'>): Promise<void>;
  /** Requests sent to LeanIX so far, without token exchanges. */
  readonly requests: number;
};

/**
 * Opens the workspace of the API token.
 * Errors: those of `openSession`; `TOKEN_NAMES_NOBODY` if the bearer does not name its user and workspace.
 */
export async function openAccess(
  source: Source,
  { signal, ...options }: SessionOptions & { signal?: AbortSignal } = {},
): Promise<AccessClient> {
  const session = await openSession(source, options);
  const { userId, workspaceId } = await session.identity();
  if (!userId || !workspaceId) throw new RemoteError('TOKEN_NAMES_NOBODY', 'leanix');
  return {
    host: session.host,
    userId,
    workspaceId,
    get requests() {
      return session.requests;
    },
    all: () => readPermissions(session, workspaceId, { includeTechnicalUsers: true }, signal),
    active: () => readPermissions(session, workspaceId, { status: 'ACTIVE' }, signal),
    byEmail: (email) => permissionByEmail(session, workspaceId, email, signal),
    byId: (id) => permissionById(session, workspaceId, id, signal),
    own: () => permissionByUser(session, workspaceId, userId, signal),
    role: async () => (await session.identity()).role,
    invite: (invitation) => invite(session, workspaceId, userId, invitation, signal),
    set: (permission) => setPermission(session, workspaceId, permission, signal),
  };
}
