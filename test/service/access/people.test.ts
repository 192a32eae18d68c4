import { tiny } from '../../../sandbox/seed/tiny.ts';
import { emailOf, launchAccess } from '../../helpers/access/access.ts';
import { NO_LIMITS } from '../../helpers/access/no-limits.ts';

const app = await launchAccess({ seed: tiny });
const enterprise = app.as('enterprise');
const because = { justification: 'Has joined the team' };

const directory = () => app.sandbox.btp.state;
const everybody = structuredClone(directory().people);
const named = (name: string) => directory().people.find(({ email }) => email === emailOf(name))!;
const rows = () => app.all('access/People?$orderby=email');
const row = async (name: string) => (await rows()).find(({ email }) => email === emailOf(name));

async function imported(settings: object = NO_LIMITS): Promise<void> {
  await app.start({ ...settings, peopleDestination: 'PEOPLE' });
  directory().people = structuredClone(everybody);
  expect(await app.job('importAll')).toMatchObject({ status: 'completed' });
}

/** Two people are no longer active. */
const LEAVE = {
  gone: (names: string[]) => directory().people.filter(({ email }) => !names.includes(email)),
  inactive: (names: string[]) =>
    directory().people.map((person) => (names.includes(person.email) ? { ...person, active: false } : person)),
};

describe('more people who leave than the limit allows', () => {
  test.each(['gone', 'inactive'] as const)('stay until a person confirms it: they are %s', async (how) => {
    await imported({ ...NO_LIMITS, maxLeavers: 1 });
    const before = await rows();
    const leavers = ['carla.costa', 'dilan.demir'].map(emailOf);
    directory().people = LEAVE[how](leavers);
    const run = await app.job('importPeople');
    expect(run).toMatchObject({ status: 'failed', code: 'THRESHOLD_EXCEEDED', removed: 0, canConfirm: true });
    expect(run.message).toContain(`2 of ${before.length} people would become inactive, and the limit is 1`);
    const shown = await app.all(`access/JobRuns(${run.ID})/people`);
    expect(shown.map(({ email }) => email).sort()).toEqual(leavers);
    const values = ({ stoppedRun_ID: _, ...rest }: any) => rest;
    expect((await rows()).map(values)).toEqual(before.map(values));
    expect(await app.job('importAll')).toMatchObject({ status: 'failed', code: 'THRESHOLD_EXCEEDED' });

    const { body } = await enterprise.post(`access/JobRuns(${run.ID})/AccessService.confirm`, { reason: 'They left' });
    expect(await app.jobEnded(body.ID)).toMatchObject({ status: 'completed' });
    const left = (await rows()).filter(({ active }) => !active).map(({ email }) => email);
    expect(left.sort()).toEqual(leavers);
  });

  test('5 % at first, and one at least', async () => {
    await app.start({ peopleDestination: 'PEOPLE' });
    await app.job('importPeople');
    directory().people = directory().people.slice(1);
    expect(await app.job('importPeople')).toMatchObject({ status: 'completed', removed: 1 });
    directory().people = directory().people.slice(2);
    expect(await app.job('importPeople')).toMatchObject({ status: 'failed', code: 'THRESHOLD_EXCEEDED' });
  });
});

test('an e-mail that changes under the same id keeps the person, and the relation that somebody made', async () => {
  await imported();
  const carla = await row('carla.costa');
  const dilan = await app.account('dilan.demir');
  const related = await enterprise.post(`access/Accounts(${dilan.ID})/AccessService.correlate`, { person: carla.ID });
  expect(related.status).toBe(200);
  named('carla.costa').email = emailOf('carla.cruz');
  expect(await app.job('importPeople')).toMatchObject({ status: 'completed', created: 0, updated: 1, removed: 0 });
  expect(await row('carla.cruz')).toMatchObject({ ID: carla.ID, active: true });
  expect(await app.account('dilan.demir')).toMatchObject({ correlatedBy: 'manual', person: { ID: carla.ID } });
});

test('two people whose e-mails change places keep their rows', async () => {
  await imported();
  const [carla, dilan] = [await row('carla.costa'), await row('dilan.demir')];
  const [first, second] = [named('carla.costa'), named('dilan.demir')];
  [first.email, second.email] = [second.email, first.email];
  expect(await app.job('importPeople')).toMatchObject({ status: 'completed', created: 0, updated: 2, removed: 0 });
  expect([(await row('dilan.demir')).ID, (await row('carla.costa')).ID]).toEqual([carla.ID, dilan.ID]);
});

test('of two entries with one e-mail the active one is the owner, in whatever order they come', async () => {
  await imported();
  const { ID } = await row('carla.costa');
  const others = directory().people;
  const double = { ...named('carla.costa'), id: 'the first', active: false };
  for (const people of [
    [double, ...others],
    [...others, double],
  ]) {
    directory().people = people;
    await app.job('importPeople');
    expect(await app.account('carla.costa')).toMatchObject({ person: { ID, active: true }, correlatedBy: 'email' });
  }
});

test('several active entries with one e-mail are shown, and own nothing by themselves', async () => {
  await imported();
  directory().people.push({ ...named('carla.costa'), id: 'another' });
  const run = await app.job('importPeople');
  expect(run).toMatchObject({ status: 'completed', message: expect.stringContaining(emailOf('carla.costa')) });
  expect(await row('carla.costa')).toMatchObject({ active: true, ambiguous: true });
  expect(await app.account('carla.costa')).toMatchObject({ person: null });
  directory().people = directory().people.filter(({ id }) => id !== 'another');
  await app.job('importPeople');
  expect(await row('carla.costa')).toMatchObject({ ambiguous: false });
  expect(await app.account('carla.costa')).toMatchObject({ correlatedBy: 'email' });
});

describe('an owner who is lost raises no role', () => {
  const mappings = [
    { direction: 'import', target: 'email', expression: 'leanix.user.email' },
    { direction: 'provision', target: 'role', expression: 'owner.department = "Sales" ? "MEMBER" : "ADMIN"' },
  ];
  const role = { role: 'MEMBER', ...because };
  const lose = async (name: string) => {
    directory().people = directory().people.filter(({ email }) => email !== emailOf(name));
    await app.job('importPeople');
  };

  test('when the owner is lost before the request', async () => {
    await imported({ ...NO_LIMITS, mappings });
    await lose('carla.costa');
    const { status, body } = await app.onAccount('carla.costa', 'addAccess', role);
    expect([status, body.error.code]).toEqual([409, 'OWNER_MISSING']);
    expect(body.error.message).toContain(emailOf('carla.costa'));
    // Access can still be removed.
    expect((await app.onAccount('carla.costa', 'removeAccess', because)).status).toBe(200);
  });

  test('when the owner is lost before it is carried out', async () => {
    await imported({ ...NO_LIMITS, mappings });
    app.user('carla.costa')!.role = 'VIEWER';
    await app.job('importAccounts');
    const { body: task } = await app.onAccount('carla.costa', 'addAccess', role);
    expect(task).toMatchObject({ roleAfter: 'MEMBER' });
    await lose('carla.costa');
    await app.job('runProvisioning');
    expect(await app.task(task.ID)).toMatchObject({ status: 'failed', code: 'OWNER_MISSING' });
    expect(app.user('carla.costa')).toMatchObject({ role: 'VIEWER' });
  });
});
