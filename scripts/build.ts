/**
 * Builds what mta.yaml deploys: the service in JavaScript (gen/srv), the database deployer (gen/pg, or gen/db with
 * `DATABASE=hana`), and the apps (gen/html5). Needs the types, see `npm run types`. `--to <folder>` replaces gen.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildApps } from './build-apps.ts';
import { START } from './memory.ts';

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({ options: { to: { type: 'string', default: join(root, 'gen') } } });
const all = resolve(values.to);
const target = join(all, 'srv');
/** Node.js versions for the buildpack of Cloud Foundry. */
const ENGINES = { node: '22 || 24' };
const hana = process.env['DATABASE'] === 'hana';

for (const folder of ['srv', 'db', 'pg']) rmSync(join(all, folder), { recursive: true, force: true });
// CAP creates the deployer of the configured database.
const config = { build: { target: relative(root, all) }, ...(hana && { requires: { db: { kind: 'hana' } } }) };
// Without --no-clean it would empty the folder while other builds use it.
run(root, 'cds', ['build', '--production', '--no-clean'], { CDS_CONFIG: JSON.stringify(config) });
run(root, 'tsc', ['-p', 'tsconfig.build.json', '--outDir', target]);

// Production must contain JavaScript only, but CAP copies the sources too.
for (const file of globSync('srv/**/*.ts', { cwd: target })) rmSync(join(target, file));
for (const file of ['eslint.config.js', 'jest.config.js', 'jest.long.config.js'])
  rmSync(join(target, file), { force: true });
cpSync(join(root, '@cds-models'), join(target, '@cds-models'), { recursive: true });
cpSync(join(root, '_i18n'), join(target, '_i18n'), { recursive: true });
// Data of the code lists, for tables that the service creates itself.
cpSync(join(root, 'db', 'data'), join(target, 'db', 'data'), { recursive: true });

const own = readJson(join(root, 'package.json'));
for (const key of ['devDependencies', 'overrides', 'allowScripts']) delete own[key];
Object.assign(own, { scripts: { start: START }, engines: ENGINES });
if (hana) Object.assign(own['dependencies'] as object, { '@cap-js/hana': '^2.8.0 || ^3' });
writeFileSync(join(target, 'package.json'), JSON.stringify(own, null, 2) + '\n');
const settings = productive(readJson(join(root, '.cdsrc.json')));
if (hana) Object.assign(settings['requires'] as object, { db: { kind: 'hana' } });
writeFileSync(join(target, '.cdsrc.json'), JSON.stringify(settings, null, 2) + '\n');
// npm refuses packages that the lock file lacks.
if (!hana) cpSync(join(root, 'package-lock.json'), join(target, 'package-lock.json'));

if (hana) boundEngines(join(all, 'db', 'package.json'));
else lockDeployer(join(all, 'pg'));
await buildApps(join(all, 'html5'));

// A service without its handlers would start and do nothing.
for (const source of globSync('srv/**/*.ts', { cwd: root })) {
  if (source.endsWith('.d.ts')) continue;
  const compiled = join(target, source.replace(/\.ts$/, '.js'));
  if (!existsSync(compiled)) throw new Error(`${compiled} is missing: it was not compiled`);
}

function boundEngines(file: string): void {
  writeFileSync(file, JSON.stringify({ ...readJson(file), engines: ENGINES }, null, 2) + '\n');
}

/** The program that creates the tables, with its lock file. CAP adds the configuration of the database. */
function lockDeployer(folder: string): void {
  const source = join(root, 'db', 'deployer');
  const file = join(folder, 'package.json');
  const made = readJson(file);
  const own = readJson(join(source, 'package.json'));
  const names = ({ dependencies }: Record<string, unknown>) =>
    Object.keys(dependencies as object)
      .sort()
      .join(', ');
  if (names(own) !== names(made)) throw new Error(`db/deployer/package.json has to name ${names(made)}`);
  writeFileSync(file, JSON.stringify({ ...own, cds: made['cds'] }, null, 2) + '\n');
  cpSync(join(source, 'package-lock.json'), join(folder, 'package-lock.json'));
}

/** The production profile, whatever NODE_ENV says: a missing variable must not let local users in. */
function productive(config: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(config)
    .filter(([key]) => !key.startsWith('['))
    .map(([key, value]) => [key, isObject(value) ? productive(value) : value]);
  const chosen = config['[production]'];
  return { ...Object.fromEntries(entries), ...(isObject(chosen) && chosen) } as Record<string, unknown>;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function run(cwd: string, command: string, args: string[], env: Record<string, string> = {}): void {
  const options = {
    cwd,
    env: { ...process.env, ...env },
    stdio: 'inherit',
    shell: process.platform === 'win32',
  } as const;
  const { status } = spawnSync(command, args, options);
  if (status !== 0) process.exit(status ?? 1);
}

function readJson(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}
