import cds from '@sap/cds';
import { FieldMappings, LeanIXConfigs, RefusedPaths, type LeanIXConfig } from '#cds-models/leanix';
import { LeanIXConfigs as DraftConfigs } from '#cds-models/SettingsService';
import { audit, type Deed } from '../runs/audit.ts';
import {
  bringIn,
  checkOneOf,
  checkText,
  checkWhole,
  invalid,
  list,
  pick,
  readBundle,
  record,
  writeBundle,
  type Change,
  type ImportResult,
} from '../http/bundles.ts';
import { assertNotEdited } from '../http/drafts.ts';
import { checkConfig, isDate } from './constraints.ts';

/** The settings export: all configurations as JSON, without secrets. */

const FILE = 'leanix_config.json';

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
const FLAGS = ['readModels'] as const;
const MAPPING_TEXTS = { iflowField: 50, leanixPath: 255, writeMode: 10 } as const;

type Element = keyof typeof TEXTS;
type BundleMapping = { iflowField: string; leanixPath: string; writeMode: 'always' | 'onCreate'; position: number };
/** What a bundle does not mention stays unchanged. */
export type BundleConfig = { [element in Element]?: string | null } & { [flag in (typeof FLAGS)[number]]?: boolean } & {
  name: string;
  mappings?: BundleMapping[];
};

/** All configurations, in the caller's transaction. */
export async function exportBundle(): Promise<string> {
  return writeBundle(
    FILE,
    (await readStored()).map(({ ID: _, ...config }) => config),
  );
}

/** @throws 413 BUNDLE_TOO_LARGE; 400 BUNDLE_INVALID with the reason, and the codes of the constraints */
export const parseBundle = (text: unknown): Promise<BundleConfig[]> => readBundle(text, FILE, parseConfig);

/** Runs in the caller's transaction. @param dryRun only returns the changes */
export const importBundle = (configs: readonly BundleConfig[], dryRun: boolean): Promise<ImportResult> =>
  bringIn(configs, dryRun, { read: readStored, compare, save });

/** Imports the configurations whose name is new; others stay unchanged. */
export async function addMissing(configs: readonly BundleConfig[]): Promise<number> {
  const present = new Set((await readStored()).map(({ name }) => name));
  const missing = configs.filter(({ name }) => !present.has(name));
  return (await importBundle(missing, false)).created;
}

async function save(before: Stored | undefined, config: BundleConfig, changes: readonly Change[]): Promise<void> {
  const { mappings, ...rest } = config;
  const elements = rest as Omit<LeanIXConfig, 'mappings'>;
  const untested = config.leanixHost === undefined || config.leanixHost === before?.leanixHost ? {} : UNTESTED;
  const ID = before?.ID ?? cds.utils.uuid();
  if (before) {
    await assertNotEdited(DraftConfigs.drafts, { ID }, before.name);
    await UPDATE.entity(LeanIXConfigs)
      .set({ ...elements, ...untested })
      .where({ ID });
  } else {
    await INSERT.into(LeanIXConfigs).entries({ ...elements, ID });
  }
  if (mappings) {
    await DELETE.from(FieldMappings).where({ config_ID: ID });
    await DELETE.from(RefusedPaths).where({ config_ID: ID });
  }
  if (mappings?.length) {
    await INSERT.into(FieldMappings).entries(
      mappings.map((mapping) => ({ ...mapping, ID: cds.utils.uuid(), config_ID: ID })),
    );
  }
  await audit(...deedsOf(ID, changes));
}

/** The result of a connection test is not valid for another host. */
export const UNTESTED = { workspaceName: null, connectionStatus: null, lastTestedAt: null };

type Stored = BundleConfig & { ID: string };

/** Configurations in the form of a bundle: all, or one. In the caller's transaction. */
export async function readStored(where?: { ID: string }): Promise<Stored[]> {
  const query = SELECT.from(LeanIXConfigs, (config) => {
    config('*');
    config.mappings((mapping) => mapping('*'));
  }).orderBy('name');
  const rows = await (where ? query.where(where) : query);
  return rows.map((row) => ({
    ID: row.ID!,
    ...(pick(row, Object.keys(TEXTS)) as { name: string }),
    readModels: row.readModels ?? true,
    mappings: ((row.mappings ?? []) as BundleMapping[])
      .map((mapping) => pick(mapping, ['iflowField', 'leanixPath', 'writeMode', 'position']) as BundleMapping)
      .sort((a, b) => a.position - b.position),
  }));
}

/** The changes of a configuration as audit entries. */
export function deedsOf(configId: string, changes: readonly Change[]): Deed[] {
  return changes.map(({ name, ...change }) => ({ action: 'changeConfig', configId, subject: name, ...change }));
}

/** The differences, element by element; the mappings are one element. */
export function compare(before: BundleConfig | undefined, after: BundleConfig): Change[] {
  const elements = Object.keys(TEXTS) as Element[];
  const changes = elements
    .map((element): Change => ({
      name: after.name,
      element: element,
      before: before?.[element] ?? null,
      after: after[element] === undefined ? (before?.[element] ?? null) : (after[element] ?? null),
    }))
    .concat(FLAGS.map((flag) => flagChange(flag, before, after)))
    .filter((change) => change.before !== change.after);
  const mappings = { before: text(before?.mappings), after: text(after.mappings ?? before?.mappings) };
  if (mappings.before !== mappings.after) changes.push({ name: after.name, element: 'mappings', ...mappings });
  return changes;
}

function flagChange(flag: (typeof FLAGS)[number], before: BundleConfig | undefined, after: BundleConfig): Change {
  const known = before ? String(before[flag] ?? true) : null;
  return {
    name: after.name,
    element: flag,
    before: known,
    after: after[flag] === undefined ? known : String(after[flag]),
  };
}

function text(mappings: readonly BundleMapping[] | undefined): string | null {
  if (!mappings?.length) return null;
  return mappings
    .map(({ iflowField, leanixPath, writeMode }) => `${iflowField} → ${leanixPath} (${writeMode})`)
    .join(', ');
}

function parseConfig(value: unknown, path: string): BundleConfig {
  const data = record(value, path, [...Object.keys(TEXTS), ...FLAGS, 'mappings']);
  for (const [element, max] of Object.entries(TEXTS)) checkText(data[element], `${path}.${element}`, max);
  for (const flag of FLAGS) if (data[flag] !== undefined) checkOneOf(data[flag], `${path}.${flag}`, [true, false]);
  data['name'] ??= null;
  if (typeof data['tokenExpiresOn'] === 'string' && !isDate(data['tokenExpiresOn'])) {
    throw invalid('BUNDLE_NO_DATE', `${path}.tokenExpiresOn`);
  }
  if (data['mappings'] !== undefined) {
    data['mappings'] = list(data['mappings'], `${path}.mappings`)
      .map((row, n) => parseMapping(row, n, `${path}.mappings[${n}]`))
      .sort((a, b) => a.position - b.position);
  }
  checkConfig(data);
  return data as unknown as BundleConfig;
}

function parseMapping(value: unknown, index: number, path: string): BundleMapping {
  const data = record(value, path, [...Object.keys(MAPPING_TEXTS), 'position']);
  for (const [element, max] of Object.entries(MAPPING_TEXTS)) checkText(data[element], `${path}.${element}`, max);
  const writeMode = data['writeMode'] ?? 'always';
  checkOneOf(writeMode, `${path}.writeMode`, ['always', 'onCreate']);
  const position = data['position'] ?? index + 1;
  checkWhole(position, `${path}.position`, -(2 ** 31 - 1), 2 ** 31 - 1);
  return { iflowField: '', leanixPath: '', ...data, writeMode, position } as BundleMapping;
}
