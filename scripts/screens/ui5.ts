/**
 * SAPUI5 for local use. The framework comes from npm packages; it is prepared once for each version, into a cache outside
 * of the project, and served from there as plain files. Deployed apps use the launchpad's own SAPUI5 instead.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { FIRST, pathOf, UI5_VERSION } from './framework/libraries.ts';

const FRAMEWORK = join(import.meta.dirname, 'framework');
const CACHE = process.env['LEANIX_UI5_CACHE'] ?? join(homedir(), '.cache', 'leanix-integration');
/** Changes with the code that prepares it, so that an outdated cache is not used. */
const EDITION = hash(
  'sha256',
  globSync('*.ts', { cwd: FRAMEWORK })
    .sort()
    .map((file) => readFileSync(join(FRAMEWORK, file), 'utf8'))
    .join(''),
).slice(0, 8);

/** Where the prepared framework is, or will be. */
export const ui5Folder = join(CACHE, `ui5-${UI5_VERSION}-${EDITION}`);

/** Whether the whole framework can be served. */
export const hasUI5 = () => existsSync(join(ui5Folder, 'resources', 'sap-ui-version.json'));

/** The preparation in this process: libraries are served as soon as they are ready. */
type Preparation = { folder: string; ready: Set<string>; problem?: string; changed: PromiseWithResolvers<void> };
let preparation: Preparation | undefined;

/** The progress: the first libraries are enough to open the launchpad. */
export function progress(): { ready: boolean; done: number; needed: number; problem?: string } {
  const done = hasUI5() ? FIRST.length : FIRST.filter((name) => preparation?.ready.has(name)).length;
  const problem = preparation?.problem;
  return { ready: done === FIRST.length, done, needed: FIRST.length, ...(problem && { problem }) };
}

/** The folders that a file of the framework may be in. */
export const servedFolders = () => [ui5Folder, ...(preparation ? [preparation.folder] : [])];

/**
 * Waits until the library of a file is prepared. Returns at once if nothing is being prepared.
 * @param path below `/resources/`
 */
export async function prepared(path: string): Promise<void> {
  const isThere = (ready: Set<string>) => [...ready].some((name) => path.startsWith(`${pathOf(name)}/`));
  while (preparation && !preparation.problem && !hasUI5() && !isThere(preparation.ready)) {
    if (!path.startsWith('sap/') || /^sap\/(?:base|ui\/(?:base|core|model|util|thirdparty))\//.test(path)) {
      if (preparation.ready.has('sap.ui.core')) return;
    }
    // eslint-disable-next-line no-await-in-loop -- asks again with each library
    await preparation.changed.promise;
  }
}

/**
 * Prepares the framework if it is not in the cache yet.
 * @param say gets progress messages, so that a user sees that it works
 * @throws Error with the place of the log
 */
export async function prepareUI5(say: (text: string) => void): Promise<void> {
  if (hasUI5()) return;
  mkdirSync(CACHE, { recursive: true });
  removeAbandoned();
  // Several processes may start at the same time: each prepares its own folder, and the first one to finish moves it
  // in.
  const folder = join(CACHE, `build-${UI5_VERSION}-${process.pid}`);
  const log = join(CACHE, `build-${UI5_VERSION}-${process.pid}.log`);
  const began = Date.now();
  const current: Preparation = { folder, ready: new Set(), changed: Promise.withResolvers() };
  preparation = current;
  const tell = () => {
    current.changed.resolve();
    current.changed = Promise.withResolvers();
  };
  const alive = setInterval(() => say(`… still preparing the screens (${seconds(began)} s so far)`), 20_000);
  say(`Preparing SAPUI5 ${UI5_VERSION} for the screens, once.`);
  try {
    await build(folder, log, (library) => {
      const before = progress().ready;
      current.ready.add(library);
      tell();
      if (!before && progress().ready)
        say(`The screens can be used (${seconds(began)} s); the rest of SAPUI5 follows.`);
    });
    rmSync(join(folder, 'packages'), { recursive: true, force: true });
    moveIn(folder);
    rmSync(log, { force: true });
    say(`SAPUI5 is prepared (${seconds(began)} s).`);
  } catch (error) {
    current.problem = `${(error as Error).message} The log is in ${log}.`;
    if (!hasUI5()) throw new Error(current.problem, { cause: error });
  } finally {
    clearInterval(alive);
    tell();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Moves the result to its place, unless another process was faster. */
function moveIn(folder: string): void {
  try {
    renameSync(folder, ui5Folder);
  } catch (error) {
    if (!hasUI5()) throw error;
  }
}

/** Removes leftovers of killed processes. */
function removeAbandoned(): void {
  for (const name of globSync('build-*', { cwd: CACHE })) {
    const pid = Number(/-(\d+)(?:\.log)?$/.exec(name)?.[1] ?? 0);
    if (pid && !isRunning(pid)) rmSync(join(CACHE, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function build(folder: string, log: string, ready: (library: string) => void): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const output = openSync(log, 'w');
  const program = join(FRAMEWORK, 'build.ts');
  const child: ChildProcess = spawn(process.execPath, [program, folder], {
    stdio: ['ignore', output, output, 'ipc'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  child.on('message', (message: { ready: string }) => ready(message.ready));
  // If the process is stopped, neither a child process nor half a framework is left.
  const leave = () => {
    child.kill('SIGKILL');
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
