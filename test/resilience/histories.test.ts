import { historySeed, playHistories } from '../helpers/runtime/histories.ts';
import { launchRuntime } from '../helpers/runtime/runtime.ts';
import { OWN_TAG, CatalogWorld } from '../helpers/runtime/world.ts';

const app = await launchRuntime({
  seed: historySeed,
  config: {
    leanix: { batchSize: 2, settleSeconds: 0.3, busySeconds: 0.3, sweepSeconds: 0.2, leaseSeconds: 5, perSecond: 30 },
    transport: { backoff: 10, maxBackoff: 50, timeout: 2000, patience: 20_000 },
  },
});

test('whatever happens, and in whatever order: nothing is lost, nothing is doubled, nothing of others is touched', async () => {
  await playHistories({
    runs: 12,
    seconds: 25,
    steps: 14,
    withKills: false,
    async begin(setup) {
      await app.begin({ ...setup, defaultTags: OWN_TAG });
      const world = new CatalogWorld(app.sandbox, () => app.as('enterprise'), setup);
      return { world, configure: (values) => app.configure({ ...setup, ...values }) };
    },
  });
}, 180_000);
