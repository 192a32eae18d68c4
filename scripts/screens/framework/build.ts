/**
 * Runs as its own process: downloads SAPUI5 and prepares what a browser loads, without debug sources and with one
 * theme. Reports each finished library to its parent, and fails if anything is missing.
 */
import { fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { bundle } from './preload.ts';
import { writeManifest, writeVersions } from './describe.ts';
import { download, FIRST, THEME_LIBRARY, type Library } from './libraries.ts';

const [target = ''] = process.argv.slice(2);
const resources = join(target, 'resources');
const themes = fork(join(import.meta.dirname, 'themes.ts'), [resources], { stdio: 'inherit' });
const styled = new Map<string, { done(): void; fail(error: Error): void }>();
themes.on('message', ({ library, problem }: { library: string; problem?: string }) => {
  const waiting = styled.get(library);
  if (problem) waiting?.fail(new Error(`${library}: ${problem}`));
  else waiting?.done();
});
themes.on('exit', (code) => {
  if (code) process.exit(1);
});
process.on('disconnect', () => process.exit(1));

const there = new Map<string, Library>();
const arrivals = new Map([THEME_LIBRARY, ...FIRST].map((name) => [name, Promise.withResolvers<void>()]));
const arrived = (name: string) => arrivals.get(name)!.promise;

const downloading = download(target, join(target, 'packages'), (library) => {
  there.set(library.name, library);
  arrivals.get(library.name)?.resolve();
});
downloading.catch(fail);

// The theme of each library is made of that of sap.ui.core.
const core = Promise.all([THEME_LIBRARY, 'sap.ui.core'].map(arrived));
let working: Promise<unknown> = core;
await Promise.all(
  FIRST.map(async (name) => {
    await Promise.all([arrived(name), core]);
    // One by one, so that the libraries needed first are ready first.
    const bundled = (working = working.then(() => prepare(name)));
    await Promise.all([bundled, style(name)]);
    process.send?.({ ready: name });
  }),
).catch(fail);
setPriority(10);
await downloading;
const rest = [...there.keys()].filter((name) => !FIRST.includes(name) && name !== THEME_LIBRARY);
for (const name of rest) {
  // eslint-disable-next-line no-await-in-loop -- in the background
  await Promise.all([prepare(name), style(name)]).catch(fail);
  process.send?.({ ready: name });
}
versions();
process.exit(0);

async function prepare(name: string): Promise<void> {
  writeManifest(resources, there.get(name)!);
  await bundle(resources, name);
  // The list is read with the first page; it is complete as soon as those libraries are there.
  if (FIRST.every((one) => there.has(one))) versions();
}

function versions(): void {
  const libraries = [...there.values()].filter(({ name }) => name !== THEME_LIBRARY);
  writeVersions(resources, libraries);
}

function style(name: string): Promise<void> {
  return new Promise((done, fail) => {
    styled.set(name, { done, fail });
    themes.send(name);
  });
}

function fail(error: Error): never {
  process.stderr.write(`${error.stack ?? error.message}\n`);
  process.exit(1);
}
