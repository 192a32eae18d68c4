import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { unzipSync } from 'fflate';
import { parse } from 'yaml';
import type { Sandbox } from '../../../sandbox/index.ts';
import { hasUI5, ui5Folder } from '../../../scripts/screens/ui5.ts';
import { built } from './built.ts';
import { freePort } from './free-port.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const APPS = ['leanixintegrationruntime', 'leanixintegrationsettings', 'leanixintegrationaccess'];

/** The application router as mta.yaml starts it, in front of a service, with the built apps. */
export type Router = { url: string; output(): string; memory(): number; stop(): Promise<void> };

/** @param service the address of the service */
export async function startRouter(sandbox: Sandbox, service: string): Promise<Router> {
  const repository = await listen(htmlRepository());
  const framework = await listen(express().use('/resources', express.static(join(ui5Folder, 'resources'))));
  const port = await freePort();
  const bound = JSON.parse(sandbox.env()['VCAP_SERVICES']!) as Record<
    string,
    { credentials: Record<string, string> }[]
  >;
  const { clientid, clientsecret, url } = bound['destination']![0]!.credentials;
  const uaa = { clientid, clientsecret, url, identityzone: 'sandbox', tenantmode: 'dedicated' };
  const runtime = {
    name: 'leanix-integration-html5-runtime',
    label: 'html5-apps-repo',
    plan: 'app-runtime',
    tags: ['html5appsrepo', 'html5-apps-repo-rt', 'html5-apps-rt', 'html5-apps-repo-runtime'],
    credentials: {
      uri: address(repository),
      uaa,
      grant_type: 'client_credentials',
      'sap.cloud.service': 'html5-apps-repo-rt',
    },
  };
  const own = JSON.parse(readFileSync(join(ROOT, 'app', 'router', 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  const flags = own.scripts.start.split(' ').filter((part) => part.startsWith('--'));
  const child = spawn(process.execPath, [...flags, join(ROOT, 'node_modules/@sap/approuter/approuter.js')], {
    cwd: join(ROOT, 'app', 'router'),
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      NODE_ENV: 'production',
      PORT: String(port),
      ...properties(),
      VCAP_SERVICES: JSON.stringify({ xsuaa: bound['xsuaa'], 'html5-apps-repo': [runtime] }),
      destinations: JSON.stringify(destinations({ '~{url}': service, ui5: address(framework) })),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  const exited = once(child, 'exit');
  const router: Router = {
    url: `http://localhost:${port}`,
    output: () => output,
    memory: () => residentMB(child.pid!),
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 5000);
      await exited;
      clearTimeout(late);
      for (const server of [repository, framework]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
  for (const until = Date.now() + 60_000; ; await sleep(100)) {
    const answer = await fetch(`${router.url}/health`).catch(() => null);
    if (answer) return router;
    if (child.exitCode !== null || Date.now() > until) throw new Error(`The router did not start:\n${output}`);
  }
}

/** The memory of a process in MB, as the system counts it for the limit of a container (Linux only). */
function residentMB(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}

/** Whether SAPUI5 has been prepared on this computer. */
export { hasUI5 };

/** The environment of the router in mta.yaml. */
function properties(): Record<string, string> {
  const entries = Object.entries(routerModule().properties);
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

/** The destinations of mta.yaml, with local addresses. */
function destinations(addresses: Record<string, string>): object[] {
  const named = routerModule().requires.filter(({ group }) => group === 'destinations');
  return named.map(({ properties }) => ({
    ...properties,
    url: addresses[String(properties!['name'])] ?? addresses[String(properties!['url'])],
  }));
}

type RouterModule = {
  name: string;
  properties: Record<string, unknown>;
  requires: { group?: string; properties?: Record<string, unknown> }[];
};

function routerModule(): RouterModule {
  const { modules } = parse(readFileSync(join(ROOT, 'mta.yaml'), 'utf8')) as { modules: RouterModule[] };
  return modules.find(({ name }) => name === 'leanix-integration-router')!;
}

/** Serves the zips of the build as the HTML5 application repository does. */
function htmlRepository() {
  const repository = express();
  const content = new Map(
    APPS.map((app) => [app, unzipSync(readFileSync(join(built, 'html5', 'resources', `${app}.zip`)))]),
  );
  repository.use((req, res, next) =>
    /^bearer ./i.test(req.headers.authorization ?? '') ? next() : res.sendStatus(401),
  );
  repository.get(/^\/([^/]+)\/(.+)$/, (req, res) => {
    const [name = '', file = ''] = [req.params[0], req.params[1]];
    const app = content.get(name);
    // The repository answers 503 for an unknown app; the router then uses its own xs-app.json.
    if (!app) return void res.sendStatus(503);
    const found = app[file];
    if (found) res.type(file.split('.').at(-1)!).send(Buffer.from(found));
    else res.sendStatus(404);
  });
  return repository;
}

async function listen(app: express.Express): Promise<Server> {
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const address = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
