import { Router, type Request } from 'express';
import { permissionIdOf } from './bearers.ts';
import type { LeanIXState } from './state.ts';
import type { ApiToken, User } from './types.ts';

type Entry = Record<string, unknown>;

/** Workspaces, users and permissions, to be read only. */
export function mtmRoutes(state: LeanIXState): Router {
  const router = Router();
  router.get('/workspaces/:id', (req, res) => {
    if (req.params.id !== state.workspace.id) return void res.status(404).json(notFound('Workspace'));
    res.json(envelope('Workspace', workspaceOf(state)));
  });
  router.get('/workspaces/:id/permissions', (req, res) => {
    if (req.params.id !== state.workspace.id) return void res.status(404).json(notFound('Permission'));
    const found = permissionsOf(state, req.query.includeTechnicalUsers === 'true').filter((permission) =>
      fits(permission, req),
    );
    const { size, page } = pageOf(req);
    res.json(envelope('Permission', found.slice((page - 1) * size, page * size), found.length));
  });
  router.get('/users/:id', (req, res) => {
    const permission = permissionsOf(state, true).find(({ user }) => user.id === req.params.id);
    if (!permission) return void res.status(404).json(notFound('User'));
    res.json(envelope('User', permission.user));
  });
  return router;
}

/** The wrapping of every answer of MTM and of the REST part of Pathfinder. */
export function envelope(type: string, data: unknown, total = 1): Entry {
  return { status: 'OK', type, message: null, errors: [], total, data };
}

export function notFound(type: string): Entry {
  return { status: 'ERROR', type, message: `${type} not found`, errors: [], total: 0, data: null };
}

function permissionsOf(state: LeanIXState, withTechnicalUsers: boolean) {
  const people = state.users.map((user) => permissionOf(state, user.permissionId, personOf(state, user), user));
  if (!withTechnicalUsers) return people;
  const technical = state.apiTokens.map((token) => {
    return permissionOf(state, permissionIdOf(token), technicalUserOf(state, token), { ...token, status: 'ACTIVE' });
  });
  return [...people, ...technical];
}

function permissionOf(state: LeanIXState, id: string, user: Entry, { role, status }: { role: string; status: string }) {
  const active = status === 'ACTIVE';
  return { id, user, workspace: workspaceOf(state), workspaceId: state.workspace.id, role, status, active };
}

function personOf(state: LeanIXState, { id, email, firstName, lastName }: User): Entry {
  return userOf(state, id, { userName: email, email, firstName, lastName, technicalUser: false });
}

function technicalUserOf(state: LeanIXState, { userId, name }: ApiToken): Entry {
  return userOf(state, userId, { userName: name, technicalUserName: name, email: null, technicalUser: true });
}

function userOf({ workspace }: LeanIXState, id: string, rest: Entry): Entry {
  const account = { id: workspace.accountId, name: workspace.accountName ?? workspace.name };
  return {
    id,
    account,
    role: 'ACCOUNTUSER',
    status: 'ACTIVE',
    scimManaged: false,
    transientUser: false,
    ...rest,
    links: [],
  };
}

function workspaceOf({ workspace: { id, name } }: LeanIXState): Entry {
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

function fits(permission: ReturnType<typeof permissionOf>, { query }: Request): boolean {
  if (typeof query.email === 'string' && permission.user.email !== query.email) return false;
  return typeof query.status !== 'string' || permission.status === query.status;
}

/** Pages count from 1; page 0 is taken for the first one, as public scripts begin with it. */
function pageOf({ query }: Request): { page: number; size: number } {
  const page = Math.max(1, Number(query.page ?? 1) || 1);
  return { page, size: Math.min(100, Math.max(1, Number(query.size ?? 30) || 30)) };
}
