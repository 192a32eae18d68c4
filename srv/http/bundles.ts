import cds from '@sap/cds';
import { pacer } from '../base/give-way.ts';
import { cut, isStorable } from '../base/text.ts';
import { problem, textOf } from '../base/problem.ts';

/**
 * What both exports share: configurations as JSON, identified by name, without secrets. A bundle is imported completely
 * or not at all. What it does not mention stays unchanged.
 */

const VERSION = 1;
const MAX_BYTES = 2 * 1024 * 1024;
const MAX_CONFIGURATIONS = 1000;

export type Data = Record<string, unknown>;
export type Change = { name: string; element: string; before: string | null; after: string | null };
export type ImportResult = { created: number; updated: number; changes: Change[] };

type Named = { name: string };

/** @param file the key of the configurations in the bundle */
export function writeBundle(file: string, configurations: readonly object[]): string {
  return JSON.stringify({ version: VERSION, [file]: { configurations } }, null, 2);
}

/**
 * Reads a bundle and checks all of it.
 * @param text JSON, or base64 of it
 * @param parse reads one configuration; gets its path in the bundle for error texts
 * @throws 413 BUNDLE_TOO_LARGE; 400 BUNDLE_INVALID with the reason; and what `parse` throws
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

/** The first value that occurs twice; undefined if there is none. */
export function repeated(texts: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return texts.find((text) => seen.size === seen.add(text).size);
}

/** What differs between the two kinds of configurations during an import. */
export type Store<Stored, Config> = {
  /** All stored configurations. Runs in the caller's transaction, like `save`. */
  read: () => Promise<readonly Stored[]>;
  compare: (before: Stored | undefined, after: Config) => Change[];
  save: (before: Stored | undefined, after: Config, changes: readonly Change[]) => Promise<unknown>;
};

/**
 * Imports configurations in the caller's transaction: updates those whose name exists and creates the others.
 * @param dryRun only reports the changes
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
      // It may be base64.
    }
  }
  throw invalid('BUNDLE_NO_JSON');
}

/** @param reason message code of the reason, which is translated for the caller */
export const invalid = (reason: string, ...args: string[]) =>
  problem(400, 'BUNDLE_INVALID', textOf(reason, args, cds.context?.locale));

/** An object with these keys only. */
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

/** The elements of a row; null for those it lacks. */
export const pick = (row: object, elements: readonly string[]): Data =>
  Object.fromEntries(elements.map((element) => [element, (row as Data)[element] ?? null]));
