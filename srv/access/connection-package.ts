import { isDeepStrictEqual } from 'node:util';
import cds from '@sap/cds';
import { AccessConfigs, AccessMappings, Jobs, LeanIXConfigs } from '#cds-models/leanix';
import { limitElements, LIMIT_KINDS } from '../core/access/limits.ts';
import { AccessConfigs as DraftConfigs, Jobs as DraftJobs } from '#cds-models/AccessService';
import { WEEKDAYS } from '../core/access/schedule.ts';
import { audit } from '../runs/audit.ts';
import { addMissingAccess, JOB_KINDS } from '../governance/defaults.ts';
import { TARGETS } from '../governance/settings.ts';
import {
  bringIn,
  checkOneOf,
  checkText,
  checkWhole,
  list,
  pick,
  readBundle,
  record,
  repeated,
  writeBundle,
  type Change,
  type Data,
  type ImportResult,
} from '../http/bundles.ts';
import { problem, textOf } from '../base/problem.ts';
import { assertNotEdited } from '../http/drafts.ts';
import { checkAccess, planJob } from './constraints.ts';
import { scheduleParts, scheduleWords, type PackageJob } from './connection-package-schedule.ts';

/** The connection package: the access settings and jobs of all configurations, as JSON without secrets. */

const FILE = 'leanix_access.json';

const FLAGS = ['instantProvisioning', 'silentInvite', 'managedElsewhere', 'fourEyes'];
/** Numbers with their bounds; null means no limit. */
const NUMBERS: Record<string, [min: number, max: number, optional: boolean]> = {
  dormantDays: [1, 3650, false],
  ...Object.fromEntries(
    LIMIT_KINDS.map(limitElements).flatMap(([number, percent]) => [
      [number, [0, 1_000_000, true]],
      [percent, [0, 100, true]],
    ]),
  ),
};
const ELEMENTS = [...FLAGS, 'peopleDestination', 'correlateBy', ...Object.keys(NUMBERS)];
const MAPPING = ['direction', 'target', 'expression'];
const JOB = ['kind', 'schedule', 'everyHours', 'atTime', 'weekday', 'timeZone'];
const SCHEDULES = ['off', 'hours', 'daily', 'weekly'];

/** Everything is optional: what a package does not mention stays unchanged. */
export type PackageConfig = { name: string; access: Data; mappings?: Data[]; jobs?: Data[] };

/** All configurations, in the caller's transaction. */
export async function exportPackage(): Promise<string> {
  const stored = await readStored();
  return writeBundle(
    FILE,
    stored.map(({ name, access, mappings, jobs }) => ({ name, ...access, mappings, jobs })),
  );
}

/** @throws 413 BUNDLE_TOO_LARGE; 400 BUNDLE_INVALID with the reason, and the codes of the constraints */
export const parsePackage = (text: unknown): Promise<PackageConfig[]> => readBundle(text, FILE, parseConfig);

function parseConfig(value: unknown, path: string): PackageConfig {
  const { name, mappings, jobs, ...access } = record(value, path, ['name', ...ELEMENTS, 'mappings', 'jobs']);
  checkText(name, `${path}.name`, 100);
  if (typeof name !== 'string' || !name.trim()) throw problem(400, 'NAME_REQUIRED');
  checkText(access['peopleDestination'], `${path}.peopleDestination`, 200);
  const check = (element: string, allowed: readonly unknown[]) => {
    if (element in access) checkOneOf(access[element], `${path}.${element}`, allowed);
  };
  check('correlateBy', ['email', 'userName', 'none']);
  for (const flag of FLAGS) check(flag, [true, false]);
  for (const [element, [min, max, optional]] of Object.entries(NUMBERS)) {
    const given = access[element];
    if (given !== undefined && !(optional && given === null)) checkWhole(given, `${path}.${element}`, min, max);
  }
  const rows = <Row>(of: unknown, key: string, parse: (value: unknown, path: string) => Row) =>
    list(of, `${path}.${key}`).map((row, n) => parse(row, `${path}.${key}[${n}]`));
  const config: PackageConfig = { name: name.trim(), access };
  if (mappings !== undefined) config.mappings = rows(mappings, 'mappings', parseMapping);
  if (jobs !== undefined) config.jobs = rows(jobs, 'jobs', parseJob);
  const twice = repeated((config.jobs ?? []).map(({ kind }) => kind as string));
  if (twice !== undefined) throw problem(400, 'JOB_DUPLICATE', config.name, twice);
  checkAccess(Object.assign(access, config.mappings && { mappings: config.mappings }));
  delete access['mappings'];
  return config;
}

function parseMapping(value: unknown, path: string): Data {
  const row = record(value, path, MAPPING);
  checkOneOf(row['direction'], `${path}.direction`, Object.keys(TARGETS));
  checkText(row['target'], `${path}.target`, 50);
  checkText(row['expression'], `${path}.expression`, 1000);
  return row;
}

function parseJob(value: unknown, path: string): Data {
  const row = record(value, path, JOB);
  checkOneOf(row['kind'], `${path}.kind`, JOB_KINDS);
  const whole: Data = { ...UNPLANNED, ...row };
  checkOneOf(whole['schedule'], `${path}.schedule`, SCHEDULES);
  checkOneOf(whole['weekday'], `${path}.weekday`, WEEKDAYS);
  checkWhole(whole['everyHours'], `${path}.everyHours`, 1, 720);
  for (const element of ['atTime', 'timeZone']) checkText(whole[element], `${path}.${element}`, 50);
  planJob(whole, {});
  return 'atTime' in row ? { ...row, atTime: whole['atTime'] } : row;
}

const UNPLANNED = { schedule: 'off', everyHours: 24, atTime: '02:00:00', weekday: 'monday', timeZone: 'UTC' };

/**
 * Imports a package in the caller's transaction. Configurations with a known name are updated; others are created and
 * still need host and destinations.
 * @param dryRun returns the changes without making them
 * @returns the changes, with schedules in the caller's language
 */
export async function importPackage(configs: readonly PackageConfig[], dryRun: boolean): Promise<ImportResult> {
  const stored = new Map((await readStored()).map((config) => [config.name, config]));
  const wanted = new Map(configs.map((config) => [config.name, withWholeJobs(stored.get(config.name), config)]));
  const added = [...wanted.keys()].filter((name) => !stored.has(name)).map((name) => ({ ID: cds.utils.uuid(), name }));
  if (added.length && !dryRun) {
    await INSERT.into(LeanIXConfigs).entries(added);
    await addMissingAccess();
  }
  const ids = new Map([...stored.values(), ...added].map(({ ID, name }) => [name, ID]));
  const result = await bringIn([...wanted.values()], dryRun, {
    read: () => Promise.resolve([...stored.values()]),
    compare,
    save: (before, config, changes) => save(ids.get(config.name)!, before, config, changes),
  });
  const changes = result.changes.map((change) => inWords(change, stored.get(change.name), wanted.get(change.name)!));
  return { ...result, changes };
}

/**
 * What a package does not mention about a job stays unchanged. Jobs of an incomplete connection stay off, like those of
 * a new one, until an admin has seen them.
 */
function withWholeJobs(before: Stored | undefined, config: PackageConfig): PackageConfig {
  if (!config.jobs) return config;
  const jobs = config.jobs.map((row): Data => {
    const last = before?.jobs.find(({ kind }) => kind === row['kind']);
    const job: Data = { ...UNPLANNED, ...last, ...row };
    const isOff = (last?.['schedule'] ?? 'off') === 'off';
    if (before?.complete || !isOff || job['schedule'] === 'off') return job;
    return { ...job, schedule: 'off', held: job['schedule'] };
  });
  return { ...config, jobs };
}

async function save(
  ID: string,
  before: Stored | undefined,
  { access, mappings, jobs }: PackageConfig,
  changes: readonly Change[],
): Promise<void> {
  if (before) {
    await assertNotEdited(DraftConfigs.drafts, { ID }, before.name);
    await assertNotEdited(DraftJobs.drafts, { config_ID: ID }, before.name);
  }
  if (Object.keys(access).length) await UPDATE.entity(AccessConfigs).set(access).where({ ID });
  if (mappings) {
    await DELETE.from(AccessMappings).where({ access_ID: ID });
    const rows = mappings.map((row, index) => ({ ...row, ID: cds.utils.uuid(), access_ID: ID, position: index + 1 }));
    if (rows.length) await INSERT.into(AccessMappings).entries(rows as never);
  }
  for (const { kind, ...job } of (jobs ?? []).map((row) => pick(row, JOB))) {
    if (!changes.some(({ element }) => element === elementOf(kind))) continue;
    const data = planJob(job, before?.jobs.find((one) => one['kind'] === kind) ?? {});
    delete data['lastRunAt'];
    // eslint-disable-next-line no-await-in-loop -- one transaction takes one statement at a time
    await UPDATE.entity(Jobs)
      .set(data)
      .where({ config_ID: ID, kind: kind as never });
  }
  await auditChanges(ID, changes);
}

/** Records changes of access settings, in the caller's transaction. */
export async function auditChanges(configId: string, changes: readonly Change[]): Promise<void> {
  await audit(
    ...changes.map(({ name, ...change }) => ({ action: 'changeAccess' as const, configId, subject: name, ...change })),
  );
}

/** `complete`: host and destination are known. */
export type Stored = Required<PackageConfig> & { ID: string; complete: boolean };

/** Access settings with mappings and jobs, of all configurations or one, in the caller's transaction. */
export async function readStored(ID?: string): Promise<Stored[]> {
  const all = SELECT.from(AccessConfigs, (access) => {
    access('*');
    access.config((config) => [config.name, config.leanixHost, config.leanixDestination]);
    access.mappings((mapping) => mapping('*'));
    access.jobs((job) => job('*'));
  }).orderBy('config.name');
  const rows = await (ID === undefined ? all : all.where({ ID }));
  return rows.map((row) => ({
    ID: row.ID!,
    name: row.config!.name!,
    complete: Boolean(row.config!.leanixHost && row.config!.leanixDestination),
    access: pick(row, ELEMENTS),
    mappings: [...(row.mappings ?? [])]
      .sort((a, b) => a.position! - b.position!)
      .map((mapping) => pick(mapping, MAPPING)),
    jobs: [...(row.jobs ?? [])].sort((a, b) => (a.kind! < b.kind! ? -1 : 1)).map((job) => pick(job, JOB)),
  }));
}

/** The differences, element by element. The texts are the same in all languages. */
export function compare(before: Stored | undefined, after: PackageConfig): Change[] {
  const { name } = after;
  const changes: Change[] = [];
  const note = <Value>(element: string, last: Value | undefined, next: Value, say: (value: Value) => string | null) => {
    if (isDeepStrictEqual(last, next)) return;
    changes.push({ name, element, before: last === undefined ? null : say(last), after: say(next) });
  };
  for (const [element, value] of Object.entries(after.access)) {
    // For a new configuration, "no limit" is a change too.
    note(element, before?.access[element] ?? (before || !isLimit(element) ? null : undefined), value, text);
  }
  if (after.mappings) {
    const rows = after.mappings.map((row) => pick(row, MAPPING));
    note('mappings', before?.mappings, rows, mappingText);
  }
  for (const job of after.jobs ?? []) {
    const last = before?.jobs.find(({ kind }) => kind === job['kind']);
    note(elementOf(job['kind']), last, pick(job, JOB), jobText);
  }
  return changes;
}

const isLimit = (element: string) => NUMBERS[element]?.[2] ?? false;
const elementOf = (kind: unknown) => `job ${kind as string}`;

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

/** A change in words, in the caller's language. */
function inWords(change: Change, before: Stored | undefined, after: PackageConfig): Change {
  const locale = cds.context?.locale ?? 'en';
  if (change.element === 'mappings' || isLimit(change.element)) {
    const none = textOf(change.element === 'mappings' ? 'MAPPINGS_USUAL' : 'LIMIT_NONE', [], locale);
    return { ...change, before: before ? (change.before ?? none) : null, after: change.after ?? none };
  }
  const jobIn = (jobs?: readonly Data[]) =>
    jobs?.find(({ kind }) => elementOf(kind) === change.element) as PackageJob | undefined;
  const [last, next] = [jobIn(before?.jobs), jobIn(after.jobs)];
  if (!next) return change;
  const alike = last && scheduleWords(last, locale) === scheduleWords(next, locale);
  const say = alike ? scheduleParts : scheduleWords;
  return { ...change, before: last ? say(last, locale) : null, after: say(next, locale) };
}
