import { tiny } from '../../../sandbox/seed/tiny.ts';
import { emailOf, launchAccess } from './access.ts';
import { SENTENCE, strike, type RunFault } from '../runs/faults.ts';
import { importFaults, peopleFaults, provisioningFaults } from './faults.ts';
import {
  accessRows,
  expectAccessQuiet,
  expectAccountsTrue,
  expectNoneRepeated,
  expectTasksEnded,
} from './invariants.ts';
import { NO_LIMITS } from './no-limits.ts';

const because = { justification: 'New in the team' };

/** Plays faults against the app, one test for each. To be awaited at the top of a test file, once. */
export async function playAccessFaults(some: (all: RunFault[]) => RunFault[] = (all) => all): Promise<void> {
  const app = await launchAccess({
    seed: tiny,
    config: {
      leanix: { settleSeconds: 0.2, busySeconds: 0.3, sweepSeconds: 0.2, perSecond: 30 },
      transport: { backoff: 10, maxBackoff: 50, timeout: 500, patience: 10_000, tries: 3 },
    },
  });
  const { sandbox } = app;
  const enterprise = app.as('enterprise');
  const running = { sandbox, user: enterprise };

  test.each(some(provisioningFaults))('$name: each task is done once, or says what became of it', async (row) => {
    await app.start(NO_LIMITS);
    await app.job('importAll');
    await enterprise.post('access/requestAccount', { email: emailOf('olga.olsen'), role: 'MEMBER', ...because });
    await app.onAccount('hugo.hermans', 'addAccess', { role: 'ADMIN', ...because });
    await app.onAccount('carla.costa', 'removeAccount', because);
    const run = await strike(sandbox, row, () => app.job('runProvisioning'));
    if (run.failed) expect(run.message).toMatch(SENTENCE);

    const tasks = await accessRows(running, 'ProvisioningTasks');
    const failed = tasks.filter(({ status }) => status === 'failed');
    expect(failed).toHaveLength(run.failed);
    for (const { ID, email, message } of failed) {
      expect(message).toContain(email);
      expect((await enterprise.post(`access/ProvisioningTasks(${ID})/AccessService.retry`)).status).toBe(200);
    }
    // Where LeanIX could not be asked, what was not done is still open.
    const open = tasks.filter(({ status }) => status === 'open').length;
    expect(open > 0).toBe(run.status === 'failed');
    const left = open + failed.length;
    expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', done: left });
    expect(app.user('olga.olsen')).toMatchObject({ role: 'MEMBER', status: 'INVITED' });
    expect(app.user('hugo.hermans')).toMatchObject({ role: 'ADMIN', status: 'ACTIVE' });
    expect(app.user('carla.costa')).toMatchObject({ role: 'MEMBER', status: 'ARCHIVED' });
    expect(sandbox.leanix.state.permissionWrites).toHaveLength(3);
    expect(sandbox.leanix.state.mails).toHaveLength(1);
    expectNoneRepeated(running);
    await expectTasksEnded(running);
    await expectAccountsTrue(running);
    await expectAccessQuiet(running);
  });

  const accountRows = () => accessRows(running, 'Accounts?$expand=assignments&$orderby=userId');

  test.each(some(importFaults))('$name: an import suspends whom it should, or nobody', async (row) => {
    await app.start();
    await app.job('importAll');
    const { state, switches } = sandbox.leanix;
    state.users = state.users.filter((user) => user !== app.user('carla.costa'));
    switches.permissionPageLimit = 2;
    const before = await accountRows();
    const { status } = await strike(sandbox, row, () => app.job('importAll'));
    if (status === 'failed') {
      expect(await accountRows()).toEqual(before);
      expect(await app.job('importAll')).toMatchObject({ status: 'completed', removed: 1 });
    }
    const suspended = (await accountRows()).filter(({ state }) => state === 'suspended').map(({ email }) => email);
    expect(suspended.sort()).toEqual([emailOf('carla.costa'), emailOf('liam.lynch')]);
    await expectAccountsTrue(running);
    await expectAccessQuiet(running);
  });

  test.each(some(peopleFaults))('$name: a directory makes nobody inactive whom it has', async (row) => {
    await app.start({ peopleDestination: 'PEOPLE' });
    const { state } = sandbox.btp;
    const [first] = state.people;
    const more = Array.from({ length: 440 }, (_, n) => ({
      ...first!,
      id: `M${n}`,
      userName: `more.${n}`,
      email: emailOf(`more.${n}`),
    }));
    state.people = [...state.people, ...more];
    const all = state.people;
    await app.job('importAll');
    const known = async () => [
      await app.all('access/People?$orderby=email'),
      (await accountRows()).map(({ email, person_ID }) => [email, person_ID]),
    ];
    const before = await known();
    const { status } = await strike(sandbox, row, () => app.job('importPeople'));
    expect(await known()).toEqual(before);
    state.people = all;
    if (status === 'failed') expect(await app.job('importPeople')).toMatchObject({ status: 'completed', removed: 0 });
    expect(await known()).toEqual(before);
  });
}
