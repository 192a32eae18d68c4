import { tiny } from '../../../sandbox/seed/tiny.ts';
import { whileHeld } from '../../helpers/app.ts';
import { emailOf, launchAccess } from '../../helpers/access.ts';

const app = await launchAccess({ seed: tiny });
const enterprise = app.as('enterprise');
const because = { justification: 'Has left the team' };
const WIDE = { maxCreated: null, maxCreatedPercent: null, maxRemoved: null, maxRemovedPercent: null };
const writing = { method: 'POST', path: '/mtm/v1/permissions' };

describe('the last administrator stays', () => {
  test('when somebody demotes another one in LeanIX in the middle of the run', async () => {
    await app.start(WIDE);
    await app.job('importAll');
    await app.onAccount('bernd.brandt', 'removeAccess', because);
    await app.onAccount('erika.enterprise', 'removeAccount', because);
    const meanwhile = () => void (app.user('astrid.architect')!.role = 'MEMBER');
    app.sandbox.leanix.faults.add({ kind: 'delay', ms: 0, match: writing, meanwhile });
    expect(await app.job('runProvisioning')).toMatchObject({ updated: 1, removed: 0, failed: 1 });
    expect(app.user('erika.enterprise')).toMatchObject({ role: 'ADMIN', status: 'ACTIVE' });
  });

  test('when two configurations of one workspace each take one of the last two away', async () => {
    const first = await app.start(WIDE);
    const values = { leanixHost: app.sandbox.leanix.host, leanixDestination: 'LEANIX', factSheetType: 'Interface' };
    const { body: other } = await enterprise.post('settings/LeanIXConfigs', {
      name: 'Other',
      IsActiveEntity: true,
      ...values,
    });
    const ids = { 'astrid.architect': first, 'bernd.brandt': other.ID as string };
    app.user('erika.enterprise')!.role = 'MEMBER';
    for (const [name, config] of Object.entries(ids)) {
      await app.job('importAll', { config });
      const accounts = await app.all(`access/Accounts?$filter=config_ID eq ${config}`);
      const { ID } = accounts.find(({ email }) => email === emailOf(name));
      const { status } = await enterprise.post(`access/Accounts(${ID})/AccessService.removeAccount`, because);
      expect(status).toBe(200);
    }
    const runs: string[] = [];
    await whileHeld(app.sandbox.leanix.faults, writing, async () => {
      for (const config of Object.values(ids)) {
        runs.push((await enterprise.post('access/runProvisioning', { config })).body.ID);
      }
      let waits = [];
      while (!waits.length) {
        waits = (await app.all('access/JobRuns')).filter(({ isActive, message }) => isActive && message);
      }
      expect(waits[0].message).toContain('same workspace');
    });
    const ended = await Promise.all(runs.map((ID) => app.jobEnded(ID)));
    expect(ended.map(({ status }) => status).sort()).toEqual(['completed', 'completedWithError']);
    const left = app.sandbox.leanix.state.users.filter(
      ({ role, status, technical }) => role === 'ADMIN' && status === 'ACTIVE' && !technical,
    );
    expect(left).toHaveLength(1);
  });
});
