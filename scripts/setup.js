/**
 * Installs what package-lock.json names, if it is not installed yet. Needs nothing but Node.js 20 and npm, since it
 * runs before anything is installed. The project itself runs on the Node.js that is one of those packages.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.installed');
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';

if (installed !== wanted) {
  console.log('Installing the packages that package-lock.json names; this takes a minute the first time …');
  const npm = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  if (run('npm', npm).status !== 0)
    fail('The packages could not be installed. See what npm says above, then try again.');
  const version = run('node', ['--version'], join(root, 'node_modules', '.bin')).stdout?.toString() ?? '';
  if (!(Number(/^v(\d+)/.exec(version)?.[1]) >= 24)) {
    fail('Node.js 24 was not installed with the packages. Allow npm to run the install script of the package "node".');
  }
  writeFileSync(stamp, wanted);
  console.log('Installed.');
}

/** Runs a command; with `path`, looks for it there first and keeps what it prints. */
function run(command, args, path) {
  const env = path
    ? { ...process.env, PATH: `${path}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}` }
    : process.env;
  return spawnSync(command, args, {
    cwd: root,
    env,
    stdio: path ? 'pipe' : 'inherit',
    shell: process.platform === 'win32',
  });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
