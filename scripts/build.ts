/**
 * Builds gen/srv: the service compiled to JavaScript, ready for Cloud Foundry, without sandbox and tests. The types of
 * the model have to be there, see `npm run types`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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

const { scripts: _, devDependencies: __, overrides: ___, ...manifest } = readJson(join(root, 'package.json'));
const own = { ...manifest, scripts: { start: 'cds-serve' }, engines: { node: '>=22' } };
writeFileSync(join(target, 'package.json'), JSON.stringify(own, null, 2) + '\n');
cpSync(join(root, 'package-lock.json'), join(target, 'package-lock.json'));

// A service without its handlers would be served all the same, and do nothing.
for (const source of globSync('srv/**/*.ts', { cwd: root, exclude: (name) => name.endsWith('.d.ts') })) {
  if (source.endsWith('.d.ts')) continue;
  const compiled = join(target, source.replace(/\.ts$/, '.js'));
  if (!existsSync(compiled)) throw new Error(`${compiled} is missing: it was not compiled`);
}

function run(command: string, ...args: string[]): void {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}

function readJson(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}
