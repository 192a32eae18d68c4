import cds from '@sap/cds';
import { AccessConfigs, AccessMappings, Jobs, LeanIXConfigs } from '#cds-models/leanix';
import { WEEKDAYS } from '../access-core/schedule.ts';
import { audit } from '../engine/audit.ts';
import { addMissingAccess, JOB_KINDS } from '../engine/access/defaults.ts';
import {
  bringIn,
  checkOneOf,
  checkText,
  checkWhole,
  list,
  pick,
  readBundle,
  record,
  writeBundle,
  type Change,
  type Data,
  type ImportResult,
} from '../bundles.ts';
import { problem } from '../problem.ts';
import { checkAccess, planJob } from './constraints.ts';

/** The connection package: how access is governed, of all configurations, as JSON and without any secret. */

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

/** What a package does not mention stays as it is. */
export type PackageConfig = { name: string; access: Data; mappings?: Data[]; jobs?: Data[] };

/** All configurations, in the caller's transaction. */
export async function exportPackage(): Promise<string> {
  const stored = await readStored();
  return writeBundle(
    FILE,
    stored.map(({ name, access, mappings, jobs }) => ({ name, ...access, mappings, jobs })),
  );
}

/** @throws 413 BUNDLE_TOO_LARGE; 400 BUNDLE_INVALID with what is wrong, and the codes of the constraints */
export const parsePackage = (text: unknown): PackageConfig[] => readBundle(text, FILE, parseConfig);

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
  checkAccess(Object.assign(access, config.mappings && { mappings: config.mappings }));
  delete access['mappings'];
  return config;
}

function parseMapping(value: unknown, path: string): Data {
  const row = record(value, path, MAPPING);
  checkText(row['expression'], `${path}.expression`, 1000);
  return row;
}

function parseJob(value: unknown, path: string): Data {
  const row: Data = { ...UNPLANNED, ...record(value, path, JOB) };
  checkOneOf(row['kind'], `${path}.kind`, JOB_KINDS);
  checkOneOf(row['schedule'], `${path}.schedule`, SCHEDULES);
  checkOneOf(row['weekday'], `${path}.weekday`, WEEKDAYS);
  checkWhole(row['everyHours'], `${path}.everyHours`, 1, 720);
  for (const element of ['atTime', 'timeZone']) checkText(row[element], `${path}.${element}`, 50);
  planJob({ ...row }, {});
  return row;
}

const UNPLANNED = { schedule: 'off', everyHours: 24, atTime: '02:00:00', weekday: 'monday', timeZone: 'UTC' };

/**
 * Brings a package in, in the caller's transaction: configurations of known names are updated, the others created, to
 * be filled in with host and destinations.
 * @param dryRun only says what it would change
 */
export const importPackage = (configs: readonly PackageConfig[], dryRun: boolean): Promise<ImportResult> =>
  bringIn(configs, dryRun, { read: readStored, compare, save });

async function save(
  before: Stored | undefined,
  { name, access, mappings, jobs }: PackageConfig,
  changes: readonly Change[],
): Promise<void> {
  const ID = before?.ID ?? cds.utils.uuid();
  if (!before) {
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
    if (!changes.some(({ element }) => element === `job ${kind as string}`)) continue;
    const data = planJob(job, before?.jobs.find((one) => one['kind'] === kind) ?? {});
    delete data['lastRunAt'];
    // eslint-disable-next-line no-await-in-loop -- one transaction takes one statement at a time
    await UPDATE.entity(Jobs)
      .set(data)
      .where({ config_ID: ID, kind: kind as never });
  }
  await auditChanges(ID, changes);
}

/** Keeps changes of access settings, in the caller's transaction. */
export async function auditChanges(configId: string, changes: readonly Change[]): Promise<void> {
  await audit(
    ...changes.map(({ name, ...change }) => ({ action: 'changeAccess' as const, configId, subject: name, ...change })),
  );
}

export type Stored = Required<PackageConfig> & { ID: string };

/** Access settings with mappings and jobs, of all configurations or of one, in the caller's transaction. */
export async function readStored(ID?: string): Promise<Stored[]> {
  const all = SELECT.from(AccessConfigs, (access) => {
    access('*');
    access.config((config) => config.name);
    access.mappings((mapping) => mapping('*'));
    access.jobs((job) => job('*'));
  }).orderBy('config.name');
  const rows = await (ID === undefined ? all : all.where({ ID }));
  return rows.map((row) => ({
    ID: row.ID!,
    name: row.config!.name!,
    access: pick(row, ELEMENTS),
    mappings: [...(row.mappings ?? [])]
      .sort((a, b) => a.position! - b.position!)
      .map((mapping) => pick(mapping, MAPPING)),
    jobs: [...(row.jobs ?? [])].sort((a, b) => (a.kind! < b.kind! ? -1 : 1)).map((job) => pick(job, JOB)),
  }));
}

/** What differs, element by element; what a package does not mention stays. */
export function compare(before: Stored | undefined, after: PackageConfig): Change[] {
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
