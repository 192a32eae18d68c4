import cds from '@sap/cds';
import { tiny } from '../../../sandbox/seed/tiny.ts';
import { emailOf, launchAccess } from '../../helpers/access/access.ts';
import { whileHeld } from '../../helpers/app/app.ts';

// PostgreSQL locks rows: two transactions that lock a configuration and its run in different order wait for each other.

const app = await launchAccess({ seed: tiny });
const enterprise = app.as('enterprise');
const because = { justification: 'New in the team' };

/** Transactions that have locked a run, and the number of locks on a configuration before and after a run. */
const withRun = new WeakSet<object>();
const withConfig = new WeakSet<object>();
const orders = { right: 0, wrong: 0 };

beforeAll(async () => {
  const db = await cds.connect.to('db');
  db.prepend(() =>
    db.before('*', ({ query, target }) => {
      const { context } = cds;
      if (!context || !target) return;
      const { SELECT: read, UPDATE: change } = query as { SELECT?: { forUpdate?: unknown }; UPDATE?: unknown };
      if (read?.forUpdate && target.name === 'leanix.LeanIXConfig') {
        if (withRun.has(context) && !withConfig.has(context)) orders.wrong++;
        withConfig.add(context);
      } else if (change && target.name === 'leanix.SyncRun') {
        withRun.add(context);
        if (withConfig.has(context)) orders.right++;
      }
    }),
  );
});

test('a configuration is locked before its run, by imports, by tasks and by who asks for these', async () => {
  await app.start({ peopleDestination: 'PEOPLE', instantProvisioning: true });
  const olga = { email: emailOf('olga.olsen'), role: 'MEMBER', ...because };
  const { body: run } = await whileHeld(app.sandbox.leanix.faults, { path: '/permissions' }, async () => {
    const answer = await enterprise.post('access/importAll');
    while (!(await app.all('access/People')).length);
    expect((await enterprise.post('access/requestAccount', olga)).status).toBe(200);
    return answer;
  });
  await app.jobEnded(run.ID as string);
  while (!app.user('olga.olsen')) await new Promise((resolve) => setTimeout(resolve, 50));
  const runs = await app.all('access/JobRuns');
  for (const { ID } of runs) await app.jobEnded(ID as string);
  expect(orders.wrong).toBe(0);
  // The people, the lock of the workspace, the follow-up run, and the end of each run.
  expect(orders.right).toBeGreaterThanOrEqual(5);
});
