import cds from '@sap/cds';
import { FieldMappings, LeanIXConfigs, RefusedPaths, type LeanIXConfig } from '#cds-models/leanix';
import { audit, type Deed } from '../engine/audit.ts';
import { problem } from '../problem.ts';
import { checkConfig, isDate } from './constraints.ts';

/** The settings export: all configurations as JSON, without any secret. */

const VERSION = 1;
const FILE = 'leanix_config.json';
export const MAX_BYTES = 2 * 1024 * 1024;

const TEXTS = {
  name: 100,
  description: 500,
  leanixHost: 255,
  leanixDestination: 200,
  cpiDestination: 200,
  artifactTypes: 500,
  factSheetType: 100,
  category: 100,
  defaultTags: 1000,
  tokenExpiresOn: 10,
} as const;
const MAPPING_TEXTS = { iflowField: 50, leanixPath: 255, writeMode: 10 } as const;

type Element = keyof typeof TEXTS;
type BundleMapping = { iflowField: string; leanixPath: string; writeMode: 'always' | 'onCreate'; position: number };
/** What a bundle does not mention stays as it is. */
export type BundleConfig = { [element in Element]?: string | null } & { name: string; mappings?: BundleMapping[] };

export type ImportChange = { name: string; element: string; before: string | null; after: string | null };
export type ImportResult = { created: number; updated: number; changes: ImportChange[] };

/** All configurations, in the caller's transaction. */
export async function exportBundle(): Promise<string> {
  const configurations = (await readStored()).map(({ ID: _, ...config }) => config);
  return JSON.stringify({ version: VERSION, [FILE]: { configurations } }, null, 2);
}

/**
 * Reads a bundle and checks all of it.
 * @param text JSON, or base64 of it
 * @throws 413 BUNDLE_TOO_LARGE; 400 BUNDLE_INVALID with what is wrong, and the codes of the constraints
 */
export function parseBundle(text: string): BundleConfig[] {
  if (Buffer.byteLength(text) > MAX_BYTES) throw problem(413, 'BUNDLE_TOO_LARGE');
  const bundle = record(parseJson(text), 'the bundle', ['version', FILE]);
  if (bundle['version'] !== VERSION) throw invalid(`"version" is not ${VERSION}`);
  const file = record(bundle[FILE], FILE, ['configurations']);
  const list = file['configurations'];
  if (!Array.isArray(list)) throw invalid('"configurations" is not a list');
  const configs = list.map(parseConfig);
  const names = new Set(configs.map(({ name }) => name));
  if (names.size < configs.length) throw invalid('two configurations have the same name');
  return configs;
}

/**
 * Brings configurations in, in the caller's transaction: known names are updated, the others created.
 * @param dryRun only says what it would change
 */
export async function importBundle(configs: readonly BundleConfig[], dryRun: boolean): Promise<ImportResult> {
  const present = new Map((await readStored()).map((config) => [config.name, config]));
  const result: ImportResult = { created: 0, updated: 0, changes: [] };
  for (const config of configs) {
    const before = present.get(config.name);
    const changes = compare(before, config);
    if (!before) result.created++;
    else if (changes.length) result.updated++;
    result.changes.push(...changes);
    if (dryRun || !changes.length) continue;
    /* eslint-disable no-await-in-loop -- one transaction takes one statement at a time */
    const ID = await save(before?.ID, config, before?.leanixHost);
    await audit(...deedsOf(ID, changes));
    /* eslint-enable no-await-in-loop */
  }
  return result;
}

/** Brings in those configurations whose name is new; others are left as they are. */
export async function addMissing(configs: readonly BundleConfig[]): Promise<number> {
  const present = new Set((await readStored()).map(({ name }) => name));
  const missing = configs.filter(({ name }) => !present.has(name));
  return (await importBundle(missing, false)).created;
}

async function save(ID: string | undefined, config: BundleConfig, hostBefore?: string | null): Promise<string> {
  const { mappings, ...rest } = config;
  const elements = rest as Omit<LeanIXConfig, 'mappings'>;
  const untested = config.leanixHost === undefined || config.leanixHost === hostBefore ? {} : UNTESTED;
  const id = ID ?? cds.utils.uuid();
  if (ID) {
    await UPDATE.entity(LeanIXConfigs)
      .set({ ...elements, ...untested })
      .where({ ID });
  } else {
    await INSERT.into(LeanIXConfigs).entries({ ...elements, ID: id });
  }
  if (!mappings) return id;
  await DELETE.from(FieldMappings).where({ config_ID: id });
  await DELETE.from(RefusedPaths).where({ config_ID: id });
  if (mappings.length) {
    await INSERT.into(FieldMappings).entries(
      mappings.map((mapping) => ({ ...mapping, ID: cds.utils.uuid(), config_ID: id })),
    );
  }
  return id;
}

/** What a connection test found out no longer holds for another host. */
export const UNTESTED = { workspaceName: null, connectionStatus: null, lastTestedAt: null };

type Stored = BundleConfig & { ID: string };

/** Configurations as a bundle has them: all, or one. In the caller's transaction. */
export async function readStored(where?: { ID: string }): Promise<Stored[]> {
  const query = SELECT.from(LeanIXConfigs, (config) => {
    config('*');
    config.mappings((mapping) => mapping('*'));
  }).orderBy('name');
  const rows = await (where ? query.where(where) : query);
  return rows.map((row) => ({
    ID: row.ID!,
    ...(pick(row, Object.keys(TEXTS)) as { name: string }),
    mappings: ((row.mappings ?? []) as BundleMapping[])
      .map((mapping) => pick(mapping, ['iflowField', 'leanixPath', 'writeMode', 'position']) as BundleMapping)
      .sort((a, b) => a.position - b.position),
  }));
}

function pick(row: object, elements: string[]): object {
  return Object.fromEntries(elements.map((element) => [element, (row as Record<string, unknown>)[element] ?? null]));
}

/** Changes of a configuration as they are kept. */
export function deedsOf(configId: string, changes: readonly ImportChange[]): Deed[] {
  return changes.map(({ name, ...change }) => ({ action: 'changeConfig', configId, subject: name, ...change }));
}

/** What is different, element by element; the mappings are one of them. */
export function compare(before: BundleConfig | undefined, after: BundleConfig): ImportChange[] {
  const elements = Object.keys(TEXTS) as Element[];
  const changes = elements
    .map((element): ImportChange => ({
      name: after.name,
      element: element,
      before: before?.[element] ?? null,
      after: after[element] === undefined ? (before?.[element] ?? null) : (after[element] ?? null),
    }))
    .filter((change) => change.before !== change.after);
  const mappings = { before: text(before?.mappings), after: text(after.mappings ?? before?.mappings) };
  if (mappings.before !== mappings.after) changes.push({ name: after.name, element: 'mappings', ...mappings });
  return changes;
}

function text(mappings: readonly BundleMapping[] | undefined): string | null {
  if (!mappings?.length) return null;
  return mappings
    .map(({ iflowField, leanixPath, writeMode }) => `${iflowField} → ${leanixPath} (${writeMode})`)
    .join(', ');
}

export function parseJson(text: string): unknown {
  for (const json of [text, Buffer.from(text, 'base64').toString('utf8')]) {
    try {
      return JSON.parse(json) as unknown;
    } catch {
      // Perhaps it is base64.
    }
  }
  throw invalid('it is not JSON');
}

function parseConfig(value: unknown, index: number): BundleConfig {
  const where = `configuration ${index + 1}`;
  const data = record(value, where, [...Object.keys(TEXTS), 'mappings']);
  for (const [element, max] of Object.entries(TEXTS)) checkText(data[element], `"${element}" of ${where}`, max);
  data['name'] ??= null;
  if (typeof data['tokenExpiresOn'] === 'string' && !isDate(data['tokenExpiresOn'])) {
    throw invalid(`"tokenExpiresOn" of ${where} is not a date`);
  }
  const { mappings } = data;
  if (mappings !== undefined) {
    if (!Array.isArray(mappings)) throw invalid(`"mappings" of ${where} is not a list`);
    data['mappings'] = mappings.map((row, n) => parseMapping(row, n, where)).sort((a, b) => a.position - b.position);
  }
  checkConfig(data);
  return data as unknown as BundleConfig;
}

function parseMapping(value: unknown, index: number, of: string): BundleMapping {
  const where = `mapping ${index + 1} of ${of}`;
  const data = record(value, where, [...Object.keys(MAPPING_TEXTS), 'position']);
  for (const [element, max] of Object.entries(MAPPING_TEXTS)) checkText(data[element], `"${element}" of ${where}`, max);
  const writeMode = data['writeMode'] ?? 'always';
  if (writeMode !== 'always' && writeMode !== 'onCreate') throw invalid(`"writeMode" of ${where} is unknown`);
  const position = data['position'] ?? index + 1;
  if (!Number.isSafeInteger(position) || Math.abs(position as number) > 2 ** 31 - 1) {
    throw invalid(`"position" of ${where} is not a number`);
  }
  return { iflowField: '', leanixPath: '', ...data, writeMode, position: position as number };
}

export function record(value: unknown, where: string, keys: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${where} is not an object`);
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw invalid(`"${unknown.slice(0, 50)}" in ${where} is unknown`);
  return { ...value };
}

export function checkText(value: unknown, where: string, max: number): void {
  if (value === undefined || value === null) return;
  if (typeof value !== 'string') throw invalid(`${where} is not a text`);
  if (value.length > max) throw invalid(`${where} has more than ${max} characters`);
}

export const invalid = (what: string) => problem(400, 'BUNDLE_INVALID', what);
