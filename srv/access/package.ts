import cds from '@sap/cds';
import { AccessConfigs, AccessMappings, Jobs, LeanIXConfigs } from '#cds-models/leanix';
import { WEEKDAYS } from '../access-core/schedule.ts';
import { audit } from '../engine/audit.ts';
import { addMissingAccess, JOB_KINDS } from '../engine/access/defaults.ts';
import { problem } from '../problem.ts';
import { checkText, invalid, MAX_BYTES, parseJson, record } from '../settings/bundle.ts';
import { checkAccess, planJob } from './constraints.ts';

/** The connection package: how access is governed, of all configurations, as JSON and without any secret. */

const VERSION = 1;
const FILE = 'leanix_access.json';

const FLAGS = ['instantProvisioning', 'silentInvite', 'managedElsewhere'];
/** Numbers with their bounds; null where there is no limit. */
const NUMBERS: Record<string, [min: number, max: number, optional: boolean]> = {
  dormantDays: [1, 3650, false],
  maxSuspended: [0, 1_000_000, true],
  maxSuspendedPercent: [0, 100, true],
  maxRemoved: [0, 1_000_000, true],
  maxRemovedPercent: [0, 100, true],
  maxCreated: [0, 1_000_000, true],
  maxCreatedPercent: [0, 100, true],
};
const ELEMENTS = [...FLAGS, 'peopleDestination', 'correlateBy', ...Object.keys(NUMBERS)];
const MAPPING = ['direction', 'target', 'expression'];
const JOB = ['kind', 'schedule', 'everyHours', 'atTime', 'weekday', 'timeZone'];
const SCHEDULES = ['off', 'hours', 'daily', 'weekly'];

type Data = Record<string, unknown>;
/** What a package does not mention stays as it is. */
export type PackageConfig = { name: string; access: Data; mappings?: Data[]; jobs?: Data[] };

export type PackageChange = { name: string; element: string; before: string | null; after: string | null };
export type PackageResult = { created: number; updated: number; changes: PackageChange[] };

/** All configurations, in the caller's transaction. */
export async function exportPackage(): Promise<string> {
  const configurations = (await readStored()).map(({ name, access, mappings, jobs }) => {
    return { name, ...access, mappings, jobs };
  });
  return JSON.stringify({ version: VERSION, [FILE]: { configurations } }, null, 2);
}

/**
 * Reads a package and checks all of it.
 * @param text JSON, or base64 of it
 * @throws 413 BUNDLE_TOO_LARGE; 400 BUNDLE_INVALID with what is wrong, and the codes of the constraints
 */
export function parsePackage(text: string): PackageConfig[] {
  if (Buffer.byteLength(text) > MAX_BYTES) throw problem(413, 'BUNDLE_TOO_LARGE');
  const bundle = record(parseJson(text), 'the bundle', ['version', FILE]);
  if (bundle['version'] !== VERSION) throw invalid(`"version" is not ${VERSION}`);
  const { configurations } = record(bundle[FILE], FILE, ['configurations']);
  const configs = list(configurations, '"configurations"').map(parseConfig);
  const names = new Set(configs.map(({ name }) => name));
  if (names.size < configs.length) throw invalid('two configurations have the same name');
  return configs;
}

function parseConfig(value: unknown, index: number): PackageConfig {
  const where = `configuration ${index + 1}`;
  const { name, mappings, jobs, ...access } = record(value, where, ['name', ...ELEMENTS, 'mappings', 'jobs']);
  checkText(name, `"name" of ${where}`, 100);
  if (typeof name !== 'string' || !name.trim()) throw problem(400, 'NAME_REQUIRED');
  checkText(access['peopleDestination'], `"peopleDestination" of ${where}`, 200);
  if ('correlateBy' in access) oneOf(access, 'correlateBy', ['email', 'userName', 'none'], where);
  for (const flag of FLAGS) {
    if (flag in access && typeof access[flag] !== 'boolean')
      throw invalid(`"${flag}" of ${where} is not true or false`);
  }
  for (const [element, [min, max, optional]] of Object.entries(NUMBERS)) {
    if (element in access && !(optional && access[element] === null)) number(access, element, min, max, where);
  }
  const config: PackageConfig = { name: name.trim(), access };
  if (mappings !== undefined) config.mappings = list(mappings, `"mappings" of ${where}`).map(parseMapping(where));
  if (jobs !== undefined) config.jobs = list(jobs, `"jobs" of ${where}`).map(parseJob(where));
  checkAccess(Object.assign(access, config.mappings && { mappings: config.mappings }));
  delete access['mappings'];
  return config;
}

const parseMapping = (of: string) => (value: unknown, index: number) => {
  const where = `mapping ${index + 1} of ${of}`;
  const row = record(value, where, MAPPING);
  checkText(row['expression'], `"expression" of ${where}`, 1000);
  return row;
};

const parseJob = (of: string) => (value: unknown, index: number) => {
  const where = `job ${index + 1} of ${of}`;
  const row: Data = { ...UNPLANNED, ...record(value, where, JOB) };
  oneOf(row, 'kind', JOB_KINDS, where);
  oneOf(row, 'schedule', SCHEDULES, where);
  oneOf(row, 'weekday', WEEKDAYS, where);
  number(row, 'everyHours', 1, 720, where);
  for (const element of ['atTime', 'timeZone']) checkText(row[element], `"${element}" of ${where}`, 50);
  planJob({ ...row }, {});
  return row;
};

const UNPLANNED = { schedule: 'off', everyHours: 24, atTime: '02:00:00', weekday: 'monday', timeZone: 'UTC' };

function oneOf(row: Data, element: string, allowed: readonly string[], where: string): void {
  if (!allowed.includes(row[element] as string)) {
    throw invalid(`"${element}" of ${where} is none of ${allowed.join(', ')}`);
  }
}

function number(row: Data, element: string, min: number, max: number, where: string): void {
  const value = row[element];
  if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) {
    throw invalid(`"${element}" of ${where} is no whole number from ${min} to ${max}`);
  }
}

function list(value: unknown, where: string): unknown[] {
  if (!Array.isArray(value)) throw invalid(`${where} is not a list`);
  return value;
}

/**
 * Brings a package in, in the caller's transaction: configurations of known names are updated, the others created, to
 * be filled in with host and destinations.
 * @param dryRun only says what it would change
 */
export async function importPackage(configs: readonly PackageConfig[], dryRun: boolean): Promise<PackageResult> {
  const present = new Map((await readStored()).map((config) => [config.name, config]));
  const result: PackageResult = { created: 0, updated: 0, changes: [] };
  for (const config of configs) {
    const before = present.get(config.name);
    const changes = compare(before, config);
    if (!before) result.created++;
    else if (changes.length) result.updated++;
    result.changes.push(...changes);
    // eslint-disable-next-line no-await-in-loop -- one transaction takes one statement at a time
    if (!dryRun && (!before || changes.length)) await save(before?.ID, config, changes);
  }
  return result;
}

async function save(
  known: string | undefined,
  { name, access, mappings, jobs }: PackageConfig,
  changes: readonly PackageChange[],
): Promise<void> {
  const ID = known ?? cds.utils.uuid();
  if (!known) {
    await INSERT.into(LeanIXConfigs).entries({ ID, name });
    await addMissingAccess();
  }
  if (Object.keys(access).length) await UPDATE.entity(AccessConfigs).set(access).where({ ID });
  if (mappings) {
    await DELETE.from(AccessMappings).where({ access_ID: ID });
    const rows = mappings.map((row, index) => ({ ...row, ID: cds.utils.uuid(), access_ID: ID, position: index + 1 }));
    if (rows.length) await INSERT.into(AccessMappings).entries(rows as never);
  }
  for (const { kind, ...job } of jobs ?? []) {
    const where = { config_ID: ID, kind: kind as never };
    // eslint-disable-next-line no-await-in-loop -- one transaction takes one statement at a time
    const stored = await SELECT.one.from(Jobs).where(where);
    const data: Data = { ...job };
    planJob(data, (stored ?? {}) as Data);
    // eslint-disable-next-line no-await-in-loop
    await UPDATE.entity(Jobs).set(data).where(where);
  }
  await auditChanges(ID, changes);
}

/** Keeps changes of access settings, in the caller's transaction. */
export async function auditChanges(configId: string, changes: readonly PackageChange[]): Promise<void> {
  await audit(
    ...changes.map(({ name, ...change }) => ({ action: 'changeAccess' as const, configId, subject: name, ...change })),
  );
}

export type Stored = Required<PackageConfig> & { ID: string };

/** Access settings with mappings and jobs, of all configurations or of one, in the caller's transaction. */
export async function readStored(ID?: string): Promise<Stored[]> {
  const all = await SELECT.from(LeanIXConfigs).columns('ID', 'name').orderBy('name');
  const configs = ID === undefined ? all : all.filter((config) => config.ID === ID);
  const access = new Map((await SELECT.from(AccessConfigs)).map((row) => [row.ID, row]));
  const mappings = await SELECT.from(AccessMappings).orderBy('position');
  const jobs = await SELECT.from(Jobs).orderBy('kind');
  return configs.map(({ ID, name }) => ({
    ID: ID!,
    name: name!,
    access: pick(access.get(ID) ?? {}, ELEMENTS),
    mappings: mappings.filter(({ access_ID }) => access_ID === ID).map((row) => pick(row, MAPPING)),
    jobs: jobs.filter(({ config_ID }) => config_ID === ID).map((row) => pick(row, JOB)),
  }));
}

const pick = (row: object, elements: readonly string[]): Data =>
  Object.fromEntries(elements.map((element) => [element, (row as Data)[element] ?? null]));

/** What differs, element by element; what a package does not mention stays. */
export function compare(before: Stored | undefined, after: PackageConfig): PackageChange[] {
  const { name } = after;
  const values = Object.entries(after.access).map(([element, value]) => {
    return { name, element, before: text(before?.access[element]), after: text(value) };
  });
  const jobs = (after.jobs ?? []).map((job) => {
    const last = before?.jobs.find(({ kind }) => kind === job['kind']);
    return { name, element: `job ${job['kind'] as string}`, before: last ? jobText(last) : null, after: jobText(job) };
  });
  const mappings = after.mappings
    ? [
        {
          name,
          element: 'mappings',
          before: before ? mappingText(before.mappings) : null,
          after: mappingText(after.mappings),
        },
      ]
    : [];
  return [...values, ...mappings, ...jobs].filter((change) => change.before !== change.after);
}

function text(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
const mappingText = (rows: readonly Data[]) =>
  rows.map((row) => MAPPING.map((element) => String(row[element] as string)).join(' ')).join('; ') || null;
const jobText = (job: Data) =>
  JOB.slice(1)
    .map((element) => String(job[element] as string))
    .join(' ');
