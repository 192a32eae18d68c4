import { launchRuntime, MAPPINGS } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

const app = await launchRuntime({
  seed: flows(120),
  leanix: { rateLimit: { perSecond: 5 } },
  config: { leanix: { settleSeconds: 0.3, sweepSeconds: 1, leaseSeconds: 5, perSecond: 30, batchSize: 10 } },
});

test.each(['none', 'seconds'] as const)(
  'under a tight rate limit all is done and nothing fails (Retry-After: %s)',
  async (retryAfter) => {
    await app.begin({ mappings: MAPPINGS });
    app.sandbox.leanix.switches.retryAfter = retryAfter;
    await app.run('refresh');
    const run = await app.run('createAllNew');
    expect(run).toMatchObject({ status: 'completed', created: 120, failed: 0, message: null });
    expect(app.sandbox.leanix.log.count({ status: 429 })).toBeGreaterThan(0);
    expect(app.sandbox.leanix.state.factSheets.size).toBe(120);
  },
);
