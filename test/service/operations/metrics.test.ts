import { metrics, type MeterProvider } from '@opentelemetry/api';
import { tiny } from '../../../sandbox/seed/tiny.ts';
import { emailOf, launchAccess } from '../../helpers/access/access.ts';

/** The counters, as an exporter would send them. Must be set up before the service creates its meters. */
const counted: { name: string; value: number; attributes: object }[] = [];
const createCounter = (name: string) => ({
  add: (value: number, attributes: object) => void counted.push({ name, value, attributes }),
});
const createObservableGauge = () => ({ addCallback() {} });
const meter = { createCounter, createObservableGauge };
metrics.setGlobalMeterProvider({ getMeter: () => meter } as unknown as MeterProvider);

const app = await launchAccess({ seed: tiny });
const enterprise = app.as('enterprise');

/** The metrics that a run adds, except those of requests. */
async function of(work: () => Promise<unknown>): Promise<Record<string, number>> {
  counted.length = 0;
  await work();
  // A run is counted right after it has ended.
  while (!counted.some(({ name }) => name === 'leanix.runs')) await new Promise((resolve) => setTimeout(resolve, 10));
  const own = counted.filter(({ name }) => name === 'leanix.runs' || name === 'leanix.items');
  return Object.fromEntries(own.map(({ value, attributes }) => [Object.values(attributes).join(' '), value]));
}

test('runs of access count what they created, changed and removed', async () => {
  await app.start();
  const users = app.sandbox.leanix.state.users.length;
  expect(await of(() => app.job('importAccounts'))).toEqual({ 'importAccounts completed': 1, created: users });

  app.user('hugo.hermans')!.lastName = 'Herman';
  app.sandbox.leanix.state.users = app.sandbox.leanix.state.users.filter(
    ({ email }) => email !== emailOf('carla.costa'),
  );
  expect(await of(() => app.job('importAccounts'))).toEqual({
    'importAccounts completed': 1,
    updated: 1,
    removed: 1,
    unchanged: users - 2,
  });

  const because = { justification: 'New in the team' };
  await app.onAccount('dilan.demir', 'removeAccount', because);
  await enterprise.post('access/requestAccount', { email: emailOf('olga.olsen'), role: 'MEMBER', ...because });
  expect(await of(() => app.job('runProvisioning'))).toEqual({ 'provision completed': 1, created: 1, removed: 1 });
});
