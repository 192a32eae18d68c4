import { setTimeout as sleep } from 'node:timers/promises';
import cds from '@sap/cds';
import { emailOf, launchAccess } from '../../helpers/access/access.ts';
import { tiny } from '../../../sandbox/seed/tiny.ts';
import { NO_LIMITS } from '../../helpers/access/no-limits.ts';

const app = await launchAccess({ seed: tiny, config: { leanix: { cleanUpSeconds: 0.2 } } });
const enterprise = app.as('enterprise');
const because = { justification: 'New in the team' };

const rows = (statement: string) => cds.db.run(statement) as Promise<any[]>;

/** Moves everything this many days into the past. */
async function age(days: number): Promise<void> {
  const earlier = (column: string) => `${column} = strftime('%Y-%m-%dT%H:%M:%fZ', ${column}, '-${days} days')`;
  await rows(`UPDATE leanix_AuditEntry SET ${earlier('doneAt')}`);
  await rows(`UPDATE leanix_Assignment SET ${earlier('validFrom')}, ${earlier('validTo')}`);
  await rows(`UPDATE leanix_ProvisioningTask SET ${earlier('requestedAt')}, ${earlier('finishedAt')}`);
}

const history = async () => ({
  deeds: await rows('SELECT ID FROM leanix_AuditEntry'),
  tasks: (await app.all('access/ProvisioningTasks?$orderby=requestedAt')).map(({ email, status }) => [email, status]),
  formerRoles: await rows('SELECT ID FROM leanix_Assignment WHERE validTo IS NOT NULL'),
  roles: await rows('SELECT ID FROM leanix_Assignment WHERE validTo IS NULL ORDER BY ID'),
});

test('who did what and had which access goes after two years; what accounts have now stays, and why, and open tasks', async () => {
  await app.start();
  await app.job('importAll');
  await app.onAccount('hugo.hermans', 'addAccess', { role: 'MEMBER', ...because });
  const olga = { email: emailOf('olga.olsen'), role: 'MEMBER', ...because };
  const { body: withdrawn } = await enterprise.post('access/requestAccount', olga);
  await enterprise.post(`access/ProvisioningTasks(${withdrawn.ID})/AccessService.cancel`);
  await app.job('runProvisioning');
  await app.onAccount('carla.costa', 'removeAccess', because);
  const before = await history();
  expect(before.tasks.map(([, status]) => status)).toEqual(['done', 'canceled', 'open']);
  expect([before.deeds.length > 0, before.formerRoles.length]).toEqual([true, 1]);

  await age(729);
  await sleep(1000);
  expect(await history()).toEqual(before);
  await age(2);
  // The next clean-up deletes what the running one has already passed.
  const left = async () => {
    const { deeds, tasks, formerRoles } = await history();
    return [deeds.length, tasks.length, formerRoles.length];
  };
  while ((await left()).some((count, index) => count > [0, 2, 0][index]!)) await sleep(50);
  expect(await history()).toEqual({
    deeds: [],
    tasks: [
      [emailOf('hugo.hermans'), 'done'],
      [emailOf('carla.costa'), 'open'],
    ],
    formerRoles: [],
    roles: before.roles,
  });
});

describe('people whom the directory does not have any more', () => {
  const people = () => app.all('access/People?$orderby=email');
  const cleaned = () => sleep(1000);
  const leave = async (...names: string[]) => {
    const { state } = app.sandbox.btp;
    const all = state.people;
    state.people = all.filter(({ email }) => !names.map(emailOf).includes(email));
    const run = await app.job('importPeople');
    expect(run.status).toBe('completed');
    state.people = all;
  };
  const ageOf = (days: number) =>
    rows(`UPDATE leanix_Person SET inactiveSince = strftime('%Y-%m-%dT%H:%M:%fZ', inactiveSince, '-${days} days')`);

  test('go after two years, but not while an account is theirs', async () => {
    await app.start({ ...NO_LIMITS, peopleDestination: 'PEOPLE' });
    await app.job('importAll');
    const before = await people();
    const olga = before.find(({ email }) => email === emailOf('olga.olsen'));
    await app.onAccount('hugo.hermans', 'correlate', { person: olga.ID });
    await leave('olga.olsen', 'quentin.quast');
    expect((await people()).filter(({ active }) => !active)).toMatchObject([
      { email: emailOf('olga.olsen'), inactiveSince: expect.any(String) },
      { email: emailOf('quentin.quast') },
    ]);
    await ageOf(729);
    await cleaned();
    expect(await people()).toHaveLength(before.length);
    await ageOf(2);
    while ((await people()).length === before.length) await sleep(50);
    await cleaned();
    const left = before.map(({ email }) => email).filter((email) => email !== emailOf('quentin.quast'));
    expect((await people()).map(({ email }) => email)).toEqual(left);
    expect(await app.account('hugo.hermans')).toMatchObject({ person_ID: olga.ID, correlatedBy: 'manual' });
  });

  test('come back with the directory, as they were', async () => {
    await app.start({ ...NO_LIMITS, peopleDestination: 'PEOPLE' });
    await app.job('importPeople');
    const before = await people();
    await leave('quentin.quast');
    await app.job('importPeople');
    expect(await people()).toEqual(before);
  });

  test('become inactive where no configuration names their directory any more', async () => {
    await app.start({ ...NO_LIMITS, peopleDestination: 'PEOPLE' });
    await app.job('importPeople');
    await cleaned();
    expect((await people()).every(({ active }) => active)).toBe(true);
    await app.govern({ peopleDestination: null });
    while ((await people()).some(({ active }) => active)) await sleep(50);
    expect((await people()).map(({ inactiveSince }) => typeof inactiveSince)).toContain('string');
  });
});
