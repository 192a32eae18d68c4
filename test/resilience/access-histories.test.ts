import { launchAccess } from '../helpers/access/access.ts';
import { accessSeed, playAccessHistories } from '../helpers/access/histories.ts';
import { NO_LIMITS } from '../helpers/access/no-limits.ts';
import { AccessWorld } from '../helpers/access/world.ts';

const app = await launchAccess({
  seed: accessSeed,
  config: {
    leanix: { settleSeconds: 0.1, busySeconds: 0.2, sweepSeconds: 0.2, leaseSeconds: 5, perSecond: 30 },
    transport: { backoff: 10, maxBackoff: 50, timeout: 2000, patience: 20_000 },
  },
});

test('whatever happens, and in whatever order: each task ends once, an administrator stays, and what is managed elsewhere too', async () => {
  await playAccessHistories({
    runs: 12,
    seconds: 6,
    steps: 14,
    withKills: false,
    async begin(setup) {
      const ID = await app.start({ ...NO_LIMITS, ...setup });
      const admins = { user: () => app.as('enterprise'), other: () => app.as('enterprise2') };
      return { world: new AccessWorld(app.sandbox, admins, setup, ID) };
    },
  });
}, 180_000);
