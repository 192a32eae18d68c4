import fc from 'fast-check';
import { type Fault } from '../../sandbox/faults.ts';
import { type User as Account } from '../../sandbox/leanix/types.ts';
import { tiny } from '../../sandbox/seed/tiny.ts';
import { type SeedMaker } from '../../sandbox/seed/types.ts';
import { emailOf, launchAccess } from '../helpers/access/access.ts';
import { NO_LIMITS } from '../helpers/access/no-limits.ts';
import { NARROW, type AccessSetup, AccessWorld } from '../helpers/access/world.ts';
import { launchKillable } from '../helpers/app/killable.ts';
import { at, cancelStep, faultSteps, killSteps, play, step, type Stage, type Step } from '../helpers/runs/histories.ts';
import { LONG } from '../helpers/runs/long.ts';

type Real = Stage & { world: AccessWorld };

/** Two administrators, one user of each other role and of each status, two technical users, and one managed by SCIM. */
const NAMES = ['astrid', 'bernd', 'carla', 'hugo', 'katya', 'liam', 'noah', 'integration', 'reporting'];

const accessSeed: SeedMaker = (host) => {
  const seed = tiny(host);
  const users = (seed.leanix.users ?? []).filter(({ email }) => NAMES.includes(email.split(/[.@]/)[0]!));
  return { ...seed, leanix: { ...seed.leanix, users } };
};

/** Variants of the access settings. */
const setups: fc.Arbitrary<AccessSetup> = fc.record({
  instantProvisioning: fc.boolean(),
  managedElsewhere: fc.oneof({ arbitrary: fc.constant(false), weight: 7 }, { arbitrary: fc.constant(true), weight: 1 }),
  fourEyes: fc.boolean(),
  peopleDestination: fc.constantFrom('PEOPLE', null),
});

const index = fc.nat(20);
const role = fc.constantFrom('VIEWER', 'MEMBER', 'ADMIN');
const because = { justification: 'Said so' };
const NEW = ['olga.olsen', 'pablo.paz', 'quentin.quast', 'carla.costa', 'Noah.Nowak'];

/** A user whom people have invited in LeanIX. */
const invited = (name: string, values: Partial<Account>): Account => ({
  id: `id of ${name}`,
  permissionId: `permission of ${name}`,
  email: emailOf(name),
  userName: emailOf(name),
  firstName: name.split('.')[0]!,
  lastName: name.split('.')[1]!,
  department: null,
  role: 'MEMBER',
  status: 'INVITED',
  technical: false,
  scimManaged: false,
  lastLogin: null,
  invitedById: null,
  ...values,
});

const changes: fc.Arbitrary<{ text: string; values: Partial<Account> | 'delete' }> = fc.constantFrom(
  { text: 'make a viewer of', values: { role: 'VIEWER' } },
  { text: 'make a member of', values: { role: 'MEMBER' } },
  { text: 'archive', values: { status: 'ARCHIVED' } },
  { text: 'activate', values: { status: 'ACTIVE', lastLogin: '2026-01-01T00:00:00.000Z' } },
  { text: 'rename', values: { firstName: '=1+1', lastName: '<b>O’Neil</b>' } },
  { text: 'delete', values: 'delete' },
);

const leanix: fc.Arbitrary<Step<Real>>[] = [
  fc.tuple(changes, index).map(([{ text, values }, n]) =>
    step(`people ${text} ${n}`, async ({ world }) => {
      await world.settled();
      world.change(at(world.accounts(), n), values);
    }),
  ),
  fc
    .tuple(
      index,
      fc.constantFrom<Partial<Account>>(
        { role: 'ADMIN', status: 'ACTIVE' },
        { role: 'CONTACT' },
        { scimManaged: true },
        { scimManaged: false },
        { status: 'ANONYMIZED' },
      ),
    )
    .map(([n, values]) =>
      step(`people give ${JSON.stringify(values)} to ${n}`, async ({ world }) => {
        await world.settled();
        world.change(at(world.accounts(), n), values);
      }),
    ),
  fc.constantFrom(...NEW).map((name) => step(`people invite ${name}`, ({ world }) => world.invite(invited(name, {})))),
  fc.nat(20).map((n) =>
    step(`${n} leaves the company, or comes back`, ({ world: { sandbox } }) => {
      const person = at(sandbox.btp.state.people, n);
      if (person) person.active = !person.active;
    }),
  ),
];

const requests: fc.Arbitrary<Step<Real>>[] = [
  fc
    .tuple(fc.constantFrom(...NEW), role, fc.boolean(), fc.constantFrom('user' as const, 'other' as const))
    .map(([name, role, silent, by]) =>
      step(`request ${name} as ${role} by ${by}`, ({ world }) =>
        world.ask('requestAccount', { email: emailOf(name), role, silent, ...because }, world[by]),
      ),
    ),
  fc
    .tuple(fc.constantFrom('enableAccount', 'addAccess', 'removeAccess', 'removeAccount'), index, role)
    .map(([action, n, role]) =>
      step(`${action} of ${n} (${role})`, async ({ world }) => {
        const account = at(await world.rows('Accounts?$orderby=userId'), n);
        if (account) await world.ask(`Accounts(${account.ID})/AccessService.${action}`, { role, ...because });
      }),
    ),
  fc
    .tuple(
      fc.constantFrom('addAccess', 'removeAccess', 'removeAccount'),
      fc.constantFrom(`role eq 'ADMIN'`, 'scimManaged eq true', 'own eq true'),
    )
    .map(([action, which]) =>
      step(`${action} of all where ${which}`, async ({ world }) => {
        for (const { ID } of await world.rows(`Accounts?$filter=${which} and state eq 'active'`)) {
          await world.ask(`Accounts(${ID})/AccessService.${action}`, { role: 'MEMBER', ...because });
        }
      }),
    ),
  index.map((n) =>
    step(`cancel task ${n}`, async ({ world }) => {
      const task = at(await world.rows('ProvisioningTasks?$orderby=ID'), n);
      if (task) await world.ask(`ProvisioningTasks(${task.ID})/AccessService.cancel`);
    }),
  ),
  fc.constantFrom('user' as const, 'other' as const).map((by) =>
    step(`${by} approves all tasks, their own too`, async ({ world }) => {
      for (const { ID } of await world.rows(`ProvisioningTasks?$filter=status eq 'open'`)) {
        await world.ask(`ProvisioningTasks(${ID})/AccessService.approve`, {}, world[by]);
      }
    }),
  ),
  index.map((n) =>
    step(`approve task ${n}`, async ({ world }) => {
      const task = at(await world.rows(`ProvisioningTasks?$filter=canApprove eq true&$orderby=ID`), n);
      if (task) await world.approve(task);
    }),
  ),
  index.map((n) =>
    step(`reject task ${n}`, async ({ world }) => {
      const task = at(await world.rows('ProvisioningTasks?$orderby=ID'), n);
      if (task) await world.ask(`ProvisioningTasks(${task.ID})/AccessService.reject`, { reason: 'Not wanted' });
    }),
  ),
  index.map((n) =>
    step(`retry task ${n}`, async ({ world }) => {
      const task = at(await world.rows(`ProvisioningTasks?$filter=status eq 'failed'&$orderby=ID`), n);
      if (task) await world.retry(task);
    }),
  ),
];

const ACTIONS = ['importPeople', 'importAccounts', 'importAccess', 'importAll', 'runProvisioning', 'runProvisioning'];

const runs: fc.Arbitrary<Step<Real>>[] = [
  fc.constantFrom(...ACTIONS).map((action) => step(action, ({ world }) => world.run(action))),
  index.map((n) =>
    step(`job ${n}`, async ({ world }) => {
      const job = at(await world.rows(`Jobs?$filter=kind ne 'catalog'&$orderby=kind`), n);
      await world.run(`Jobs(ID=${job.ID},IsActiveEntity=true)/AccessService.runNow`);
    }),
  ),
  cancelStep(ACTIONS, 60),
  /** A user changes an account right when the n-th request arrives in LeanIX. */
  fc.tuple(fc.constantFrom(...ACTIONS), fc.nat(5), changes, index).map(([action, after, { text, values }, n]) =>
    step(`${action}, and meanwhile people ${text} ${n}`, async ({ world }) => {
      const { faults } = world.sandbox.leanix;
      const meanwhile = () => world.change(at(world.others(), n), values, true);
      faults.add({ kind: 'delay', ms: 0, after, match: OF_ACCESS, meanwhile });
      await world.run(action);
      await world.settled();
      faults.clear();
    }),
  ),
  fc.constantFrom('user' as const, 'other' as const).map((by) =>
    step(`${by} confirms what a limit stopped`, async ({ world }) => {
      const [run] = await world.rows('JobRuns?$filter=canConfirm eq true&$orderby=startedAt desc&$top=1');
      if (run) await world.run(`JobRuns(${run.ID})/AccessService.confirm`, { reason: 'It is meant so' }, world[by]);
    }),
  ),
];

const settings: fc.Arbitrary<Step<Real>>[] = [
  fc
    .constantFrom<[string, object]>(['no limits', NO_LIMITS], ['narrow limits', NARROW])
    .map(([text, limits]) => step(text, ({ world }) => world.govern(limits))),
  fc.boolean().map((on) => step(`instant: ${on}`, ({ world }) => world.govern({ instantProvisioning: on }))),
];

const OF_ACCESS = { path: '/mtm/v1/' };

const faults: fc.Arbitrary<Step<Real>>[] = [
  ...faultSteps<Real>([{ write: true }, { method: 'GET', path: '/permissions' }, OF_ACCESS]),
  fc.constantFrom<Fault>({ kind: 'status', status: 503, times: 7 }, { kind: 'halfJson' }).map((one) =>
    step(`fault of the directory ${JSON.stringify(one)}`, ({ world }) => {
      world.sandbox.btp.faults.add({ ...one, match: { path: '/scim/' } });
    }),
  ),
  fc.constantFrom('stable' as const, 'changing' as const).map((permissionOrder) =>
    step(`lists in ${permissionOrder} order`, ({ world }) => {
      Object.assign(world.sandbox.leanix.switches, { permissionOrder, permissionPageLimit: 3 });
    }),
  ),
];

const kills = killSteps<Real>({
  actions: ['importAll', 'runProvisioning', 'runProvisioning'],
  requests: 8,
  ms: 250,
  match: OF_ACCESS,
});

const leanixConfig = { busySeconds: 0.2, sweepSeconds: 0.2, perSecond: 30 };
const transport = { backoff: 10, maxBackoff: 50, timeout: 2000, patience: 20_000 };

/** The app in this process. */
async function launched() {
  const app = await launchAccess({
    seed: accessSeed,
    config: { leanix: { ...leanixConfig, settleSeconds: 0.1, leaseSeconds: 5 }, transport },
  });
  return async (setup: AccessSetup): Promise<Real> => {
    const ID = await app.start({ ...NO_LIMITS, ...setup });
    const admins = { user: () => app.as('enterprise'), other: () => app.as('enterprise2') };
    return { world: new AccessWorld(app.sandbox, admins, setup, ID) };
  };
}

/** The app in a process that can be killed. */
async function killable() {
  const app = await launchKillable({
    seed: accessSeed,
    config: {
      leanix: { ...leanixConfig, settleSeconds: 0.2, leaseSeconds: 1 },
      transport,
      log: { levels: { '*': 'error', cds: 'info', leanix: 'error', odata: 'silent' } },
    },
  });
  return async (setup: AccessSetup): Promise<Real> => {
    const world = new AccessWorld(app.sandbox, app, setup, await app.begin({}));
    await world.govern({ ...NO_LIMITS, ...setup });
    return { world, process: app.process };
  };
}

const begin = await (LONG ? killable() : launched());

test('whatever happens, and in whatever order: each task ends once, an administrator stays, and what is managed elsewhere too', async () => {
  const all = [...leanix, ...requests, ...requests, ...runs, ...settings, ...faults];
  const options = LONG ? { runs: 20, seconds: 20, steps: 16 } : { runs: 12, seconds: 6, steps: 14 };
  await play({ ...options, begin }, { setups, all: LONG ? [...all, ...kills] : all, first: 'importAll' });
});
