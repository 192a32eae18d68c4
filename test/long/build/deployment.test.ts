import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import cds from '@sap/cds';
import { strFromU8, unzipSync } from 'fflate';
import { parse } from 'yaml';

type Requirement = { name: string; group?: string; properties?: Record<string, unknown> };
type Module = {
  name: string;
  path?: string;
  type: string;
  requires?: Requirement[];
  provides?: { name: string; properties?: object }[];
  parameters?: any;
  properties?: Record<string, unknown>;
  'build-parameters'?: any;
};
type Resource = { name: string; type?: string; parameters?: any; properties?: object; requires?: Requirement[] };
type Descriptor = { modules: Module[]; resources: Resource[]; version: string; ID: string; 'build-parameters': any };

const ROOT = join(import.meta.dirname, '..', '..', '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const mta = parse(read('mta.yaml')) as Descriptor;
const moduleOf = (name: string) => mta.modules.find((one) => one.name === name)!;
const folder = mkdtempSync(join(tmpdir(), 'leanix-deploy-'));
const postgres = join(folder, 'postgres');
const hana = join(folder, 'hana');

beforeAll(() => {
  build(postgres, '');
  build(hana, 'hana');
}, 400_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The place of a path of mta.yaml, with the build in a folder of this test. */
const place = (path: string, built: string) => (/^gen\b/.test(path) ? join(built, path.slice(4)) : join(ROOT, path));

describe('mta.yaml', () => {
  test('builds with commands that are there, a fresh install first', () => {
    const [first, ...others] = mta['build-parameters']['before-all'].flatMap((one: any) => one.commands as string[]);
    expect(first).toBe('npm ci');
    const { scripts, version } = JSON.parse(read('package.json'));
    for (const command of others) {
      const [, script] = /^npm run ([\w:]+)$/.exec(command) ?? [];
      expect(scripts).toHaveProperty([script ?? command]);
    }
    expect(mta.version).toBe(version);
  });

  test('names only folders and files that are there after the build', () => {
    for (const { path, parameters, 'build-parameters': params } of [...mta.modules, ...mta.resources] as Module[]) {
      const named = path ?? parameters?.path;
      if (!named) continue;
      const found = join(place(named, postgres), params?.['build-result'] ?? '');
      expect(existsSync(found) ? '' : found).toBe('');
      if (path) expect(existsSync(join(found, 'package.json')) ? '' : found).toBe('');
    }
  });

  test('every module starts by a script of its own, and what it needs is declared there', () => {
    const programs = mta.modules.filter(({ path }) => path);
    expect(programs).toHaveLength(4);
    for (const { path, 'build-parameters': params } of programs) {
      const own = JSON.parse(
        readFileSync(join(place(path!, postgres), params?.['build-result'] ?? '', 'package.json'), 'utf8'),
      );
      expect(own.scripts.start).toEqual(expect.any(String));
      const [, needed] = /node_modules\/(@[\w-]+\/[\w-]+|[\w-]+)\//.exec(own.scripts.start) ?? [];
      if (needed) expect(own.dependencies).toHaveProperty([needed]);
    }
  });

  test('every program of the archive has a lock file that npm takes, and engines with an end', () => {
    for (const { path, 'build-parameters': params } of mta.modules.filter((one) => one.path)) {
      const program = join(place(path!, postgres), params?.['build-result'] ?? '');
      const { engines, dependencies } = JSON.parse(readFileSync(join(program, 'package.json'), 'utf8'));
      expect(engines).toEqual({ node: '22 || 24' });
      const { packages } = JSON.parse(readFileSync(join(program, 'package-lock.json'), 'utf8'));
      expect(packages[''].dependencies).toEqual(dependencies);
    }
  });

  test('the deployer of the tables has the configuration that CAP makes for it', () => {
    const own = JSON.parse(readFileSync(join(postgres, 'pg', 'package.json'), 'utf8'));
    expect(own.cds.requires.db).toMatchObject({ kind: 'postgres', schema_evolution: 'auto' });
    expect(own.scripts.start).toBe('cds-deploy');
  });

  test('every module and resource gets what it requires, with the properties that it names', () => {
    const provided = new Map<string, object>();
    for (const { name, properties } of mta.resources) provided.set(name, properties ?? {});
    for (const { provides } of mta.modules) {
      for (const { name, properties } of provides ?? []) provided.set(name, properties ?? {});
    }
    for (const part of [...mta.modules, ...mta.resources]) {
      for (const { name, properties } of part.requires ?? []) {
        expect([...provided.keys()]).toContain(name);
        for (const [, property] of JSON.stringify(properties ?? {}).matchAll(/~\{(\w+)\}/g))
          expect(provided.get(name)).toHaveProperty([property!]);
      }
      for (const [, name, property] of JSON.stringify(part).matchAll(/~\{([\w-]+)\/(\w+)\}/g)) {
        expect((part.requires ?? []).map((one) => one.name)).toContain(name);
        expect(provided.get(name!)).toHaveProperty([property!]);
      }
    }
    const required = [...mta.modules, ...mta.resources].flatMap((one) => (one.requires ?? []).map(({ name }) => name));
    expect([...provided.keys()].filter((name) => !required.includes(name))).toEqual([]);
  });

  test('the service has its bindings, two instances, and a check for life and one for readiness', () => {
    const { requires, parameters } = moduleOf('leanix-integration-srv');
    const labels = requires!.map(({ name }) => mta.resources.find((one) => one.name === name)?.parameters.service);
    expect(labels.sort()).toEqual(['destination', 'postgresql-db', 'xsuaa']);
    expect(parameters).toMatchObject({
      instances: 2,
      'health-check-type': 'http',
      'health-check-http-endpoint': '/health',
      'readiness-health-check-http-endpoint': '/health/ready',
    });
  });

  test('no destination with a secret is made or overwritten by a deployment', () => {
    const written = JSON.stringify(mta.resources) + JSON.stringify(mta.modules);
    expect(written).not.toMatch(/"Name":"(?:LEANIX|CPI)"|clientSecret|Password/);
  });
});

describe('the application router', () => {
  const routers = ['app/router', 'app/runtime', 'app/settings', 'app/access'];
  const { modules, resources } = mta;
  const group = modules.flatMap(({ requires }) => requires ?? []).filter((one) => one.group === 'destinations');
  const ofRouter = group.map((one) => one.properties!['name']);
  const ofInstance = resources
    .flatMap((one) => one.parameters?.config?.init_data?.instance.destinations ?? [])
    .map((one: { Name: string }) => one.Name);

  test.each(routers)(
    '%s: every destination exists, everybody signs in but for health, writing needs a token',
    (path) => {
      const { routes } = JSON.parse(read(`${path}/xs-app.json`)) as { routes: any[] };
      for (const { source, destination, authenticationType, csrfProtection } of routes) {
        if (destination) expect(ofRouter).toContain(destination);
        if (destination && path !== 'app/router') expect(ofInstance).toContain(destination);
        expect(authenticationType).toBe(source === '^/health$' ? 'none' : 'xsuaa');
        expect(csrfProtection ?? true).toBe(true);
      }
    },
  );

  test('sends headers that keep other people’s scripts and frames out', () => {
    const headers = JSON.parse(moduleOf('leanix-integration-router').properties!['httpHeaders'] as string) as object[];
    const all = Object.assign({}, ...headers) as Record<string, string>;
    expect(all['Content-Security-Policy']).toMatch(/default-src 'self'.*object-src 'none'.*frame-ancestors 'self'/);
    expect(all['Content-Security-Policy']).not.toMatch(/\*|script-src[^;]*unsafe/);
    expect(Object.keys(all)).toEqual(
      expect.arrayContaining(['Strict-Transport-Security', 'X-Content-Type-Options', 'Referrer-Policy']),
    );
  });
});

describe('the apps', () => {
  const contentOf = (app: string) =>
    unzipSync(readFileSync(join(postgres, 'html5', 'resources', `leanixintegration${app}.zip`)));

  test.each(['runtime', 'settings', 'access'])('%s is shipped as the repository and the launchpad expect it', (app) => {
    const content = contentOf(app);
    const files = Object.keys(content);
    expect(files).toEqual(
      expect.arrayContaining(['manifest.json', 'xs-app.json', 'Component-preload.js', 'i18n/i18n_de.properties']),
    );
    expect(files.filter((file) => /\.ts$|-dbg|\.map$/.test(file))).toEqual([]);
    const page = strFromU8(content['index.html']!);
    expect([...page.matchAll(/leanix\.integration\.(\w+)/g)].map(([, name]) => name)).toEqual([app, app, app]);
    expect(page).not.toContain('{{');
    const manifest = JSON.parse(strFromU8(content['manifest.json']!));
    expect(manifest['sap.cloud']).toEqual({ public: true, service: 'leanix.integration' });
    const inbounds = Object.entries<any>(manifest['sap.app'].crossNavigation.inbounds);
    for (const [name, { semanticObject, action }] of inbounds) expect(name).toBe(`${semanticObject}-${action}`);
    // Below the app's own path, since the launchpad's router can route only from there.
    expect(manifest['sap.app'].dataSources.mainService.uri).toBe(`odata/v4/${app}/`);
    const destinations = mta.modules.flatMap(({ parameters }) => parameters?.content?.instance.destinations ?? []);
    expect(destinations.map((one: any) => one['sap.cloud.service'])).toEqual([
      'leanix.integration',
      'leanix.integration',
    ]);
  });
});

describe('SAP HANA Cloud', () => {
  test('gets a table for every entity that is stored, and a program that deploys them', async () => {
    const csn = cds.compile.for.nodejs(await cds.load(join(ROOT, 'srv')));
    const tables = globSync('src/gen/*.hdbtable', { cwd: join(hana, 'db') }).map((file) => file.slice(8, -9));
    const stored = Object.entries<any>(csn.definitions as object)
      .filter(
        ([name, { kind, query, projection }]) => kind === 'entity' && !query && !projection && /^leanix\./.test(name),
      )
      .filter(([, one]) => !one['@cds.persistence.skip'])
      .map(([name]) => name.replace(/\.texts$/, '_texts'));
    expect(stored.length).toBeGreaterThan(5);
    expect(tables).toEqual(expect.arrayContaining(stored));
    const { scripts, dependencies } = JSON.parse(readFileSync(join(hana, 'db', 'package.json'), 'utf8'));
    expect(scripts.start).toContain('@sap/hdi-deploy');
    expect(dependencies).toHaveProperty(['@sap/hdi-deploy']);
  });

  test('the service is built for it, with its driver; built for PostgreSQL it has neither', () => {
    const config = (built: string) => JSON.parse(readFileSync(join(built, 'srv', '.cdsrc.json'), 'utf8'));
    const own = (built: string) => JSON.parse(readFileSync(join(built, 'srv', 'package.json'), 'utf8'));
    expect(config(hana).requires.db).toEqual({ kind: 'hana' });
    expect(own(hana).dependencies).toHaveProperty(['@cap-js/hana']);
    expect(config(postgres).requires.db).toEqual({ kind: 'postgres' });
    expect(own(postgres).dependencies).not.toHaveProperty(['@cap-js/hana']);
  });

  test('hana.mtaext changes only what is in mta.yaml', () => {
    const ext = parse(read('hana.mtaext')) as Descriptor & { extends: string };
    expect(ext.extends).toBe(mta.ID);
    for (const { name, 'build-parameters': params } of ext.modules) {
      const { path } = moduleOf(name);
      expect(existsSync(join(place(path!, hana), params['build-result'] ?? '', 'package.json'))).toBe(true);
    }
    for (const { name } of ext.resources) expect(mta.resources.map((one) => one.name)).toContain(name);
  });
});

function build(to: string, DATABASE: string): void {
  const { status, stdout, stderr } = spawnSync('node', ['scripts/build.ts', '--to', to], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, DATABASE },
  });
  if (status !== 0) throw new Error(stdout + stderr);
}
