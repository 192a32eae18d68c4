import { setTimeout as sleep } from 'node:timers/promises';
import cds from '@sap/cds';
import { emailOf, launchAccess } from '../../helpers/access.ts';
import { tiny } from '../../../sandbox/seed/tiny.ts';

const app = await launchAccess({ seed: tiny, config: { leanix: { cleanUpSeconds: 0.2 } } });
const enterprise = app.as('enterprise');
const because = { justification: 'New in the team' };

const rows = (statement: string) => cds.db.run(statement) as Promise<any[]>;

/** As if all this had happened so many days earlier. */
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
  // What a clean-up under way has passed already goes with the next one.
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
