import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { START } from '../../../scripts/memory.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const mta = parse(read('mta.yaml'));
const security = JSON.parse(read('xs-security.json'));
const configOf = (file: string) => {
  const { extends: base, resources } = parse(read(file));
  expect(base).toBe(mta.ID);
  expect(mta.resources.map(({ name }: any) => name)).toContain(resources[0].name);
  return resources[0].parameters.config;
};

test('what a service resource keeps of an address is that of the live routes', () => {
  const urls = mta.modules.flatMap(({ provides = [] }: any) => provides.map(({ properties = {} }: any) => properties));
  expect(urls).toContainEqual({ url: '${default-url}', liveUrl: '${default-live-url}' });
  const kept = JSON.stringify(mta.resources.map(({ parameters }: any) => parameters));
  expect(kept).toContain('~{leanix-integration-api/liveUrl}');
  expect(kept).not.toMatch(/\/url\}|default-url|default-uri/);
});

test('a second space has a name and role collections of its own, which give the same roles', () => {
  const { xsappname, 'role-collections': collections } = configOf('second-space.mtaext');
  expect(xsappname).not.toBe(security.xsappname);
  const roles = (all: any[]) => all.map((one) => one['role-template-references']);
  expect(roles(collections)).toEqual(roles(security['role-collections']));
  const names = security['role-collections'].map(({ name }: any) => name);
  expect(collections.filter(({ name }: any) => names.includes(name))).toEqual([]);
});

test('in China a sign-in leads back there, and nothing else changes', () => {
  const { 'redirect-uris': uris, ...others } = configOf('china.mtaext')['oauth2-configuration'];
  expect(uris).toEqual(['https://*.platform.sapcloud.cn/**']);
  expect(security['oauth2-configuration']).toMatchObject(others);
  expect(Object.keys(security['oauth2-configuration']).sort()).toEqual(
    [...Object.keys(others), 'redirect-uris'].sort(),
  );
});

test.each(['.', 'app/router', 'app/html5', 'db/deployer'])(
  '%s has a lock file that fits, and engines with an end',
  (folder) => {
    const { engines, dependencies } = JSON.parse(read(`${folder}/package.json`));
    expect(engines.node).toMatch(/^\d+(?: \|\| \d+)*$|<\d+$/);
    expect(existsSync(join(ROOT, folder, 'package-lock.json'))).toBe(true);
    const { packages } = JSON.parse(read(`${folder}/package-lock.json`));
    expect(packages['']).toMatchObject({ engines, dependencies });
    expect(Object.values<any>(packages).filter(({ resolved }) => resolved)).toEqual([]);
  },
);

test('the tables are made by the versions that the service runs on', () => {
  const lockOf = (folder: string) => JSON.parse(read(`${folder}/package-lock.json`)).packages;
  const versions = (packages: any, names: string[]) => names.map((name) => [name, packages[name]?.version]);
  const [service, deployer] = [lockOf('.'), lockOf('db/deployer')];
  const names = Object.keys(deployer).filter(Boolean);
  expect(names).toContain('node_modules/pg');
  expect(versions(deployer, names)).toEqual(versions(service, names));
});

test.each([
  ['512M', 384],
  ['512m', 384],
  ['1G', 768],
  ['2g', 1536],
  ['1024MB', 768],
  [undefined, 384],
  ['lots', 384],
])('in a container of %s the heap may take %i MB', (MEMORY_LIMIT, megabytes) => {
  const script = START.replace('exec node', 'echo');
  const env = { PATH: process.env['PATH'], ...(MEMORY_LIMIT && { MEMORY_LIMIT }) };
  const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8', env });
  expect(stdout.trim()).toBe(
    `--max-semi-space-size=4 --max-old-space-size=${megabytes} --max-http-header-size=65536 srv/start.js`,
  );
});
