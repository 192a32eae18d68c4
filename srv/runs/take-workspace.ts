import { SyncRuns } from '#cds-models/leanix';
import { RunWaits } from '../base/outcome.ts';
import { lockConfigs } from '../base/transaction.ts';
import { kindOfRun, kindsOfLane } from './features.ts';
import type { Job } from './job.ts';

/**
 * Makes other configurations of the same workspace wait until the run has ended. Otherwise two runs could create two
 * fact sheets for one iFlow, or remove two administrators unseen. Fact sheets and access do not wait for each other.
 * @throws RunWaits while another run has the workspace
 */
export async function takeWorkspace(job: Job, workspaceId: string): Promise<void> {
  const { ID, kind, config } = job.run;
  let taken = false;
  const work = async () => {
    const other = await SELECT.one
      .from(SyncRuns)
      .columns('ID')
      .where({
        workspaceId,
        kind: { in: kindsOfLane(kindOfRun(kind).lane) as 'sync'[] },
        activeKey: { '!=': null },
        ID: { '!=': ID },
      });
    taken = !other;
    if (taken) await UPDATE.entity(SyncRuns).set({ workspaceId }).where({ ID });
  };
  await job.commit({}, work, lockConfigs);
  if (!taken) throw new RunWaits('WORKSPACE_TAKEN', config.name);
}
