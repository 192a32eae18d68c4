import cds from '@sap/cds';
import { People } from '#cds-models/leanix';
import { placePeople, type PlacedPerson } from '../core/access/people.ts';
import { cut } from '../base/text.ts';
import { textOf } from '../base/problem.ts';
import { readPeople, type DirectoryPerson } from '../scim/people.ts';
import type { Job } from '../runs/job.ts';
import { RunProblem } from '../base/outcome.ts';
import { lockConfigs } from '../base/transaction.ts';
import { beyondLimits, stopAtLimits, type Judged } from './limits.ts';
import { correlateAccounts, setAll, upsertAll } from './rows.ts';
import { accessOf } from './settings.ts';

type Row = {
  ID: string;
  directory: string;
  directoryId: string | null;
  userName: string | null;
  email: string | null;
  firstName: string | null;
  lastName: string | null;
  department: string | null;
  manager_ID: string | null;
  active: boolean;
  ambiguous: boolean;
  inactiveSince: string | null;
};

/**
 * Imports the people of the configuration's directory; missing ones become inactive. If more leave than the limit
 * allows, a user must confirm first. Then accounts are assigned to people.
 * @returns a text about the result
 */
export async function importPeople(job: Job): Promise<string> {
  const { config } = job.run;
  const access = accessOf(job);
  const { peopleDestination } = access;
  if (!peopleDestination) throw new RunProblem('PEOPLE_NOT_CONFIGURED', config.name);
  const read = await readPeople(peopleDestination, { signal: job.signal });
  await job.checkpoint();
  let plan: Plan | undefined;
  let beyond: Judged | undefined;
  const work = async () => {
    if (!read.length) await assertNobodyKnown(peopleDestination);
    plan = await planRows(peopleDestination, read);
    const { leavers, active } = plan;
    beyond = beyondLimits(job, { leavers }, active);
    if (beyond.found.length) return;
    await store(plan);
    await correlateAccounts(config.ID, access);
  };
  // Another configuration may use the same directory.
  await job.commit({}, work, lockConfigs);
  const { leavers, created, updated, gone, ambiguous } = plan!;
  await stopAtLimits(job, beyond!, leavers, () => setAll(People, leavers, { stoppedRun_ID: job.run.ID }));
  const counters = { total: read.length, done: read.length, created, updated, removed: gone.length };
  await job.commit(Object.fromEntries(Object.entries(counters).map(([name, count]) => [name, { '+=': count }])));
  const told = textOf('PEOPLE_IMPORTED', [read.length, created, updated, gone.length].map(String));
  if (!ambiguous.length) return told;
  const shown = ambiguous.slice(0, 10).join(', ');
  return `${told}\n${textOf('PEOPLE_AMBIGUOUS', [String(ambiguous.length), shown])}`;
}

/** A directory that suddenly lists nobody is a failed read. In the caller's transaction. @throws RunProblem PEOPLE_EMPTY */
async function assertNobodyKnown(directory: string): Promise<void> {
  const known = await SELECT.one.from(People).columns('ID').where({ directory, active: true });
  if (known) throw new RunProblem('PEOPLE_EMPTY', directory);
}

type Plan = {
  changed: Row[];
  created: number;
  updated: number;
  /** IDs of people who were active and are no longer listed. */
  gone: string[];
  leavers: string[];
  moved: string[];
  now: string;
  /** The number of active people before. */
  active: number;
  /** E-mails that several active people share. */
  ambiguous: string[];
};

/** The differences to the stored people, in the caller's transaction. */
async function planRows(directory: string, read: readonly DirectoryPerson[]): Promise<Plan> {
  const now = new Date().toISOString();
  const stored = (await SELECT.from(People).where({ directory })) as unknown as Row[];
  const before = new Map(stored.map((row) => [row.ID, row]));
  const entries = read.map((entry) => ({ ...entry, email: cut(entry.email, 255) }));
  const known = stored.map(({ ID, directoryId, email, active }) => ({ ID, directoryId, email, active }));
  const { people, gone, leavers, moved } = placePeople(known, entries, () => cds.utils.uuid());
  const rows = people.map((person) => rowOf(directory, person, before.get(person.ID)?.inactiveSince ?? now));
  const changed = rows.filter((row) => {
    const last = before.get(row.ID) as Partial<Row> | undefined;
    return !last || Object.entries(row).some(([name, value]) => (last[name as keyof Row] ?? null) !== value);
  });
  const created = changed.filter(({ ID }) => !before.has(ID)).length;
  const ambiguous = rows.flatMap(({ ambiguous, email }) => (ambiguous && email ? email : []));
  return {
    changed,
    created,
    updated: changed.length - created,
    gone: gone.filter((ID) => before.get(ID)!.active),
    leavers,
    moved,
    now,
    active: stored.filter(({ active }) => active).length,
    ambiguous: ambiguous.sort(),
  };
}

function rowOf(
  directory: string,
  { ID, entry, email, managerId, ambiguous }: PlacedPerson<DirectoryPerson>,
  since: string,
): Row {
  return {
    ID,
    directory,
    // IDs are never cut: half an ID is another ID.
    directoryId: entry.id.length <= 255 ? entry.id : null,
    userName: cut(entry.userName, 255),
    email,
    firstName: cut(entry.firstName, 255),
    lastName: cut(entry.lastName, 255),
    department: cut(entry.department, 255),
    manager_ID: managerId,
    active: entry.active,
    ambiguous,
    inactiveSince: entry.active ? null : since,
  };
}

/** In the caller's transaction. */
async function store({ changed, gone, moved, now }: Plan): Promise<void> {
  // Free an e-mail before another row takes it.
  await setAll(People, moved, { email: null });
  await upsertAll(People, changed);
  await setAll(People, gone, { active: false, ambiguous: false, inactiveSince: now });
}
