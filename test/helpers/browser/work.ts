import { PATIENT } from '../app/app.ts';
import { flows } from '../app/seeds.ts';
import { launchScreens, type ScreensApp } from './screens.ts';

export type WorkApp = ScreensApp & {
  /** The run that was started last. */
  lastRun(): Promise<any>;
  /** IDs of the iFlows with these names. */
  idsOf(...names: string[]): Promise<string[]>;
};

export const NAME = [{ iflowField: 'name', leanixPath: '/name', position: 1 }];

/**
 * The app with its screens and twelve matched iFlows. Flow 1 and Flow 2 have fact sheets; Flow 12 cannot be created,
 * because a hidden fact sheet has its name. Await it once, at the top of a test file.
 */
export async function launchWork(): Promise<WorkApp> {
  const app = await launchScreens({
    seed: flows(12, [
      { type: 'Interface', name: 'Flow 1' },
      { type: 'Interface', name: 'Flow 2' },
      { type: 'Interface', name: 'Flow 12', restricted: true },
    ]),
    leanix: { mutationLatencyMs: 100 },
    config: { leanix: { batchSize: 1 }, ...PATIENT },
  });
  beforeEach(async () => {
    await app.begin();
    await app.configure({ mappings: NAME, defaultTags: 'CPI-Managed' });
    await app.run('refresh');
    await app.run('match');
  });
  return {
    ...app,
    lastRun: async () => (await app.all('runtime/SyncRuns?$orderby=startedAt desc&$top=1'))[0],
    async idsOf(...names) {
      const rows = await app.all(
        `runtime/IFlows?$filter=name in (${names.map((name) => `'${name}'`).join()})&$select=ID`,
      );
      return rows.map(({ ID }) => ID);
    },
  };
}
