import { putDestination } from '../../../sandbox/btp/state.ts';
import { startSandbox } from '../../../sandbox/index.ts';
import type { User } from '../../../sandbox/leanix/types.ts';
import { directory } from '../../../sandbox/seed/people.ts';
import { tiny } from '../../../sandbox/seed/tiny.ts';
import { PATIENT, whileHeld } from '../../helpers/app/app.ts';
import { emailOf, launchAccess } from '../../helpers/access/access.ts';
import { NO_LIMITS } from '../../helpers/access/no-limits.ts';

// Two workspaces with one configuration, directory and set of limits each. They belong to one company: most of its
// people have an account in both, with the same user IDs.

const app = await launchAccess({ seed: tiny, config: PATIENT });
const north = app.sandbox;
const south = await startSandbox({ seed: tiny });
process.env['LEANIX_ALLOWED_HOSTS'] += `,${south.leanix.host}`;
afterAll(() => south.stop());

const enterprise = app.as('enterprise');
const because = { justification: 'New in the team' };
const ids = { north: '', south: '' };
type Side = keyof typeof ids;
const sides: Side[] = ['north', 'south'];

/** Copies a destination of the southern sandbox to the place where the app reads it. */
function share(name: string, as: string): void {
  const { instance, subaccount } = south.btp.state.destinations;
  const found = [...instance, ...subaccount].find(({ Name }) => Name === name);
  putDestination(north.btp.state, 'subaccount', { ...found, Name: as });
}

beforeEach(async () => {
  ids.north = await app.start({ ...NO_LIMITS, peopleDestination: 'PEOPLE' });
  await south.reset();
  share('LEANIX', 'LEANIX_SOUTH');
  share('PEOPLE', 'PEOPLE_SOUTH');
  const values = { leanixHost: south.leanix.host, leanixDestination: 'LEANIX_SOUTH', factSheetType: 'Interface' };
  const created = await enterprise.post('settings/LeanIXConfigs', { name: 'South', IsActiveEntity: true, ...values });
  expect(created.status).toBe(201);
  ids.south = created.body.ID;
  expect((await app.govern({ ...NO_LIMITS, peopleDestination: 'PEOPLE_SOUTH' }, ids.south)).status).toBe(200);
});

const run = (side: Side, action: string) => app.job(action, { config: ids[side] });
const rows = async (side: Side, path: string) =>
  app.all(`access/${path}${path.includes('?') ? '&' : '?'}$filter=config_ID eq ${ids[side]}`);
const accountOf = async (side: Side, name: string) =>
  (await rows(side, 'Accounts?$expand=person,assignments')).find(({ email }) => email === emailOf(name));
const on = async (side: Side, name: string, action: string, body: object) =>
  enterprise.post(`access/Accounts(${(await accountOf(side, name)).ID})/AccessService.${action}`, body);
const userOf = (side: Side, name: string) =>
  ({ north, south })[side].leanix.state.users.find(({ email }) => email === emailOf(name))!;
const isOf = (name: string) => (user: User) => user.email === emailOf(name);
const peopleOf = (name: string) => app.all(`access/People?$filter=directory eq '${name}'`);

test('each directory has its own people: what one import does not see is not gone from the other', async () => {
  south.btp.state.people = directory.filter(({ lastName }) => !['Costa', 'Quast'].includes(lastName));
  for (const side of sides) expect(await run(side, 'importAll')).toMatchObject({ status: 'completed' });
  const [northern, southern] = [await peopleOf('PEOPLE'), await peopleOf('PEOPLE_SOUTH')];
  expect([northern.length, southern.length]).toEqual([directory.length, directory.length - 2]);
  expect([...northern, ...southern].filter(({ active }) => !active)).toEqual([]);

  // Accounts are assigned to people of their own directory.
  expect((await accountOf('north', 'dilan.demir')).person).toMatchObject({ directory: 'PEOPLE' });
  expect((await accountOf('south', 'dilan.demir')).person).toMatchObject({ directory: 'PEOPLE_SOUTH' });
  expect((await accountOf('north', 'carla.costa')).person).toMatchObject({ email: emailOf('carla.costa') });
  expect(await accountOf('south', 'carla.costa')).toMatchObject({ person: null, directory: 'PEOPLE_SOUTH' });

  // This also applies to manual assignments.
  const stranger = northern.find(({ lastName }) => lastName === 'Quast');
  const refused = await on('south', 'carla.costa', 'correlate', { person: stranger.ID });
  expect([refused.status, refused.body.error?.code]).toEqual([404, 'PERSON_UNKNOWN']);
  const own = southern.find(({ lastName }) => lastName === 'Olsen');
  expect((await on('south', 'carla.costa', 'correlate', { person: own.ID })).body).toMatchObject({ person_ID: own.ID });

  // People who leave one directory stay in the other.
  south.btp.state.people = south.btp.state.people.filter(({ lastName }) => lastName !== 'Demir');
  expect(await run('south', 'importPeople')).toMatchObject({ removed: 1 });
  expect((await accountOf('south', 'dilan.demir')).person).toBeNull();
  expect((await accountOf('north', 'dilan.demir')).person).toMatchObject({ active: true });
});

test('conditions use the people of the own directory', async () => {
  south.btp.state.people = directory.map((person) => ({ ...person, department: 'Finance' }));
  const expression = 'owner.department = "Finance" ? "VIEWER" : task.role';
  const mappings = [
    { direction: 'import', target: 'email', expression: 'leanix.user.email' },
    { direction: 'provision', target: 'role', expression },
  ];
  for (const side of sides) {
    await app.govern({ mappings }, ids[side]);
    await run(side, 'importPeople');
    const wish = { config: ids[side], email: 'Olga.Olsen@halvorsen.example', role: 'MEMBER', ...because };
    expect((await enterprise.post('access/requestAccount', wish)).status).toBe(200);
    await run(side, 'runProvisioning');
  }
  const roleOf = (side: Side) =>
    ({ north, south })[side].leanix.state.users.find(({ email }) => email.startsWith('Olga'))?.role;
  expect([roleOf('north'), roleOf('south')]).toEqual(['MEMBER', 'VIEWER']);
});

test('a configuration that changes its directory keeps what people decided, for those who are there too', async () => {
  for (const side of sides) await run(side, 'importAll');
  const person = async (name: string, of: string) => (await peopleOf(of)).find(({ email }) => email === emailOf(name));
  const { ID } = await person('olga.olsen', 'PEOPLE');
  await on('north', 'carla.costa', 'correlate', { person: ID });
  await app.govern({ peopleDestination: 'PEOPLE_SOUTH' }, ids.north);
  await run('north', 'importAll');
  const other = await person('olga.olsen', 'PEOPLE_SOUTH');
  expect(other.ID).not.toBe(ID);
  expect(await accountOf('north', 'carla.costa')).toMatchObject({ person_ID: other.ID, correlatedBy: 'manual' });
  expect((await accountOf('north', 'dilan.demir')).person).toMatchObject({ directory: 'PEOPLE_SOUTH' });
});

test('accounts, roles, jobs and runs stand side by side, and the two work at the same time', async () => {
  expect((await enterprise.post('access/importAll')).body.error.code).toBe('CONFIG_REQUIRED');
  const both = await whileHeld(north.leanix.faults, { path: '/permissions' }, async () => {
    const first = await enterprise.post('access/importAll', { config: ids.north });
    // Neither waits for the other.
    expect(await run('south', 'importAll')).toMatchObject({ status: 'completed' });
    const again = await enterprise.post('access/importAll', { config: ids.north });
    expect([again.status, again.body.error.code]).toEqual([409, 'RUN_ACTIVE']);
    return first;
  });
  expect(await app.jobEnded(both.body.ID as string)).toMatchObject({ status: 'completed', config_ID: ids.north });
  for (const side of sides) {
    const { users } = { north, south }[side].leanix.state;
    const accounts = await rows(side, 'Accounts');
    expect(accounts.map(({ userId }) => userId).sort()).toEqual(users.map(({ id }) => id).sort());
    expect(accounts.filter(({ own }) => own)).toHaveLength(1);
    expect((await rows(side, 'Entitlements')).map(({ name }) => name).sort()).toEqual(['ADMIN', 'MEMBER', 'VIEWER']);
    expect(await rows(side, 'Jobs')).toHaveLength(6);
    expect(await rows(side, 'JobRuns')).toMatchObject([{ kind: 'importAll' }]);
  }

  // A person who leaves one workspace keeps the account in the other.
  south.leanix.state.users = south.leanix.state.users.filter((user) => !isOf('carla.costa')(user));
  await run('south', 'importAll');
  expect((await accountOf('south', 'carla.costa')).state).toBe('suspended');
  expect((await accountOf('north', 'carla.costa')).state).toBe('active');
});

test('tasks are carried out where they were asked for; the same person may have one in each', async () => {
  for (const side of sides) await run(side, 'importAll');
  expect((await on('north', 'hugo.hermans', 'addAccess', { role: 'MEMBER', ...because })).status).toBe(200);
  expect((await on('south', 'hugo.hermans', 'addAccess', { role: 'ADMIN', ...because })).status).toBe(200);
  expect(await run('south', 'runProvisioning')).toMatchObject({ total: 1, updated: 1 });
  expect([userOf('north', 'hugo.hermans').role, userOf('south', 'hugo.hermans').role]).toEqual(['VIEWER', 'ADMIN']);
  expect(await run('north', 'runProvisioning')).toMatchObject({ total: 1, updated: 1 });
  expect(userOf('north', 'hugo.hermans').role).toBe('MEMBER');
});

test('limits count the accounts of one workspace, and a confirmation is for that one', async () => {
  await app.govern({ maxRemoved: 1 }, ids.south);
  for (const side of sides) {
    await run(side, 'importAll');
    for (const name of ['carla.costa', 'dilan.demir']) await on(side, name, 'removeAccount', because);
  }
  expect(await run('north', 'runProvisioning')).toMatchObject({ status: 'completed', removed: 2 });
  const stopped = await run('south', 'runProvisioning');
  expect(stopped).toMatchObject({ status: 'failed', code: 'THRESHOLD_EXCEEDED', canConfirm: true });
  expect(userOf('south', 'carla.costa').status).toBe('ACTIVE');
  const path = `access/JobRuns(${stopped.ID})/AccessService.confirm`;
  const { body } = await enterprise.post(path, { reason: 'Both have left' });
  expect(await app.jobEnded(body.ID as string)).toMatchObject({ config_ID: ids.south, removed: 2 });
});

test('the last administrator is counted in each workspace', async () => {
  for (const name of ['bernd.brandt', 'erika.enterprise']) userOf('south', name).role = 'MEMBER';
  for (const side of sides) await run(side, 'importAll');
  const remove = (side: Side) => on(side, 'astrid.architect', 'removeAccount', because);
  expect((await remove('south')).body.error?.code).toBe('LAST_ADMIN');
  expect((await remove('north')).status).toBe(200);
  expect(await run('north', 'runProvisioning')).toMatchObject({ status: 'completed', removed: 1 });
  expect(userOf('south', 'astrid.architect')).toMatchObject({ role: 'ADMIN', status: 'ACTIVE' });

  // Changes since the request are found when the task is executed.
  expect((await on('north', 'bernd.brandt', 'removeAccount', because)).status).toBe(200);
  userOf('north', 'erika.enterprise').role = 'MEMBER';
  expect(await run('north', 'runProvisioning')).toMatchObject({ status: 'completedWithError', failed: 1 });
  expect(userOf('north', 'bernd.brandt')).toMatchObject({ role: 'ADMIN', status: 'ACTIVE' });
});

test('a package takes both along, and changes only the one that differs', async () => {
  const path = 'access/exportConnectionPackage()';
  const bundle = JSON.parse((await enterprise.get(path)).body.value as string);
  const { configurations } = bundle['leanix_access.json'];
  expect(configurations.map(({ name, peopleDestination }: any) => [name, peopleDestination])).toEqual([
    ['South', 'PEOPLE_SOUTH'],
    ['Test', 'PEOPLE'],
  ]);
  configurations[0].maxRemoved = 3;
  const answer = await enterprise.post('access/importConnectionPackage', { bundle: JSON.stringify(bundle) });
  expect(answer.body).toMatchObject({
    created: 0,
    updated: 1,
    changes: [{ name: 'South', element: 'maxRemoved', after: '3' }],
  });
  const limits = (await app.all('access/AccessConfigs')).map(({ ID, maxRemoved }) => [ID, maxRemoved]);
  expect(Object.fromEntries(limits)).toEqual({ [ids.north]: null, [ids.south]: 3 });
});

test('deleting one leaves the other as it is', async () => {
  for (const side of sides) await run(side, 'importAll');
  await on('north', 'carla.costa', 'removeAccess', because);
  const all = async () => ({
    accounts: await rows('north', 'Accounts?$expand=assignments'),
    tasks: await rows('north', 'ProvisioningTasks'),
    jobs: await rows('north', 'Jobs'),
  });
  const before = await all();
  expect((await enterprise.delete(`settings/LeanIXConfigs(ID=${ids.south},IsActiveEntity=true)`)).status).toBe(204);
  expect(await all()).toEqual(before);
  expect(await app.all('access/AccessConfigs')).toHaveLength(1);
  // Only one is left, so it need not be named.
  expect(await app.job('runProvisioning')).toMatchObject({ config_ID: ids.north, updated: 1 });
});
