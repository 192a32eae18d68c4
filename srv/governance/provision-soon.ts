import { SyncRuns } from '#cds-models/leanix';
import { lockConfigs } from '../base/transaction.ts';
import { activeKeyOf, startRun } from '../runs/runs.ts';

/**
 * Has the open tasks of a configuration carried out: now, or once the run has ended that works on its access. In the
 * caller's transaction.
 * @param startedBy who asks for it
 */
export async function provisionSoon(configId: string, startedBy: string): Promise<void> {
  // Two who ask at the same time decide one after the other: the second one finds the run of the first.
  await lockConfigs(configId);
  const activeKey = activeKeyOf('provision', configId);
  const active = await SELECT.one.from(SyncRuns).columns('ID', 'followUp').where({ activeKey });
  if (!active) await startRun({ configId, kind: 'provision', trigger: 'request', startedBy });
  else if (!active.followUp) {
    // Whoever asks after that is served by the same run.
    await UPDATE.entity(SyncRuns).set({ followUp: 'provision', followUpBy: startedBy }).where({ ID: active.ID! });
  }
}
