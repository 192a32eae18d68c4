/**
 * Builds gen/srv: the service compiled to JavaScript, ready for Cloud Foundry, without sandbox and tests. The types of
 * the model have to be there, see `npm run types`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MEMORY_FLAGS } from './memory.ts';

const root = join(import.meta.dirname, '..');
const target = join(root, 'gen', 'srv');

rmSync(target, { recursive: true, force: true });
run('cds', 'build', '--production');
run('tsc', '-p', 'tsconfig.build.json');

// CAP copies the sources beside what was compiled from them: in production only JavaScript may be found.
for (const file of globSync('srv/**/*.ts', { cwd: target })) rmSync(join(target, file));
for (const file of ['eslint.config.js', 'jest.config.js']) rmSync(join(target, file), { force: true });
cpSync(join(root, '@cds-models'), join(target, '@cds-models'), { recursive: true });
cpSync(join(root, '_i18n'), join(target, '_i18n'), { recursive: true });
// Names of codes: tables that the service makes itself are filled from here.
cpSync(join(root, 'db', 'data'), join(target, 'db', 'data'), { recursive: true });

const own = readJson(join(root, 'package.json'));
for (const key of ['devDependencies', 'overrides', 'allowScripts']) delete own[key];
Object.assign(own, {
  scripts: { start: `NODE_OPTIONS="${MEMORY_FLAGS} $NODE_OPTIONS" cds-serve` },
  engines: { node: '>=22' },
});
writeFileSync(join(target, 'package.json'), JSON.stringify(own, null, 2) + '\n');
writeFileSync(
  join(target, '.cdsrc.json'),
  JSON.stringify(productive(readJson(join(root, '.cdsrc.json'))), null, 2) + '\n',
);
cpSync(join(root, 'package-lock.json'), join(target, 'package-lock.json'));

// A service without its handlers would be served all the same, and do nothing.
for (const source of globSync('srv/**/*.ts', { cwd: root })) {
  if (source.endsWith('.d.ts')) continue;
  const compiled = join(target, source.replace(/\.ts$/, '.js'));
  if (!existsSync(compiled)) throw new Error(`${compiled} is missing: it was not compiled`);
}

/** Only what holds in production, whatever NODE_ENV says: the local users must not get in by a variable that is missing. */
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

function run(command: string, ...args: string[]): void {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}

function readJson(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}
