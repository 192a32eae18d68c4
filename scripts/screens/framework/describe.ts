/** What SAPUI5 reads about its libraries: a manifest for each, and a list of all. */
import { existsSync, globSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { posix } from 'node:path';
import { pathOf, THEME, UI5_VERSION, type Library } from './libraries.ts';

type Libs = Record<string, { lazy?: boolean }>;
type Manifest = { 'sap.app'?: { id: string; embeddedBy?: string }; 'sap.ui5'?: { dependencies?: { libs?: Libs } } };

/** Writes the manifest of a library: its dependencies, languages, and whether it has a theme. */
export function writeManifest(resources: string, { name, version, dependencies }: Library): void {
  const folder = join(resources, pathOf(name));
  const file = join(folder, 'manifest.json');
  if (existsSync(file)) return;
  const locales = readdirSync(folder)
    .map((entry) => /^messagebundle_?(.*)\.properties$/.exec(entry)?.[1]?.replaceAll('_', '-'))
    .filter((locale) => locale !== undefined);
  const hasTheme = existsSync(join(folder, 'themes', THEME, 'library.source.less'));
  const library = {
    i18n: locales.length > 0 && { bundleUrl: 'messagebundle.properties', supportedLocales: locales },
    css: hasTheme,
  };
  const libs = Object.fromEntries(dependencies.map(({ name: id, lazy }) => [id, { ...(lazy && { lazy }) }]));
  const manifest = {
    _version: '1.21.0',
    'sap.app': {
      id: name,
      type: 'library',
      embeds: componentsOf(resources, name).map(({ path }) => path),
      applicationVersion: { version },
      title: name,
    },
    'sap.ui': { technology: 'UI5' },
    'sap.ui5': { dependencies: { minUI5Version: UI5_VERSION.slice(0, 5), libs }, library },
  };
  writeFileSync(file, JSON.stringify(manifest));
}

/** Writes the list of the libraries and of the components in them, each with all that it depends on. */
export function writeVersions(resources: string, libraries: Library[]): void {
  const direct = new Map(libraries.map((library) => [library.name, library.dependencies]));
  const closure = (first: Library['dependencies']): Libs => {
    const found = new Map<string, boolean>();
    const open = [...first];
    for (let next = open.pop(); next; next = open.pop()) {
      const { name, lazy } = next;
      if (found.has(name) && (lazy || found.get(name) === false)) continue;
      found.set(name, lazy);
      open.push(...(direct.get(name) ?? []).map((one) => ({ name: one.name, lazy: one.lazy || lazy })));
    }
    return Object.fromEntries([...found].sort().map(([name, lazy]) => [name, lazy ? { lazy } : {}]));
  };
  const hints = (first: Library['dependencies']) => ({ dependencies: { libs: closure(first) } });
  const components = libraries.flatMap((library) =>
    componentsOf(resources, library.name).map(({ id, libs }) => [
      id,
      {
        library: library.name,
        manifestHints: hints(Object.entries(libs).map(([name, { lazy }]) => ({ name, lazy: lazy === true }))),
      },
    ]),
  );
  const versions = {
    name: 'leanix.framework',
    version: UI5_VERSION,
    libraries: libraries
      .map(({ name, version, dependencies }) => ({ name, version, manifestHints: hints(dependencies) }))
      .sort((a, b) => a.name.localeCompare(b.name)),
    components: Object.fromEntries(components) as object,
  };
  writeFileSync(join(resources, 'sap-ui-version.json'), JSON.stringify(versions));
}

/** The components that come with a library. */
function componentsOf(resources: string, library: string): { id: string; path: string; libs: Libs }[] {
  const folder = join(resources, pathOf(library));
  return globSync('*/**/manifest.json', { cwd: folder }).flatMap((file) => {
    const path = posix.dirname(file.replaceAll('\\', '/'));
    const manifest = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Manifest;
    const { id, embeddedBy } = manifest['sap.app'] ?? {};
    if (!id || !embeddedBy || posix.join(path, embeddedBy).replace(/\/$/, '') !== '.') return [];
    return [{ id, path, libs: manifest['sap.ui5']?.dependencies?.libs ?? {} }];
  });
}
