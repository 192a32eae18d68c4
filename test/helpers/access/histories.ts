import fc from 'fast-check';
import type { Fault } from '../../../sandbox/faults.ts';
import type { User as Account } from '../../../sandbox/leanix/types.ts';
import { tiny } from '../../../sandbox/seed/tiny.ts';
import type { SeedMaker } from '../../../sandbox/seed/types.ts';
import { emailOf } from './access.ts';
import { NO_LIMITS } from './no-limits.ts';
import { NARROW, type AccessSetup, type AccessWorld } from './world.ts';
import {
  at,
  killedAfter,
  killedAt,
  play,
  step,
  stoppedAfter,
  type Options,
  type Process,
  type Step,
} from '../runtime/play.ts';

export type Real = { world: AccessWorld; process?: Process };

/** Two administrators, somebody of each other role, and of each status; two technical users, and who is kept by SCIM. */
const NAMES = ['astrid', 'bernd', 'carla', 'hugo', 'katya', 'liam', 'noah', 'integration', 'reporting'];

export const accessSeed: SeedMaker = (host) => {
  const seed = tiny(host);
  const users = (seed.leanix.users ?? []).filter(({ email }) => NAMES.includes(email.split(/[.@]/)[0]!));
  return { ...seed, leanix: { ...seed.leanix, users } };
};

/** Ways of governing. */
const setups: fc.Arbitrary<AccessSetup> = fc.record({
  instantProvisioning: fc.boolean(),
  managedElsewhere: fc.oneof({ arbitrary: fc.constant(false), weight: 7 }, { arbitrary: fc.constant(true), weight: 1 }),
  fourEyes: fc.boolean(),
  peopleDestination: fc.constantFrom('PEOPLE', null),
});

/** A step, after which what holds at any time is looked at. */
const checked = (text: string, run: (real: Real, names: number) => unknown): Step<Real> =>
  step<Real>(text, async (real, model) => {
    await run(real, model.names++);
    await real.world.check();
  });

const index = fc.nat(20);
const role = fc.constantFrom('VIEWER', 'MEMBER', 'ADMIN');
const because = { justification: 'Said so' };
const NEW = ['olga.olsen', 'pablo.paz', 'quentin.quast', 'carla.costa', 'Noah.Nowak'];

/** Somebody in LeanIX whom people have invited. */
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
    checked(`people ${text} ${n}`, async ({ world }) => {
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
      checked(`people give ${JSON.stringify(values)} to ${n}`, async ({ world }) => {
        await world.settled();
        world.change(at(world.accounts(), n), values);
      }),
    ),
  fc
    .constantFrom(...NEW)
    .map((name) => checked(`people invite ${name}`, ({ world }) => world.invite(invited(name, {})))),
  fc.nat(20).map((n) =>
    checked(`${n} leaves the company, or comes back`, ({ world: { sandbox } }) => {
      const person = at(sandbox.btp.state.people, n);
      if (person) person.active = !person.active;
    }),
  ),
];

const requests: fc.Arbitrary<Step<Real>>[] = [
  fc
    .tuple(fc.constantFrom(...NEW), role, fc.boolean(), fc.constantFrom('user' as const, 'other' as const))
    .map(([name, role, silent, by]) =>
      checked(`request ${name} as ${role} by ${by}`, ({ world }) =>
        world.ask('requestAccount', { email: emailOf(name), role, silent, ...because }, world[by]),
      ),
    ),
  fc
    .tuple(fc.constantFrom('enableAccount', 'addAccess', 'removeAccess', 'removeAccount'), index, role)
    .map(([action, n, role]) =>
      checked(`${action} of ${n} (${role})`, async ({ world }) => {
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
      checked(`${action} of all where ${which}`, async ({ world }) => {
        for (const { ID } of await world.rows(`Accounts?$filter=${which} and state eq 'active'`)) {
          await world.ask(`Accounts(${ID})/AccessService.${action}`, { role: 'MEMBER', ...because });
        }
      }),
    ),
  index.map((n) =>
    checked(`cancel task ${n}`, async ({ world }) => {
      const task = at(await world.rows('ProvisioningTasks?$orderby=ID'), n);
      if (task) await world.ask(`ProvisioningTasks(${task.ID})/AccessService.cancel`);
    }),
  ),
  fc.constantFrom('user' as const, 'other' as const).map((by) =>
    checked(`${by} approves all tasks, their own too`, async ({ world }) => {
      for (const { ID } of await world.rows(`ProvisioningTasks?$filter=status eq 'open'`)) {
        await world.ask(`ProvisioningTasks(${ID})/AccessService.approve`, {}, world[by]);
      }
    }),
  ),
  index.map((n) =>
    checked(`approve task ${n}`, async ({ world }) => {
      const task = at(await world.rows(`ProvisioningTasks?$filter=canApprove eq true&$orderby=ID`), n);
      if (task) await world.approve(task);
    }),
  ),
  index.map((n) =>
    checked(`reject task ${n}`, async ({ world }) => {
      const task = at(await world.rows('ProvisioningTasks?$orderby=ID'), n);
      if (task) await world.ask(`ProvisioningTasks(${task.ID})/AccessService.reject`, { reason: 'Not wanted' });
    }),
  ),
  index.map((n) =>
    checked(`retry task ${n}`, async ({ world }) => {
      const task = at(await world.rows(`ProvisioningTasks?$filter=status eq 'failed'&$orderby=ID`), n);
      if (task) await world.retry(task);
    }),
  ),
];

const ACTIONS = ['importPeople', 'importAccounts', 'importAccess', 'importAll', 'runProvisioning', 'runProvisioning'];

const runs: fc.Arbitrary<Step<Real>>[] = [
  fc.constantFrom(...ACTIONS).map((action) => checked(action, ({ world }) => world.run(action))),
  index.map((n) =>
    checked(`job ${n}`, async ({ world }) => {
      const job = at(await world.rows(`Jobs?$filter=kind ne 'catalog'&$orderby=kind`), n);
      await world.run(`Jobs(ID=${job.ID},IsActiveEntity=true)/AccessService.runNow`);
    }),
  ),
  fc.tuple(fc.constantFrom(...ACTIONS), fc.nat(60)).map(([action, ms]) =>
    checked(`${action}, canceled after ${ms} ms`, async ({ world }) => {
      const run = await world.ask(action);
      if (!run) return;
      await new Promise((resolve) => setTimeout(resolve, ms));
      await world.run(`JobRuns(${run.ID})/AccessService.cancel`);
    }),
  ),
  /** Somebody changes an account right when the n-th request arrives in LeanIX. */
  fc.tuple(fc.constantFrom(...ACTIONS), fc.nat(5), changes, index).map(([action, after, { text, values }, n]) =>
    checked(`${action}, and meanwhile people ${text} ${n}`, async ({ world }) => {
      const { faults } = world.sandbox.leanix;
      const meanwhile = () => world.change(at(world.others(), n), values, true);
      faults.add({ kind: 'delay', ms: 0, after, match: { path: '/mtm/v1/' }, meanwhile });
      await world.run(action);
      await world.settled();
      faults.clear();
    }),
  ),
  fc.constantFrom('user' as const, 'other' as const).map((by) =>
    checked(`${by} confirms what a limit stopped`, async ({ world }) => {
      const [run] = await world.rows('JobRuns?$filter=canConfirm eq true&$orderby=startedAt desc&$top=1');
      if (run) await world.run(`JobRuns(${run.ID})/AccessService.confirm`, { reason: 'It is meant so' }, world[by]);
    }),
  ),
];

const settings: fc.Arbitrary<Step<Real>>[] = [
  fc
    .constantFrom<[string, object]>(['no limits', NO_LIMITS], ['narrow limits', NARROW])
    .map(([text, limits]) => checked(text, ({ world }) => world.govern(limits))),
  fc.boolean().map((on) => checked(`instant: ${on}`, ({ world }) => world.govern({ instantProvisioning: on }))),
];

const fault = fc
  .record({
    kind: fc.constantFrom(
      { kind: '429' } as const,
      { kind: 'status', status: 401 } as const,
      { kind: 'status', status: 500 } as const,
      { kind: 'status', status: 503 } as const,
      { kind: 'reset' } as const,
      { kind: 'lostAnswer' } as const,
      { kind: 'halfJson' } as const,
      { kind: 'html' } as const,
    ),
    match: fc.constantFrom({ write: true }, { method: 'GET', path: '/permissions' }, { path: '/mtm/v1/' }),
    after: fc.nat(3),
    times: fc.constantFrom(1, 1, 2, 7),
  })
  .map(({ kind, ...rest }): Fault => ({ ...kind, ...rest }));

const faults: fc.Arbitrary<Step<Real>>[] = [
  fault.map((one) => step(`fault ${JSON.stringify(one)}`, ({ world }) => void world.sandbox.leanix.faults.add(one))),
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
  fc.constant(step('all faults off', ({ world }) => world.calm())),
];

/** A run whose process is killed around one of its requests, or after a while, and started again. */
const kills: fc.Arbitrary<Step<Real>>[] = [
  fc
    .tuple(
      fc.constantFrom('importAll', 'runProvisioning', 'runProvisioning'),
      fc.nat(8),
      fc.constantFrom('reset' as const, 'lostAnswer' as const),
    )
    .map(([action, after, kind]) =>
      checked(`${action}, killed at request ${after + 1} (${kind})`, ({ world, process }) => {
        const fault = { kind, after, match: { path: '/mtm/v1/' } };
        return killedAt(process!, world.sandbox.leanix.faults, fault, () => world.run(action));
      }),
    ),
  fc
    .tuple(fc.constantFrom('importAll', 'runProvisioning'), fc.nat(250))
    .map(([action, ms]) =>
      checked(`${action}, killed after ${ms} ms`, ({ world, process }) =>
        killedAfter(process!, ms, () => world.ask(action)),
      ),
    ),
  fc
    .nat(150)
    .map((ms) =>
      checked(`provisioning, stopped after ${ms} ms`, ({ world, process }) =>
        stoppedAfter(process!, ms, () => world.ask('runProvisioning')),
      ),
    ),
];

/** Plays random histories of a workspace's access. */
export const playAccessHistories = (options: Options<AccessSetup, Real>): Promise<void> =>
  play(options, {
    setups,
    all: [...leanix, ...requests, ...requests, ...runs, ...settings, ...faults],
    kills,
    first: 'importAll',
  });
