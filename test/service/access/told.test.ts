import { format } from 'node:util';
import cds from '@sap/cds';
import { tiny } from '../../../sandbox/seed/tiny.ts';
import { emailOf, launchAccess } from '../../helpers/access/access.ts';

// Without a notification service, the log and the launchpad's numbers show what needs attention.

const lines: string[] = [];
// eslint-disable-next-line no-console -- what the log of the service writes to
console.warn = (...args: unknown[]) => void lines.push(format(...args));

const app = await launchAccess({ seed: tiny, config: { log: { levels: { '*': 'error', leanix: 'warn' } } } });
const enterprise = app.as('enterprise');
const because = { justification: 'New in the team' };

const overview = async () => (await enterprise.get('access/Overview')).body;
/** The line of the log about an event, as soon as it is there. */
const logged = async (event: string): Promise<string> => {
  for (;;) {
    const line = lines.find((one) => one.includes(`${event}:`));
    if (line) return line;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

beforeEach(async () => {
  await app.start({ maxRemoved: 0 });
  await app.job('importAll');
  lines.length = 0;
});

test('of a job that failed', async () => {
  const { body } = await enterprise.get(`access/Jobs?$filter=kind eq 'importAll'`);
  const { ID } = body.value[0];
  app.sandbox.leanix.faults.add({ match: { path: '/permissions' }, times: 20, kind: 'status', status: 403 });
  const { body: run } = await enterprise.post(`access/Jobs(ID=${ID},IsActiveEntity=true)/AccessService.runNow`);
  await app.jobEnded(run.ID as string);
  expect(await logged('leanix.job.failed')).toContain('LEANIX_ADMIN_REQUIRED');
  expect(await overview()).toMatchObject({ failedJobs: 1, runsToConfirm: 0 });
});

test('of a task that waits, without the name of the person in the log', async () => {
  const { body: task } = await app.onAccount('carla.costa', 'removeAccess', because);
  expect(await logged('leanix.task.waiting')).toContain(task.ID);
  expect(lines.join('\n')).not.toContain(emailOf('carla.costa'));
  expect(await overview()).toMatchObject({ openTasks: 1 });
});

test('of all tasks that wait once, and of further ones when those have been carried out', async () => {
  await app.govern({ maxCreated: null, maxCreatedPercent: null });
  const waiting = () => lines.filter((line) => line.includes('leanix.task.waiting:'));
  /** Requests accounts in one transaction. */
  const ask = async (names: string[]) => {
    const requests = names.map((name, n) => ({
      id: String(n),
      atomicityGroup: 'all',
      method: 'POST',
      url: '/requestAccount',
      headers: { 'content-type': 'application/json' },
      body: { email: emailOf(name), role: 'MEMBER', ...because },
    }));
    const { body } = await enterprise.post('access/$batch', { requests });
    expect(body.responses.map(({ status }: any) => status)).toEqual(names.map(() => 200));
  };
  /**
   * Waits until the service has checked all tasks and sent this number of notifications: it records a notification
   * before it sends it.
   */
  const seen = async (times: number) => {
    const open = () => cds.tx(() => SELECT.from('leanix.ProvisioningTask').where({ toldAt: null }));
    while ((await open()).length || waiting().length < times) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  await ask(Array.from({ length: 20 }, (_, n) => `new.${n}`));
  await seen(1);
  await ask(['olga.olsen']);
  await seen(1);
  const [oldest] = await app.all('access/ProvisioningTasks?$orderby=requestedAt,ID');
  expect(waiting()).toEqual([expect.stringContaining(`taskId: '${oldest.ID}', count: '20'`)]);

  expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', created: 21 });
  await ask(['pablo.paz']);
  await seen(2);
  expect(waiting()).toEqual([expect.any(String), expect.stringContaining(`count: '1'`)]);
});

test('of no task that is carried out at once', async () => {
  await app.govern({ instantProvisioning: true, maxCreated: 0 });
  await enterprise.post('access/requestAccount', { email: emailOf('olga.olsen'), role: 'MEMBER', ...because });
  await logged('leanix.job.waiting');
  // After several further checks.
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect(lines.filter((line) => line.includes('leanix.task.waiting:'))).toEqual([]);
});

test('of tasks that wait until somebody confirms them', async () => {
  await app.onAccount('carla.costa', 'removeAccount', because);
  const run = await app.job('runProvisioning');
  expect(await logged('leanix.job.waiting')).toContain('THRESHOLD_EXCEEDED');
  expect(lines.filter((line) => line.includes('leanix.job.failed'))).toEqual([]);
  expect(await overview()).toMatchObject({ openTasks: 1, runsToConfirm: 1 });
  const path = `access/JobRuns(${run.ID})/AccessService.confirm`;
  const { body } = await enterprise.post(path, { reason: 'She has left' });
  await app.jobEnded(body.ID as string);
  expect(await overview()).toMatchObject({ openTasks: 0, runsToConfirm: 0 });
});
