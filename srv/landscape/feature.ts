import { Calls, Channels, IFlowModels, LeanIXConfigs, SyncRuns } from '#cds-models/leanix';
import type { EndingRun, Feature } from '../runs/features.ts';
import { inPortions } from '../runs/housekeeping.ts';
import { activeKeyOf, startRun, type NewRun } from '../runs/runs.ts';
import { analyzeJob } from './analyze-job.ts';

/** What the iFlows connect. */
export const landscapeFeature: Feature = {
  kinds: { analyze: { work: analyzeJob, lane: 'analyze', isNew: true } },
  whenEnding: analyzeAfterRefresh,
  async deleteConfigData(config_ID) {
    await DELETE.from(Calls).where({ config_ID });
    await DELETE.from(Channels).where({ config_ID });
    await DELETE.from(IFlowModels).where({ config_ID });
  },
  // A refresh may have removed an iFlow while its model was stored.
  deletions: [
    inPortions(Channels, () => SELECT.from(Channels).where`iflow.artifactId is null`),
    inPortions(Calls, () => SELECT.from(Calls).where`caller.artifactId is null`),
    async () => {
      const gone = await SELECT.from(IFlowModels).columns('iflow_ID').where`iflow.artifactId is null`.limit(1000);
      if (gone.length)
        await DELETE.from(IFlowModels).where({ iflow_ID: { in: gone.map(({ iflow_ID }) => iflow_ID!) } });
      return false;
    },
  ],
};

/** Creates a run for the result of a refresh; a run in progress includes it. In the caller's transaction. */
async function analyzeAfterRefresh({ kind, configId, status, startedBy, trigger }: EndingRun): Promise<void> {
  if (kind !== 'refresh' || !status.startsWith('completed')) return;
  const config = await SELECT.one.from(LeanIXConfigs).columns('readModels').where({ ID: configId });
  if (!config || config.readModels === false) return;
  const active = await SELECT.one
    .from(SyncRuns)
    .columns('ID')
    .where({ activeKey: activeKeyOf('analyze', configId) });
  if (!active) await startRun({ configId, kind: 'analyze', startedBy, trigger: trigger as NewRun['trigger'] });
}
