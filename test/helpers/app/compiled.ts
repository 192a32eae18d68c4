/**
 * What CAP compiles at each start is the same for every test: it is read from a folder of files, each named by a hash of
 * what it was compiled from.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import cds from '@sap/cds';

type Definition = { kind: string; $location?: unknown };
/** By what `meta` says of itself without JSON seeing it, the compiler knows a model that is transformed already. */
type Csn = {
  $sources: string[];
  definitions: Record<string, Definition>;
  meta: { transformation?: unknown; options?: unknown };
};
/** The services' handlers are looked for beside the places that they are defined at. */
type Loaded = { files: string[]; sources: string[]; places: [service: string, place: unknown][]; csn: Csn };
type Compile = (csn: Csn, options?: { kind?: string }) => unknown;
type Compilers = {
  load: (models: unknown, options?: unknown) => Promise<Csn>;
  emit(event: 'loaded', csn: Csn): unknown;
  resolve(models: unknown): string[];
  compile: { for: { odata: Compile }; to: { sql: Compile } };
  env: { odata: object; fiori: object; sql: object; features: object; cdsc?: object };
};

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'node_modules', '.cache', 'compiled');
const PACKAGES = createHash('sha256')
  .update(readFileSync(join(import.meta.dirname, '..', '..', '..', 'package-lock.json')))
  .digest('hex');

/** Has CAP in this process read what was compiled before, as long as nothing of it has changed. */
export function reuseCompiled(): void {
  const api = cds as unknown as Compilers;
  const { for: runtime, to } = api.compile;

  replace(api, 'load', (load) => async (models, options) => {
    if (models !== '*') return load()(models, options);
    const name = nameOf('loaded', [api.resolve('*')]);
    let loaded = read(name) as Loaded | undefined;
    if (!loaded || loaded.files.join() !== stamps(loaded.sources).join()) {
      const csn = await load()(models, options);
      loaded = { files: stamps(csn.$sources), sources: csn.$sources, places: placesOf(csn), csn };
      write(name, loaded);
      return csn;
    }
    place(loaded.csn, loaded.sources, loaded.places);
    await api.emit('loaded', loaded.csn);
    return loaded.csn;
  });

  replace(runtime, 'odata', (odata) => (csn, options) => {
    if ('_4odata' in csn) return csn._4odata;
    const name = nameOf('odata', [csn, options, api.env.odata, api.env.fiori, api.env.cdsc]);
    const stored = read(name) as { known: Csn; transformation: unknown; options: unknown } | undefined;
    if (!stored) {
      const compiled = odata()(csn, options) as Csn;
      const { transformation, options: meant } = compiled.meta;
      write(name, { known: compiled, transformation, options: meant });
      return compiled;
    }
    const { known } = stored;
    for (const key of ['transformation', 'options'] as const) {
      Object.defineProperty(known.meta, key, { value: stored[key], writable: true, configurable: true });
    }
    for (const model of [csn, known]) Object.defineProperty(model, '_4odata', { value: known });
    place(known, csn.$sources, placesOf(csn));
    return known;
  });

  replace(to, 'sql', (sql) => (csn, options) => {
    if (options?.kind !== 'sqlite') return sql()(csn, options);
    const name = nameOf('sql', [csn, options, api.env.sql, api.env.features, api.env.cdsc]);
    const known = read(name);
    if (known) return known;
    const statements = sql()(csn, options);
    write(name, statements);
    return statements;
  });
}

/** Replaces a function of CAP by one that is given what gets the original: CAP loads each when it is asked for. */
function replace<Api, Name extends keyof Api>(
  api: Api,
  name: Name,
  make: (original: () => Api[Name]) => Api[Name],
): void {
  const original = () => {
    delete (api as Partial<Api>)[name];
    const found = api[name];
    define();
    return found;
  };
  const made = make(original);
  const get = (_: unknown, property: string | symbol) => Reflect.get(original() as object, property) as unknown;
  const define = () =>
    Object.defineProperty(api, name, {
      value: new Proxy(made as object, { get }),
      configurable: true,
      writable: true,
      enumerable: true,
    });
  define();
}

function placesOf({ definitions }: Csn): Loaded['places'] {
  const services = Object.entries(definitions).filter(([, { kind }]) => kind === 'service');
  return services.map(([name, { $location }]) => [name, $location]);
}

/** Gives a model what JSON has left out. */
function place(csn: Csn, sources: string[], places: Loaded['places']): void {
  Object.defineProperty(csn, '$sources', { value: sources, writable: true });
  for (const [name, value] of places)
    Object.defineProperty(csn.definitions[name], '$location', { value, writable: true });
}

const nameOf = (kind: string, inputs: unknown[]) =>
  `${kind}-${createHash('sha256')
    .update(JSON.stringify([PACKAGES, inputs]))
    .digest('hex')}.json`;

const stamps = (files: readonly string[]) =>
  files.map((file) => {
    const { mtimeMs, size } = statSync(file, { throwIfNoEntry: false }) ?? {};
    return `${file} ${mtimeMs} ${size}`;
  });

function read(name: string): unknown {
  try {
    return JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Another worker may be writing the same: each writes a file of its own, and the last one stays. */
function write(name: string, content: unknown): void {
  mkdirSync(FOLDER, { recursive: true });
  const own = join(FOLDER, `${name}.${process.pid}`);
  writeFileSync(own, JSON.stringify(content));
  renameSync(own, join(FOLDER, name));
}
