import { Router, type Request, type Response } from 'express';
import { MTMError, permissionsOf, permissionOf, userOf, workspaceOf } from './permissions.ts';
import { invite, setPermission, type Body } from './permission-writes.ts';
import { uuid, type LeanIXState } from './state.ts';
import type { Switches } from './switches.ts';
import type { ApiToken, User } from './types.ts';

type Entry = Record<string, unknown>;

/** `GET /permissions` is documented to give half as much as the list of a workspace. */
const PERMISSIONS_PAGE_LIMIT = 50;

/** Workspaces, users and permissions. */
export function mtmRoutes(state: LeanIXState, switches: Switches, onChange: () => void): Router {
  const router = Router();
  const invitedAt = new Map<User, number>();
  const isListed = (user: User) => Date.now() - (invitedAt.get(user) ?? -Infinity) >= switches.invitationLagMs;
  let pages = 0;
  const ordered = (found: Entry[]) => {
    if (switches.permissionOrder === 'stable') return found;
    pages++;
    const place = ({ id }: Entry) => uuid(`${pages} ${String(id)}`);
    return found.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
  };
  router.param('workspaceId', (_req, _res, next, id) => {
    next(id === state.workspace.id ? undefined : new MTMError(404, 'Workspace', 'Workspace not found'));
  });

  router.get('/workspaces/:workspaceId', (_req, res) => void res.json(envelope('Workspace', workspaceOf(state))));
  router.get('/workspaces/:workspaceId/permissions', (req, res) => {
    const filter = { ...texts(req), includeTechnicalUsers: req.query.includeTechnicalUsers };
    const found = permissionsOf(state, filter, isListed);
    sendPage(req, res, ordered(found), switches.permissionPageLimit);
  });
  router.get(
    '/workspaces/:workspaceId/permissions/stats',
    (_req, res) => void res.json(envelope('Stat', stats(state))),
  );
  router.get(['/workspaces/:workspaceId/permissions/:id', '/permissions/:id'], (req, res) => {
    const user = state.users.find(({ permissionId }) => permissionId === req.params.id);
    if (!user) throw new MTMError(404, 'Permission', 'Permission not found');
    res.json(envelope('Permission', permissionOf(state, user)));
  });
  router.get('/permissions', (req, res) => {
    const found = permissionsOf(state, { ...texts(req), includeTechnicalUsers: 'true' }, isListed);
    sendPage(req, res, ordered(found), Math.min(PERMISSIONS_PAGE_LIMIT, switches.permissionPageLimit));
  });
  router.get('/users/:id', (req, res) => {
    const user = state.users.find(({ id }) => id === req.params.id);
    if (!user) throw new MTMError(404, 'User', 'User not found');
    res.json(envelope('User', userOf(state, user)));
  });

  router.post('/permissions', (req, res) => {
    const changed = setPermission(state, ownerOf(res), bodyOf(req));
    onChange();
    // The documented example has a total of 0 here.
    res.json(envelope('Permission', permissionOf(state, changed), 0));
  });
  router.post('/idm/invite', (req, res) => {
    const before = state.users.length;
    const invited = invite(state, switches, ownerOf(res), bodyOf(req), req.query.silent === 'true');
    if (state.users.length > before) invitedAt.set(invited, Date.now());
    onChange();
    const where = { workspaceInstanceUrl: `${req.protocol}://${req.get('host')}`, workspaceName: state.workspace.name };
    res.json({ ...envelope('User', userOf(state, invited)), ...where });
  });

  router.use((error: unknown, _req: Request, res: Response, next: (error: unknown) => void) => {
    if (!(error instanceof MTMError)) return next(error);
    res.status(error.status).json({ ...refusal(error.type, error.message), errors: error.errors });
  });
  return router;
}

/** The wrapping of every answer of MTM and of the REST part of Pathfinder. */
export function envelope(type: string, data: unknown, total = 1): Entry {
  return { status: 'OK', type, message: null, errors: [], total, data };
}

export function notFound(type: string): Entry {
  return refusal(type, `${type} not found`);
}

function refusal(type: string, message: string): Entry {
  return { status: 'ERROR', type, message, errors: [], total: 0, data: null };
}

/** Pages count from 1; page 0 is taken for the first one, as public scripts begin with it. */
function sendPage({ query }: Request, res: Response, found: Entry[], limit: number): void {
  const page = Math.max(1, Number(query.page ?? 1) || 1);
  const size = Math.min(limit, Math.max(1, Number(query.size ?? 30) || 30));
  res.json(envelope('Permission', found.slice((page - 1) * size, page * size), found.length));
}

/** How many permissions there are in each status, and of which roles. */
function stats({ users }: LeanIXState): Entry[] {
  const people = users.filter(({ technical }) => !technical);
  const count = (some: User[], key: 'status' | 'role') =>
    Object.entries(Object.groupBy(some, (user) => user[key])).map(([name, group = []]) => ({ name, group }));
  return count(people, 'status').map(({ name, group }) => ({
    key: name,
    value: String(group.length),
    type: 'Integer',
    roleDetails: count(group, 'role').map((role) => ({ permissionRole: role.name, count: role.group.length })),
  }));
}

function texts({ query }: Request): Record<string, string> {
  const given = Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(given);
}

function bodyOf(req: Request): Body {
  try {
    return (JSON.parse(req.body as string) ?? {}) as Body;
  } catch {
    throw new MTMError(400, 'Error', 'Unable to process JSON');
  }
}

function ownerOf(res: Response): ApiToken {
  return res.locals.owner as ApiToken;
}
