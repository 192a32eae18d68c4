/** Which libraries of SAPUI5 are prepared, and how they are downloaded. */
import { createRequire } from 'node:module';
import { existsSync, readFileSync, readdirSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';

/** A long-term version whose libraries all exist as npm packages, which not every version has. */
export const UI5_VERSION = '1.136.20';
export const THEME = 'sap_horizon';
/** The package that holds the theme's part of every library. It has no code. */
export const THEME_LIBRARY = 'themelib_sap_horizon';

/** What the launchpad and the list of iFlows need: these are prepared first, in this order. */
export const FIRST = [
  'sap.ui.core',
  'sap.m',
  'sap.ushell',
  'sap.ui.layout',
  'sap.ui.unified',
  'sap.f',
  'sap.suite.ui.microchart',
  'sap.suite.ui.commons',
  'sap.ui.fl',
  'sap.ui.mdc',
  'sap.fe.base',
  'sap.fe.core',
  'sap.fe.macros',
  'sap.fe.controls',
  'sap.fe.navigation',
  'sap.fe.placeholder',
  'sap.fe.templates',
  'sap.uxap',
  'sap.ui.comp',
];

/** A library as its package describes it. `lazy` dependencies are loaded when they are needed. */
export type Library = { name: string; version: string; dependencies: { name: string; lazy: boolean }[] };

type Install = { metadata: Promise<{ dependencies: string[] }>; install: Promise<{ pkgPath: string }> };
type Resolver = { handleLibrary(name: string): Promise<Install> };
type ResolverClass = new (options: { cwd: string; version: string; ui5DataDir: string }) => Resolver;

const cli = createRequire(join(import.meta.dirname, '..', '..', '..', 'node_modules', '@ui5', 'cli', 'package.json'));

/** A package of the UI5 command-line interface. */
export const requireOfCLI = createRequire(cli.resolve('@ui5/builder/package.json'));

/**
 * Downloads libraries with their dependencies and moves their files to where they are served.
 * @param target the root folder of the server: gets `resources` and `test-resources`
 * @param packages a folder for the packages
 * @param landed called with each library once its files are in place
 */
export async function download(target: string, packages: string, landed: (library: Library) => void): Promise<void> {
  const module = pathToFileURL(cli.resolve('@ui5/project/ui5Framework/Sapui5Resolver')).href;
  const { default: Sapui5Resolver } = (await import(module)) as { default: ResolverClass };
  const resolver = new Sapui5Resolver({ cwd: target, version: UI5_VERSION, ui5DataDir: packages });
  const dependencies = new Map<string, string[]>();
  const get = async (name: string): Promise<void> => {
    if (dependencies.has(name)) return;
    dependencies.set(name, []);
    const { metadata, install } = await resolver.handleLibrary(name);
    const [{ dependencies: needed }, { pkgPath }] = await Promise.all([metadata, install]);
    dependencies.set(name, needed);
    landed(place(name, pkgPath, target));
  };
  await Promise.all([THEME_LIBRARY, ...FIRST].map(get));
  for (;;) {
    const missing = [...dependencies.values()].flat().filter((name) => !dependencies.has(name));
    if (missing.length === 0) return;
    // eslint-disable-next-line no-await-in-loop -- what is missing is known only after these are there
    await Promise.all(missing.map(get));
  }
}

export const pathOf = (library: string) => library.replaceAll('.', '/');

/** Moves the sources of a package to where they are served. */
function place(name: string, folder: string, target: string): Library {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const { resources } = parse(readFileSync(join(folder, 'ui5.yaml'), 'utf8')) as {
    resources?: { configuration?: { paths?: { src?: string; test?: string } } };
  };
  const { src = 'src', test = 'test' } = resources?.configuration?.paths ?? {};
  move(join(folder, src), join(target, 'resources'));
  if (existsSync(join(folder, test))) move(join(folder, test), join(target, 'test-resources'));
  return { name, version, dependencies: dependenciesOf(join(target, 'resources', pathOf(name), '.library')) };
}

/** Moves what is in a folder into another one, which may have folders of the same names. */
function move(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory() && existsSync(target)) move(source, target);
    else renameSync(source, target);
  }
}

function dependenciesOf(file: string): Library['dependencies'] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8').replaceAll(/<!--[^]*?-->/g, '');
  return [...text.matchAll(/<dependency>([^]*?)<\/dependency>/g)].map(([, dependency = '']) => ({
    name: /<libraryName>\s*([\w.]+)/.exec(dependency)?.[1] ?? '',
    lazy: /<lazy>\s*true/.test(dependency),
  }));
}
