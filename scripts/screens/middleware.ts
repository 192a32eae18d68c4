/**
 * Serves the screens locally: SAPUI5, the apps in TypeScript, the launchpad and a sign-in page. Nothing of it is
 * deployed.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type NextFunction, type Request, type RequestHandler, type Response, type Router } from 'express';
import { transpile } from './transpile.ts';
import { prepared, progress, servedFolders } from './ui5.ts';

const root = join(import.meta.dirname, '..', '..');
/** Files shared by all apps. */
const common = join(root, 'app', 'common', 'webapp');
const APPS = ['runtime', 'settings', 'access'];
const USERS = ['viewer', 'admin', 'enterprise', 'enterprise2'];
const NO_APPS = { services: { ClientSideTargetResolution: { adapter: { config: { inbounds: {} } } } } };
const COOKIE = 'leanix-local-user';
const KEY = 'leanix-local-key';

/**
 * Everything for the browser except the services.
 * @param password of all local users, passed with the first address; by default their names
 */
export function screens(password?: string): Router {
  const router = express.Router();
  router.use(keepKey, localUser(password));
  router.use(servicesOfApps);
  router.use(
    '/test-resources/sap/ushell/shells/sandbox/fioriSandboxConfig.json',
    (_req, res) => void res.json(NO_APPS),
  );
  router.get('/launchpad/progress', (_req, res) => void res.set('Cache-Control', 'no-store').json(progress()));
  for (const part of ['resources', 'test-resources']) router.use(`/${part}`, framework(part));
  for (const app of APPS) {
    const folder = join(root, 'app', app, 'webapp');
    router.get(`/${app}/Component-preload.js`, (_req, res) => void res.type('js').send(''));
    router.use(`/${app}`, typescript(folder), express.static(folder), typescript(common));
    router.use(`/${app}/ext`, express.static(join(common, 'ext')));
  }
  router.get(['/launchpad', '/launchpad/'], (_req, res, next) => {
    if (progress().ready) next();
    else res.set('Cache-Control', 'no-store').sendFile(join(root, 'app', 'launchpad', 'preparing.html'));
  });
  router.get('/', (req, res) => res.redirect(userOf(req) ? '/launchpad/' : '/launchpad/signin.html'));
  router.get('/launchpad/as/:user', (req, res) => {
    const user = USERS.includes(req.params.user) ? req.params.user : '';
    res.cookie(COOKIE, user, { sameSite: 'strict', path: '/' }).redirect(user ? '/launchpad/' : '/');
  });
  router.use('/launchpad', express.static(join(root, 'app', 'launchpad')));
  // Optional files that the launchpad's sandbox asks for.
  router.use(['/appconfig/fioriSandboxConfig.json'], (_req, res) => void res.json({}));
  router.use('/favicon.ico', (_req, res) => void res.status(204).end());
  return router;
}

/** Apps call their service below their own path, as behind the launchpad. */
function servicesOfApps(req: Request, _res: Response, next: NextFunction): void {
  req.url = req.url.replace(new RegExp(`^/(?:${APPS.join('|')})(?=/odata/)`), '');
  next();
}

/** Files of SAPUI5; waits for libraries that are still being prepared. */
function framework(part: string) {
  const folders = new Map<string, RequestHandler>();
  return async (req: Request, res: Response) => {
    await prepared(req.path.slice(1));
    const next = (left: string[]) => {
      const [folder] = left;
      if (!folder) return void res.status(404).end();
      const files = folders.get(folder) ?? express.static(join(folder, part), { maxAge: '1h' });
      folders.set(folder, files);
      void files(req, res, () => next(left.slice(1)));
    };
    next(servedFolders());
  };
}

/** The first address may carry the password; later requests use a cookie. */
function keepKey(req: Request, res: Response, next: NextFunction): void {
  const { key } = req.query;
  if (req.path !== '/' || typeof key !== 'string') return next();
  res.cookie(KEY, key, { sameSite: 'strict', httpOnly: true, path: '/' }).redirect('/');
}

/** The user from the sign-in page, as the services expect it. */
function localUser(password?: string) {
  return (req: Request, _res: Response, next: NextFunction) => {
    const user = userOf(req);
    const known = password ? new RegExp(`(?:^|; )${KEY}=([\\w-]+)`).exec(req.headers.cookie ?? '')?.[1] : user;
    if (user && known) req.headers.authorization ??= `Basic ${Buffer.from(`${user}:${known}`).toString('base64')}`;
    next();
  };
}

function userOf(req: Request): string | undefined {
  const cookie = new RegExp(`(?:^|; )${COOKIE}=(\\w+)`).exec(req.headers.cookie ?? '')?.[1];
  return USERS.find((user) => user === cookie);
}

/** Answers the JavaScript of a module that is written in TypeScript. */
function typescript(folder: string) {
  return async (req: Request, res: Response, next: NextFunction) => {
    const file = join(folder, req.path.replace(/\.js$/, '.ts'));
    if (!/^[\w/.-]+\.js$/.test(req.path) || req.path.includes('..') || !existsSync(file)) return next();
    res.type('js').send(await transpile(file));
  };
}
