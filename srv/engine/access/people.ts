import cds from '@sap/cds';
import { People } from '#cds-models/leanix';
import { cut } from '../../cut.ts';
import { textOf } from '../../problem.ts';
import { readPeople, type DirectoryPerson } from '../../scim/people.ts';
import type { Job } from '../job.ts';
import { RunProblem } from '../outcome.ts';
import { correlateAccounts } from './rows.ts';

type Row = {
  ID: string;
  userName: string | null;
  email: string;
  firstName: string | null;
  lastName: string | null;
  department: string | null;
  manager_ID: string | null;
  active: boolean;
  source: 'scim';
};

const CHUNK = 500;

/**
 * Reads the people of the subaccount, by their e-mail; who is not there any more becomes inactive. Then accounts are
 * related to them.
 * @returns what was done, in words
 */
export async function importPeople(job: Job): Promise<string> {
  const { config } = job.run;
  const { peopleDestination, correlateBy } = job.run.access!;
  if (!peopleDestination) throw new RunProblem('PEOPLE_NOT_CONFIGURED', config.name);
  const read = await readPeople(peopleDestination, { signal: job.signal });
  await job.checkpoint();
  const counts = { created: 0, updated: 0, removed: 0 };
  await job.commit({ total: { '+=': read.length } }, async () => {
    if (!read.length) await assertNobodyKnown(peopleDestination);
    Object.assign(counts, await store(read));
    await correlateAccounts(config.ID, correlateBy);
  });
  await job.commit({
    done: { '+=': read.length },
    created: { '+=': counts.created },
    updated: { '+=': counts.updated },
    removed: { '+=': counts.removed },
  });
  return textOf('PEOPLE_IMPORTED', [read.length, counts.created, counts.updated, counts.removed].map(String));
}

/** A directory that suddenly lists nobody is a failed read. In the caller's transaction. @throws RunProblem PEOPLE_EMPTY */
async function assertNobodyKnown(destination: string): Promise<void> {
  const known = await SELECT.one.from(People).columns('ID').where({ source: 'scim', active: true });
  if (known) throw new RunProblem('PEOPLE_EMPTY', destination);
}

/** In the caller's transaction. */
async function store(read: readonly DirectoryPerson[]) {
  const stored = await SELECT.from(People);
  const byEmail = new Map(stored.map((person) => [person.email?.toLowerCase() ?? '', person]));
  const people = new Map(read.flatMap((person) => (person.email ? [[person.email.toLowerCase(), person]] : [])));
  const idOf = new Map([...people.keys()].map((email) => [email, byEmail.get(email)?.ID ?? cds.utils.uuid()]));
  const emailOf = new Map([...people].map(([email, { id }]) => [id, email]));
  const rows = [...people].map(([email, person]): Row => ({
    ID: idOf.get(email)!,
    userName: cut(person.userName, 255),
    email: cut(person.email!, 255),
    firstName: cut(person.firstName, 255),
    lastName: cut(person.lastName, 255),
    department: cut(person.department, 255),
    manager_ID: idOf.get(emailOf.get(person.managerId ?? '') ?? '') ?? null,
    active: person.active,
    source: 'scim',
  }));
  const changed = rows.filter((row) => {
    const before = byEmail.get(row.email.toLowerCase()) as Partial<Row> | undefined;
    return !before || Object.entries(row).some(([name, value]) => (before[name as keyof Row] ?? null) !== value);
  });
  const gone = stored.filter(
    ({ email, source, active }) => source === 'scim' && active && !people.has(email?.toLowerCase() ?? ''),
  );
  for (let i = 0; i < changed.length; i += CHUNK) {
    // eslint-disable-next-line no-await-in-loop -- one transaction takes one statement at a time
    await UPSERT.into(People).entries(changed.slice(i, i + CHUNK));
  }
  if (gone.length) {
    await UPDATE.entity(People)
      .set({ active: false })
      .where({ ID: { in: gone.map(({ ID }) => ID!) } });
  }
  const created = changed.filter(({ email }) => !byEmail.has(email.toLowerCase())).length;
  return { created, updated: changed.length - created, removed: gone.length };
}
