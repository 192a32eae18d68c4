/** Caches what CAP compiles at each start, in files with a hash of their input as name. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import cds from '@sap/cds';

type Definition = { kind: string; $location?: unknown };
/** The compiler recognizes a transformed model by properties of `meta` that JSON leaves out. */
type Csn = {
  $sources: string[];
  definitions: Record<string, Definition>;
  meta: { transformation?: unknown; options?: unknown };
};
/** CAP looks for a service's handlers next to its definition. */
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

/** Makes CAP in this process use the cache while its input is unchanged. */
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

/** Wraps a function that CAP loads lazily. */
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

/** Restores the properties that JSON leaves out. */
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

/** Written to a separate file and renamed, because another worker may write the same one. */
function write(name: string, content: unknown): void {
  mkdirSync(FOLDER, { recursive: true });
  const own = join(FOLDER, `${name}.${process.pid}`);
  writeFileSync(own, JSON.stringify(content));
  renameSync(own, join(FOLDER, name));
}
