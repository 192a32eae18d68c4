import { SyncRuns } from '#cds-models/leanix';
import { lockConfigs } from '../base/transaction.ts';
import { activeKeyOf, startRun } from '../runs/runs.ts';

/**
 * Starts a run for the open tasks of a configuration, now or after the active access run, in the caller's transaction.
 * @param startedBy the user who requested it
 */
export async function provisionSoon(configId: string, startedBy: string): Promise<void> {
  // Locked, so that a second request finds the run of the first.
  await lockConfigs(configId);
  const activeKey = activeKeyOf('provision', configId);
  const active = await SELECT.one.from(SyncRuns).columns('ID', 'followUp').where({ activeKey });
  if (!active) await startRun({ configId, kind: 'provision', trigger: 'request', startedBy });
  else if (!active.followUp) {
    // Later requests join this run.
    await UPDATE.entity(SyncRuns).set({ followUp: 'provision', followUpBy: startedBy }).where({ ID: active.ID! });
  }
}
