import { historySeed, playHistories } from '../helpers/runtime/histories.ts';
import { launchKillable } from '../helpers/app/killable.ts';
import { OWN_TAG, CatalogWorld } from '../helpers/runtime/world.ts';

const app = await launchKillable({
  seed: historySeed,
  config: {
    leanix: { batchSize: 2, settleSeconds: 0.3, busySeconds: 0.3, sweepSeconds: 0.2, leaseSeconds: 1, perSecond: 30 },
    transport: { backoff: 10, maxBackoff: 50, timeout: 2000, patience: 20_000 },
    log: { levels: { '*': 'error', cds: 'info', leanix: 'error', cpi: 'error', odata: 'silent' } },
  },
});
const { sandbox, user, process } = app;

test('whatever happens, and whenever the process is killed: nothing is lost, nothing is doubled', async () => {
  await playHistories({
    runs: 12,
    seconds: 120,
    steps: 16,
    withKills: true,
    async begin(setup) {
      const ID = await app.begin({ ...setup, defaultTags: OWN_TAG });
      const configure = (values: object) =>
        user().patch(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`, values);
      return { world: new CatalogWorld(sandbox, user, setup), configure, process };
    },
  });
});
