import { tiny } from '../../sandbox/seed/tiny.ts';
import { emailOf } from '../helpers/access/access.ts';
import {
  accessRows,
  expectAccessQuiet,
  expectAccountsTrue,
  expectNoneRepeated,
  expectTasksEnded,
  jobOf,
} from '../helpers/access/invariants.ts';
import type { Running } from '../helpers/runtime/invariants.ts';
import { playKills, type Scenario } from '../helpers/runs/kills.ts';
import { NO_LIMITS } from '../helpers/access/no-limits.ts';

// The process is killed while it works on access: during an import, the five kinds of tasks in one run, an immediate
// task, and an approved one.

const config = {
  leanix: { leaseSeconds: 1, sweepSeconds: 0.2, settleSeconds: 0.2, perSecond: 30 },
  transport: { backoff: 20, maxBackoff: 200, timeout: 3000 },
  log: { levels: { '*': 'error', cds: 'info', leanix: 'error' } },
};
const because = { justification: 'New in the team' };

async function govern(running: Running, settings: object): Promise<void> {
  const [{ ID }] = await accessRows(running, 'AccessConfigs?$select=ID');
  const { status } = await running.user.patch(`access/AccessConfigs(ID=${ID},IsActiveEntity=true)`, settings);
  expect(status).toBe(200);
}

async function configure(running: Running, ID: string): Promise<void> {
  const host = { leanixHost: running.sandbox.leanix.host };
  await running.user.patch(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`, host);
  await govern(running, { ...NO_LIMITS, peopleDestination: 'PEOPLE' });
}

const personOf = ({ sandbox }: Running, name: string) =>
  sandbox.leanix.state.users.find(({ email }) => email === emailOf(name));

async function idOf(running: Running, name: string): Promise<string> {
  return (await accessRows(running, `Accounts?$filter=email eq '${emailOf(name)}'`))[0].ID;
}

async function ask(running: Running, name: string, action: string, role?: string): Promise<void> {
  const path = `access/Accounts(${await idOf(running, name)})/AccessService.${action}`;
  expect((await running.user.post(path, { ...because, ...(role && { role }) })).status).toBe(200);
}

const invitation = { email: emailOf('olga.olsen'), role: 'MEMBER', ...because };

/** The access of each user after the five tasks. */
const FIVE = {
  'olga.olsen': { role: 'MEMBER', status: 'INVITED' },
  'liam.lynch': { role: 'MEMBER', status: 'ACTIVE' },
  'hugo.hermans': { role: 'ADMIN', status: 'ACTIVE' },
  'dilan.demir': { role: 'VIEWER', status: 'ACTIVE' },
  'carla.costa': { role: 'MEMBER', status: 'ARCHIVED' },
};

/** Each of these was written once, all tasks are done, and nothing is left to do. */
async function expectWritten(running: Running, wanted: Record<string, object>): Promise<void> {
  const { permissionWrites, mails } = running.sandbox.leanix.state;
  for (const [name, permission] of Object.entries(wanted)) expect(personOf(running, name)).toMatchObject(permission);
  const written = permissionWrites.map(({ userId }) => userId);
  expect(written.sort()).toEqual(
    Object.keys(wanted)
      .map((name) => personOf(running, name)!.id)
      .sort(),
  );
  expectNoneRepeated(running);
  expect(mails.map(({ to }) => to)).toEqual('olga.olsen' in wanted ? [emailOf('olga.olsen')] : []);
  const tasks = await accessRows(running, 'ProvisioningTasks');
  expect(tasks.map(({ status }) => status)).toEqual(Object.keys(wanted).map(() => 'done'));
  await expectTasksEnded(running);
  await expectAccountsTrue(running);
  await expectAccessQuiet(running);
}

const tables = ['Assignment', 'ProvisioningTask', 'Entitlement', 'Account', 'Person', 'SyncRun'];
const both = { system: 'leanix', tables } as const;

const scenarios: Scenario[] = [
  {
    ...both,
    name: 'run of five tasks',
    kind: 'provision',
    around: ['commit', 'write'],
    async prepare(running) {
      await govern(running, { instantProvisioning: false, fourEyes: false });
      await jobOf(running, 'importAll');
      expect((await running.user.post('access/requestAccount', invitation)).status).toBe(200);
      await ask(running, 'liam.lynch', 'enableAccount', 'MEMBER');
      await ask(running, 'hugo.hermans', 'addAccess', 'ADMIN');
      await ask(running, 'dilan.demir', 'removeAccess');
      await ask(running, 'carla.costa', 'removeAccount');
      return { path: 'access/runProvisioning' };
    },
    outcome: { status: 'completed', total: 5, done: 5, created: 1, updated: 3, removed: 1, unchanged: 0, failed: 0 },
    check: (running) => expectWritten(running, FIVE),
  },
  {
    ...both,
    name: 'task that is carried out at once',
    kind: 'provision',
    around: ['commit', 'write'],
    async prepare(running) {
      await govern(running, { instantProvisioning: true, fourEyes: false });
      await jobOf(running, 'importAll');
      return { path: 'access/requestAccount', body: invitation };
    },
    outcome: { status: 'completed', trigger: 'request', total: 1, done: 1, created: 1, failed: 0 },
    check: (running) => expectWritten(running, { 'olga.olsen': FIVE['olga.olsen'] }),
  },
  {
    ...both,
    name: 'task that is carried out once it is approved',
    kind: 'provision',
    around: ['commit', 'write'],
    async prepare(running, _forget, other) {
      await govern(running, { instantProvisioning: true, fourEyes: true });
      await jobOf(running, 'importAll');
      const { status, body: task } = await other.post('access/requestAccount', invitation);
      expect(status).toBe(200);
      return { path: `access/ProvisioningTasks(${task.ID})/AccessService.approve` };
    },
    outcome: { status: 'completed', startedBy: 'enterprise2', total: 1, done: 1, created: 1, failed: 0 },
    async check(running) {
      const approved = { requester: 'enterprise2', approvedBy: 'enterprise' };
      expect(await accessRows(running, 'ProvisioningTasks')).toMatchObject([approved]);
      await expectWritten(running, { 'olga.olsen': FIVE['olga.olsen'] });
    },
  },
  {
    ...both,
    name: 'import of people, accounts and access',
    kind: 'importAll',
    around: ['commit'],
    async prepare(running, forget) {
      const { leanix, btp } = running.sandbox;
      const everybody = btp.state.people;
      btp.state.people = everybody.slice(1);
      await jobOf(running, 'importAll');
      forget('SyncRun');
      btp.state.people = everybody.slice(0, -1);
      const { state } = leanix;
      state.users = state.users.filter((user) => user !== personOf(running, 'carla.costa'));
      Object.assign(personOf(running, 'hugo.hermans')!, { role: 'CONTACT' });
      Object.assign(personOf(running, 'liam.lynch')!, { status: 'ACTIVE' });
      const joined = { ...personOf(running, 'dilan.demir')!, id: 'u-olga', permissionId: 'p-olga' };
      state.users.push({ ...joined, email: emailOf('olga.olsen'), userName: emailOf('olga.olsen') });
      return { path: 'access/importAll' };
    },
    // 16 people, 16 accounts and their roles, each of them once.
    outcome: { status: 'completed', total: 48, done: 48, failed: 0 },
    async check(running) {
      await expectAccountsTrue(running);
      const accounts = await accessRows(running, 'Accounts?$expand=assignments,person');
      const of = (name: string) => accounts.find(({ email }) => email === emailOf(name));
      const ended = ({ assignments }: any) => assignments.filter(({ validTo }: any) => validTo).length;
      expect(accounts).toHaveLength(17);
      expect(accounts.filter(({ state }) => state === 'suspended').map(({ email }) => email)).toEqual([
        emailOf('carla.costa'),
      ]);
      expect(['carla.costa', 'hugo.hermans', 'liam.lynch', 'olga.olsen'].map((name) => ended(of(name)))).toEqual([
        1, 1, 0, 0,
      ]);
      expect(of('astrid.architect').person).toMatchObject({ active: true });
      const left = await accessRows(running, 'People?$filter=active eq false');
      expect(left.map(({ email }) => email)).toEqual([emailOf('quentin.quast')]);
      expect(running.sandbox.leanix.state.permissionWrites).toEqual([]);
      await expectAccessQuiet(running);
    },
  },
];

playKills({ seed: tiny, config, runs: 'access/JobRuns', configure }, scenarios);
