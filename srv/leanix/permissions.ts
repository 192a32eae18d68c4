import { looksLikeHtml, OutcomeUnknown, RemoteError, systemError } from '../base/remote-error.ts';
import type { Answer } from '../btp/transport.ts';
import { inUse } from '../core/access/accounts.ts';
import type { Permission, PermissionStatus } from '../core/access/types.ts';
import { isoTime } from '../base/iso-time.ts';
import { readWhole, type Reading } from '../base/complete-list.ts';
import { assertApi, object, parseObject, refused, unreadable } from './graphql.ts';
import type { Session } from './session.ts';

/**
 * The user management of LeanIX (MTM): permissions of one workspace. Paths, parameters and envelope follow its OpenAPI
 * description; the rules of `POST /permissions` follow LeanIX's guide to managing users by API.
 */

const ROOT = '/services/mtm/v1';
/** The largest documented page size; a server may return less. */
const PAGE_SIZE = 100;

/** A person to invite. */
export type Invitation = {
  email: string;
  firstName: string | null;
  lastName: string | null;
  role: string;
  /** Part of the e-mail. */
  message: string | null;
  /** Sends no e-mail. */
  silent: boolean;
};

/** The parts of a permission besides role and status. */
const KEPT = ['customerRoles', 'accessControlEntities'];

/** The filter of a list of permissions. */
export type PermissionFilter = { email?: string; status?: PermissionStatus; includeTechnicalUsers?: boolean };

/**
 * All matching permissions, each once, in pages of 100 starting at 1, with no more requests than needed. Their order is
 * not documented, see `readWhole`.
 * Errors: `PERMISSIONS_CHANGED` (host) if the list keeps changing, and those of `assertAllowed`.
 */
export async function readPermissions(
  session: Session,
  workspaceId: string,
  filter: PermissionFilter,
  signal?: AbortSignal,
): Promise<Permission[]> {
  const found = await readWhole(() => readOnce(session, workspaceId, filter, signal));
  if (!found) throw new RemoteError('PERMISSIONS_CHANGED', 'leanix', { args: [session.host] });
  return found;
}

/** All pages once; null if the total differs from page to page, or the list ends early. */
async function readOnce(
  session: Session,
  workspaceId: string,
  { email, status, includeTechnicalUsers }: PermissionFilter,
  signal?: AbortSignal,
): Promise<Reading<Permission> | null> {
  const entries: Permission[] = [];
  let first: number | undefined;
  for (let page = 1; ; page++) {
    const query = new URLSearchParams({
      ...(includeTechnicalUsers && { includeTechnicalUsers: 'true' }),
      ...(email && { email }),
      ...(status && { status }),
      page: String(page),
      size: String(PAGE_SIZE),
    });
    const path = `${ROOT}/workspaces/${encodeURIComponent(workspaceId)}/permissions?${query}`;
    // eslint-disable-next-line no-await-in-loop -- each page tells whether there is another one
    const body = await get(session, path, signal);
    const data = body?.['data'];
    const total = body?.['total'];
    if (!Array.isArray(data) || typeof total !== 'number') throw unreadable(session.host);
    for (const entry of data) {
      const permission = permissionOf(entry);
      if (!permission) throw unreadable(session.host);
      entries.push(permission);
    }
    first ??= total;
    if (total !== first) return null;
    if (entries.length >= total) return { total, entries };
    if (data.length === 0) return null;
  }
}

/**
 * The permission of the person with this e-mail, preferably the one in use; null if there is none. LeanIX may match the
 * filter more loosely.
 */
export async function permissionByEmail(
  session: Session,
  workspaceId: string,
  email: string,
  signal?: AbortSignal,
): Promise<Permission | null> {
  const found = await readPermissions(session, workspaceId, { email, includeTechnicalUsers: true }, signal);
  return inUse(found.filter((one) => one.email?.toLowerCase() === email.toLowerCase())) ?? null;
}

/** A permission by its ID; null if it no longer exists. */
export async function permissionById(
  session: Session,
  workspaceId: string,
  id: string,
  signal?: AbortSignal,
): Promise<Permission | null> {
  const path = `${ROOT}/workspaces/${encodeURIComponent(workspaceId)}/permissions/${encodeURIComponent(id)}`;
  const body = await get(session, path, signal);
  if (!body) return null;
  const permission = permissionOf(body['data']);
  if (!permission) throw unreadable(session.host);
  return permission;
}

/** The permission of a user in the workspace; null if there is none. */
export async function permissionByUser(
  session: Session,
  workspaceId: string,
  userId: string,
  signal?: AbortSignal,
): Promise<Permission | null> {
  const body = await get(session, `${ROOT}/permissions?${new URLSearchParams({ userId, workspaceId })}`, signal);
  const data = body?.['data'] ?? [];
  if (!Array.isArray(data)) throw unreadable(session.host);
  return data.map(permissionOf).find((one) => one?.userId === userId) ?? null;
}

/**
 * Invites somebody to the workspace: `POST /idm/invite`. The answer is the user; the permission must be read.
 * @param hostId the user of the API token
 * Errors: `LEANIX_ADMIN_REQUIRED`, `LEANIX_REFUSED` (what LeanIX says), `OutcomeUnknown`.
 */
export async function invite(
  session: Session,
  workspaceId: string,
  hostId: string,
  { email, firstName, lastName, role, message, silent }: Invitation,
  signal?: AbortSignal,
): Promise<void> {
  const names = { ...(firstName && { firstName }), ...(lastName && { lastName }) };
  const body = {
    host: { id: hostId },
    user: { email, ...names },
    workspace: { id: workspaceId },
    permission: { role },
    ...(message && { message }),
  };
  await post(session, `${ROOT}/idm/invite?silent=${silent}`, body, signal);
}

/**
 * Gives a user's permission a role and a status: `POST /permissions`, which needs all four. An invited user stays
 * `INVITED` until the first login. `ARCHIVED` takes the access away, `ACTIVE` gives it back. The other parts are sent
 * as they were read: what happens to missing ones is not documented.
 * @param raw the permission as it was read
 * Errors: those of `invite`.
 */
export async function setPermission(
  session: Session,
  workspaceId: string,
  { userId, role, status, raw }: Pick<Permission, 'userId' | 'role' | 'status' | 'raw'>,
  signal?: AbortSignal,
): Promise<void> {
  const kept = Object.fromEntries(KEPT.flatMap((name) => (raw[name] ? [[name, raw[name]]] : [])));
  const body = { user: { id: userId }, workspace: { id: workspaceId }, role, status, ...kept };
  await post(session, `${ROOT}/permissions`, body, signal);
}

/** The envelope of an answer; null for a 404 about something that no longer exists. */
async function get(session: Session, path: string, signal?: AbortSignal): Promise<Record<string, unknown> | null> {
  const answer = await session.send({ method: 'GET', path, renewForbidden: true, signal });
  const body = parseObject(answer.text);
  if (answer.status === 404 && body) return null;
  assertAllowed(session.host, answer, body);
  assertApi(session, answer);
  if (!body) throw unreadable(session.host);
  if (body['status'] === 'ERROR') throw refused(session.host, answer.status, body);
  return body;
}

async function post(session: Session, path: string, body: unknown, signal?: AbortSignal): Promise<void> {
  const answer = await session.send({ method: 'POST', path, body, write: true, renewForbidden: true, signal });
  const said = parseObject(answer.text);
  assertAllowed(session.host, answer, said);
  if (answer.status < 300 && !said) {
    throw new OutcomeUnknown('leanix', session.host, 'unreadable answer', answer.status);
  }
  if (said && (answer.status >= 300 || said['status'] === 'ERROR')) {
    const { args, detail } = refused(session.host, answer.status, said);
    throw new RemoteError('LEANIX_REFUSED', 'leanix', { args: [args[1]!], status: answer.status, detail });
  }
  assertApi(session, answer);
}

/** Managing users requires an administrator: a 403 for a new bearer means that the token's user is none. */
function assertAllowed(host: string, { status, text }: Answer, body: Record<string, unknown> | null): void {
  if (status !== 403 || looksLikeHtml(text)) return;
  const { args, detail } = refused(host, status, body);
  throw systemError('leanix', 'ADMIN_REQUIRED', { args, detail, status });
}

/** A permission of a list, with its user; null for anything else. */
function permissionOf(entry: unknown): Permission | null {
  const permission = object(entry);
  const user = object(permission?.['user']);
  const { id, role, status } = permission ?? {};
  if (typeof id !== 'string' || typeof role !== 'string' || typeof status !== 'string') return null;
  const userId = user?.['id'];
  if (!user || typeof userId !== 'string') return null;
  return {
    id,
    userId,
    role,
    status,
    email: text(user['email']),
    lastLogin: isoTime(permission!['lastLogin']) ?? isoTime(user['lastLogin']),
    technical: user['technicalUser'] === true,
    scimManaged: user['scimManaged'] === true,
    raw: permission!,
  };
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
