import cds from '@sap/cds';
import { People } from '#cds-models/leanix';
import { cut } from '../base/text.ts';
import { textOf } from '../base/problem.ts';
import { readPeople, type DirectoryPerson } from '../scim/people.ts';
import type { Job } from '../runs/job.ts';
import { RunProblem } from '../base/outcome.ts';
import { lockConfigs } from '../base/transaction.ts';
import { correlateAccounts, setAll, upsertAll } from './rows.ts';
import { accessOf } from './settings.ts';

type Row = {
  ID: string;
  directory: string;
  userName: string | null;
  email: string;
  firstName: string | null;
  lastName: string | null;
  department: string | null;
  manager_ID: string | null;
  active: boolean;
  inactiveSince: string | null;
};

/**
 * Reads the people of the configuration's directory, by their e-mail; who is not there any more becomes inactive, and
 * who is inactive there and was never known is left out. Then accounts are related to them.
 * @returns what was done, in words
 */
export async function importPeople(job: Job): Promise<string> {
  const { config } = job.run;
  const access = accessOf(job);
  const { peopleDestination } = access;
  if (!peopleDestination) throw new RunProblem('PEOPLE_NOT_CONFIGURED', config.name);
  const read = await readPeople(peopleDestination, { signal: job.signal });
  await job.checkpoint();
  const counts = { created: 0, updated: 0, removed: 0 };
  const work = async () => {
    if (!read.length) await assertNobodyKnown(peopleDestination);
    Object.assign(counts, await store(peopleDestination, read));
    await correlateAccounts(config.ID, access);
  };
  // Another configuration may be reading the same directory.
  await job.commit({ total: { '+=': read.length } }, work, lockConfigs);
  await job.commit({
    done: { '+=': read.length },
    created: { '+=': counts.created },
    updated: { '+=': counts.updated },
    removed: { '+=': counts.removed },
  });
  return textOf('PEOPLE_IMPORTED', [read.length, counts.created, counts.updated, counts.removed].map(String));
}

/** A directory that suddenly lists nobody is a failed read. In the caller's transaction. @throws RunProblem PEOPLE_EMPTY */
async function assertNobodyKnown(directory: string): Promise<void> {
  const known = await SELECT.one.from(People).columns('ID').where({ directory, active: true });
  if (known) throw new RunProblem('PEOPLE_EMPTY', directory);
}

/** In the caller's transaction. */
async function store(directory: string, read: readonly DirectoryPerson[]) {
  const now = new Date().toISOString();
  const stored = await SELECT.from(People).where({ directory });
  const byEmail = new Map(stored.map((person) => [person.email?.toLowerCase() ?? '', person]));
  const isOurs = ({ email, active }: DirectoryPerson) => email && (active || byEmail.has(email.toLowerCase()));
  const people = new Map(read.filter(isOurs).map((person) => [person.email!.toLowerCase(), person]));
  const idOf = new Map([...people.keys()].map((email) => [email, byEmail.get(email)?.ID ?? cds.utils.uuid()]));
  const emailOf = new Map([...people].map(([email, { id }]) => [id, email]));
  const rows = [...people].map(([email, person]): Row => ({
    ID: idOf.get(email)!,
    directory,
    userName: cut(person.userName, 255),
    email: cut(person.email!, 255),
    firstName: cut(person.firstName, 255),
    lastName: cut(person.lastName, 255),
    department: cut(person.department, 255),
    manager_ID: idOf.get(emailOf.get(person.managerId ?? '') ?? '') ?? null,
    active: person.active,
    inactiveSince: person.active ? null : (byEmail.get(email)?.inactiveSince ?? now),
  }));
  const changed = rows.filter((row) => {
    const before = byEmail.get(row.email.toLowerCase()) as Partial<Row> | undefined;
    return !before || Object.entries(row).some(([name, value]) => (before[name as keyof Row] ?? null) !== value);
  });
  const gone = stored.filter(({ email, active }) => active && !people.has(email?.toLowerCase() ?? ''));
  await upsertAll(People, changed);
  const ids = gone.map(({ ID }) => ID!);
  await setAll(People, ids, { active: false, inactiveSince: now });
  const created = changed.filter(({ email }) => !byEmail.has(email.toLowerCase())).length;
  return { created, updated: changed.length - created, removed: gone.length };
}
