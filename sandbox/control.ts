import express from 'express';
import type { NextFunction, Request, Response, Router } from 'express';
import type { RuntimeArtifact } from './cpi/state.ts';
import type { Fault, Faults, RequestLog } from './faults.ts';
import type { Sandbox } from './sandbox.ts';
import type { Edit, FactSheet, User } from './leanix/state.ts';

const help = {
  'GET /sandbox': 'this list',
  'POST /sandbox/cpi/artifacts/{id}':
    'change what is deployed ({"version":"1.2.0","status":"ERROR","error":"…"}), or deploy it',
  'DELETE /sandbox/cpi/artifacts/{id}': 'undeploy',
  'GET /sandbox/leanix/factSheets': 'all fact sheets',
  'GET /sandbox/leanix/factSheets/{id}': 'one fact sheet',
  'PATCH /sandbox/leanix/factSheets/{id}':
    'change it as a colleague would ({"name":"…","status":"ARCHIVED","tags":["…"]})',
  'GET /sandbox/leanix/users': 'who has a permission for the workspace',
  'PATCH /sandbox/leanix/users/{id}':
    'change somebody as another admin would, or as time does ({"status":"ARCHIVED","role":"ADMIN"})',
  'DELETE /sandbox/leanix/users/{id}': 'let somebody vanish',
  'GET /sandbox/alerts': 'what was sent to the Alert Notification service',
  'POST /sandbox/{btp|leanix|cpi}/faults':
    'let something go wrong ({"kind":"429","retryAfter":"2","times":3,"match":{"path":"graphql"}})',
  'DELETE /sandbox/{btp|leanix|cpi}/faults': 'forget the faults that wait',
  'GET /sandbox/{btp|leanix|cpi}/log': 'the requests so far',
  'DELETE /sandbox/{btp|leanix|cpi}/log': 'forget them',
  'GET /sandbox/{leanix|cpi}/switches': 'how it behaves where tenants differ',
  'POST /sandbox/{leanix|cpi}/switches': 'change that',
  'POST /sandbox/reset': 'begin again with the seed',
};

const KINDS: Fault['kind'][] = ['429', 'status', 'reset', 'hang', 'lostAnswer', 'halfJson', 'html', 'delay'];

/** A small API to control the stand-ins from a terminal. It belongs to the sandbox, not to the systems. */
export function controlRouter(sandbox: () => Sandbox): Router {
  const router = express.Router();

  router.get('/', (_req, res) => {
    const { btp, leanix, cpi } = sandbox();
    res.json({ btp: btp.url, leanix: leanix.url, cpi: cpi.url, help });
  });

  router.post('/reset', async (_req, res) => {
    await sandbox().reset();
    res.status(204).end();
  });

  router
    .route('/cpi/artifacts/:id')
    .post((req, res) => {
      const { cpi } = sandbox();
      const { id } = req.params;
      const changes = { ...(req.body as Partial<RuntimeArtifact>), id };
      if (changes.version) cpi.saveVersion(id, changes.version);
      res.json(cpi.deploy(changes));
    })
    .delete((req, res) => {
      if (sandbox().cpi.undeploy(req.params.id)) res.status(204).end();
      else notFound(res, 'No artifact with this id is deployed');
    });

  router.get('/leanix/factSheets', (_req, res) => {
    const { state } = sandbox().leanix;
    res.json([...state.factSheets.values()].map((factSheet) => withTagNames(sandbox(), factSheet)));
  });

  router
    .route('/leanix/factSheets/:id')
    .get((req, res) => {
      const factSheet = sandbox().leanix.state.factSheets.get(req.params.id);
      if (factSheet) res.json(withTagNames(sandbox(), factSheet));
      else notFound(res, 'No such fact sheet');
    })
    .patch((req, res) => {
      const { state } = sandbox().leanix;
      if (!state.factSheets.has(req.params.id)) return notFound(res, 'No such fact sheet');
      res.json(withTagNames(sandbox(), sandbox().editFactSheet(req.params.id, req.body as Edit)));
    });

  router.get('/leanix/users', (_req, res) => void res.json(sandbox().leanix.state.users));
  router
    .route('/leanix/users/:id')
    .patch((req, res) => {
      const user = sandbox().editUser(req.params.id, req.body as Partial<User>);
      if (user) res.json(user);
      else notFound(res, 'No such user');
    })
    .delete((req, res) => {
      if (sandbox().removeUser(req.params.id)) res.status(204).end();
      else notFound(res, 'No such user');
    });

  router.get('/alerts', (_req, res) => void res.json(sandbox().btp.alerts));

  for (const name of ['btp', 'leanix', 'cpi'] as const) {
    addTraffic(router, name, () => sandbox()[name]);
  }
  addSwitches(router, 'leanix', () => sandbox().leanix.switches);
  addSwitches(router, 'cpi', () => sandbox().cpi.switches);
  router.use((_req, res) => notFound(res, 'GET /sandbox says what is here'));
  router.use((error: Error & { status?: number }, _req: Request, res: Response, _next: NextFunction) => {
    res.status(error.status ?? 400).json({ message: error.message });
  });
  return router;
}

function addTraffic(router: Router, name: string, target: () => { faults: Faults; log: RequestLog }): void {
  router
    .route(`/${name}/faults`)
    .post((req: Request, res: Response) => {
      const fault = req.body as Fault;
      if (!KINDS.includes(fault.kind)) {
        res.status(400).json({ message: `"kind" is one of ${KINDS.join(', ')}` });
        return;
      }
      target().faults.add(fault);
      res.status(204).end();
    })
    .delete((_req, res) => {
      target().faults.clear();
      res.status(204).end();
    });
  router
    .route(`/${name}/log`)
    .get((_req, res) => void res.json(target().log.entries))
    .delete((_req, res) => {
      target().log.clear();
      res.status(204).end();
    });
}

function addSwitches(router: Router, name: string, target: () => object): void {
  router
    .route(`/${name}/switches`)
    .get((_req, res) => void res.json(target()))
    .post((req: Request, res: Response) => {
      const changes = (req.body ?? {}) as Record<string, unknown>;
      const unknown = Object.keys(changes).filter((key) => !Object.hasOwn(target(), key));
      if (unknown.length > 0) {
        res.status(400).json({ message: `Unknown: ${unknown.join(', ')}` });
        return;
      }
      res.json(Object.assign(target(), changes));
    });
}

function withTagNames({ leanix }: Sandbox, factSheet: FactSheet) {
  return { ...factSheet, tags: leanix.state.tagNames(factSheet.id) };
}

function notFound(res: Response, message: string): void {
  res.status(404).json({ message });
}
