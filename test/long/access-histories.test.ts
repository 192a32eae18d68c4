import { accessSeed, playAccessHistories } from '../helpers/access/histories.ts';
import { NO_LIMITS } from '../helpers/access/no-limits.ts';
import { AccessWorld } from '../helpers/access/world.ts';
import { launchKillable } from '../helpers/app/killable.ts';

const app = await launchKillable({
  seed: accessSeed,
  config: {
    leanix: { settleSeconds: 0.2, busySeconds: 0.2, sweepSeconds: 0.2, leaseSeconds: 1, perSecond: 30 },
    transport: { backoff: 10, maxBackoff: 50, timeout: 2000, patience: 20_000 },
    log: { levels: { '*': 'error', cds: 'info', leanix: 'error', odata: 'silent' } },
  },
});
const { sandbox, user, other, process } = app;

test('whatever happens, and whenever the process is killed: each task ends once, and an administrator stays', async () => {
  await playAccessHistories({
    runs: 20,
    seconds: 20,
    steps: 16,
    withKills: true,
    async begin(setup) {
      const world = new AccessWorld(sandbox, { user, other }, setup, await app.begin({}));
      await world.govern({ ...NO_LIMITS, ...setup });
      return { world, process };
    },
  });
});
