import cds from '@sap/cds';
import { pacer } from '../base/give-way.ts';
import { cut, isStorable } from '../base/text.ts';
import { problem, textOf } from '../base/problem.ts';

/**
 * What the two exports have in common: configurations as JSON text, each known by its name, without any secret. They
 * are brought in as a whole or not at all; what a bundle does not mention stays as it is.
 */

const VERSION = 1;
const MAX_BYTES = 2 * 1024 * 1024;
const MAX_CONFIGURATIONS = 1000;

export type Data = Record<string, unknown>;
export type Change = { name: string; element: string; before: string | null; after: string | null };
export type ImportResult = { created: number; updated: number; changes: Change[] };

type Named = { name: string };

/** @param file the name under which the configurations stand in the bundle */
export function writeBundle(file: string, configurations: readonly object[]): string {
  return JSON.stringify({ version: VERSION, [file]: { configurations } }, null, 2);
}

/**
 * Reads a bundle and checks all of it.
 * @param text JSON, or base64 of it
 * @param parse one configuration, with its path in the bundle for what is wrong with it
 * @throws 413 BUNDLE_TOO_LARGE; 400 BUNDLE_INVALID with what is wrong, and what `parse` throws
 */
export async function readBundle<Config extends Named>(
  text: unknown,
  file: string,
  parse: (value: unknown, path: string) => Config,
): Promise<Config[]> {
  if (typeof text !== 'string') throw invalid('BUNDLE_EMPTY');
  if (Buffer.byteLength(text) > MAX_BYTES) throw problem(413, 'BUNDLE_TOO_LARGE');
  const bundle = record(parseJson(text), 'JSON', ['version', file]);
  if (bundle['version'] !== VERSION) throw invalid('BUNDLE_VERSION', String(VERSION));
  const { configurations } = record(bundle[file], file, ['configurations']);
  const given = list(configurations, 'configurations');
  if (given.length > MAX_CONFIGURATIONS) throw invalid('BUNDLE_TOO_MANY', String(MAX_CONFIGURATIONS));
  const pause = pacer();
  const configs: Config[] = [];
  for (const [n, one] of given.entries()) {
    // eslint-disable-next-line no-await-in-loop -- between two configurations
    await pause();
    configs.push(parse(one, `configurations[${n}]`));
  }
  const twice = repeated(configs.map(({ name }) => name));
  if (twice !== undefined) throw invalid('BUNDLE_NAMES_TWICE', twice);
  return configs;
}

/** The first of these that has come before; undefined where there is none. */
export function repeated(texts: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return texts.find((text) => seen.size === seen.add(text).size);
}

/** What two kinds of configurations differ in when they are brought in. */
export type Store<Stored, Config> = {
  /** All that are stored; in the caller's transaction, like `save`. */
  read: () => Promise<readonly Stored[]>;
  compare: (before: Stored | undefined, after: Config) => Change[];
  save: (before: Stored | undefined, after: Config, changes: readonly Change[]) => Promise<unknown>;
};

/**
 * Brings configurations in, in the caller's transaction: known names are updated, the others created.
 * @param dryRun only says what it would change
 */
export async function bringIn<Stored extends Named, Config extends Named>(
  configs: readonly Config[],
  dryRun: boolean,
  { read, compare, save }: Store<Stored, Config>,
): Promise<ImportResult> {
  const present = new Map((await read()).map((config) => [config.name, config]));
  const result: ImportResult = { created: 0, updated: 0, changes: [] };
  for (const config of configs) {
    const before = present.get(config.name);
    const changes = compare(before, config);
    if (!before) result.created++;
    else if (changes.length) result.updated++;
    result.changes.push(...changes);
    // eslint-disable-next-line no-await-in-loop -- one transaction takes one statement at a time
    if (!dryRun && (!before || changes.length)) await save(before, config, changes);
  }
  return result;
}

function parseJson(text: string): unknown {
  for (const json of [text, Buffer.from(text, 'base64').toString('utf8')]) {
    try {
      return JSON.parse(json) as unknown;
    } catch {
      // Perhaps it is base64.
    }
  }
  throw invalid('BUNDLE_NO_JSON');
}

/** @param reason message code of what is wrong, which is said in the caller's language */
export const invalid = (reason: string, ...args: string[]) =>
  problem(400, 'BUNDLE_INVALID', textOf(reason, args, cds.context?.locale));

/** An object with no other keys than these. */
export function record(value: unknown, path: string, keys: readonly string[]): Data {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('BUNDLE_NO_OBJECT', path);
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw invalid('BUNDLE_KEY_UNKNOWN', `${path}.${cut(unknown, 50)}`);
  return { ...value };
}

export function list(value: unknown, path: string): unknown[] {
  if (!Array.isArray(value)) throw invalid('BUNDLE_NO_LIST', path);
  return value;
}

/** @param max characters */
export function checkText(value: unknown, path: string, max: number): void {
  if (value === undefined || value === null) return;
  if (typeof value !== 'string' || !isStorable(value)) throw invalid('BUNDLE_NO_TEXT', path);
  if (value.length > max) throw invalid('BUNDLE_TEXT_TOO_LONG', path, String(max));
}

export function checkOneOf(value: unknown, path: string, allowed: readonly unknown[]): void {
  if (!allowed.includes(value)) throw invalid('BUNDLE_NONE_OF', path, allowed.join(', '));
}

export function checkWhole(value: unknown, path: string, min: number, max: number): void {
  const isWhole = Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
  if (!isWhole) throw invalid('BUNDLE_NO_NUMBER', path, String(min), String(max));
}

/** The elements of a row, null where it has none. */
export const pick = (row: object, elements: readonly string[]): Data =>
  Object.fromEntries(elements.map((element) => [element, (row as Data)[element] ?? null]));
