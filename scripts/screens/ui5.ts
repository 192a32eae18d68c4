/**
 * SAPUI5 for local use. The framework comes from npm packages; it is built once for each version, into a cache outside
 * of the project, and served from there as plain files. Deployed apps use the launchpad's own SAPUI5 instead.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, setPriority } from 'node:os';
import { join } from 'node:path';

/** A line of long-term maintenance whose libraries all exist as npm packages; not every version has them. */
const UI5_VERSION = '1.136.20';

const LIBRARIES = ['sap.m', 'sap.ui.core', 'sap.f', 'sap.fe.templates', 'sap.ushell', 'themelib_sap_horizon'];
const CACHE = process.env['LEANIX_UI5_CACHE'] ?? join(homedir(), '.cache', 'leanix-integration');

/** Where the built framework is, or will be. */
export const ui5Folder = join(CACHE, `ui5-${UI5_VERSION}`);

/** Whether the framework can be served. */
export const hasUI5 = () => existsSync(join(ui5Folder, 'resources', 'sap-ui-version.json'));

/**
 * Builds the framework if it is not in the cache yet; takes some minutes.
 * @param say told what goes on, so that nobody thinks that it hangs
 * @throws Error with the place of the log
 */
export async function prepareUI5(say: (text: string) => void): Promise<void> {
  if (hasUI5()) return;
  mkdirSync(CACHE, { recursive: true });
  // Several may start at the same time: each builds beside the cache, and the first one to end moves its folder in.
  const work = join(CACHE, `build-${UI5_VERSION}-${process.pid}`);
  const log = join(CACHE, `build-${UI5_VERSION}.log`);
  const began = Date.now();
  const alive = setInterval(() => say(`… still preparing the screens (${seconds(began)} s so far)`), 20_000);
  say(`Preparing SAPUI5 ${UI5_VERSION} for the screens: this takes a few minutes, once.`);
  try {
    writeProject(work);
    await run(work, log);
    if (!hasUI5()) {
      rmSync(ui5Folder, { recursive: true, force: true });
      renameSync(join(work, 'dist'), ui5Folder);
    }
    say(`The screens are prepared (${seconds(began)} s).`);
  } catch (error) {
    if (!hasUI5()) throw new Error(`${(error as Error).message} The log is in ${log}.`, { cause: error });
  } finally {
    clearInterval(alive);
    rmSync(work, { recursive: true, force: true });
  }
}

/** An empty application that needs all the libraries: what is built with it is the framework. */
function writeProject(folder: string): void {
  const manifest = { _version: '1.65.0', 'sap.app': { id: 'leanix.framework', type: 'application' } };
  const ui5 = [
    'specVersion: "4.0"',
    'metadata: { name: leanix.framework }',
    'type: application',
    `framework: { name: SAPUI5, version: "${UI5_VERSION}", libraries: [${LIBRARIES.map((name) => `{ name: ${name} }`).join(', ')}] }`,
  ];
  mkdirSync(join(folder, 'webapp'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'leanix.framework', version: '1.0.0' }));
  writeFileSync(join(folder, 'ui5.yaml'), ui5.join('\n') + '\n');
  writeFileSync(join(folder, 'webapp', 'manifest.json'), JSON.stringify(manifest));
}

async function run(folder: string, log: string): Promise<void> {
  const cli = join(import.meta.dirname, '..', '..', 'node_modules', '@ui5', 'cli', 'bin', 'ui5.cjs');
  const output = openSync(log, 'w');
  const child = spawn(process.execPath, [cli, 'build', '--all', '--include-task=generateVersionInfo', '--dest=dist'], {
    cwd: folder,
    stdio: ['ignore', output, output],
    env: { ...process.env, UI5_DATA_DIR: join(folder, 'packages') },
  });
  // The services that run beside it come first.
  if (child.pid) setPriority(child.pid, 10);
  // Who stops in the middle leaves neither a process nor half a framework behind.
  const leave = () => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', leave);
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('exit', resolve));
  process.off('exit', leave);
  if (code !== 0) throw new Error(`SAPUI5 could not be prepared (code ${code}).`);
}

function seconds(since: number): number {
  return Math.round((Date.now() - since) / 1000);
}
