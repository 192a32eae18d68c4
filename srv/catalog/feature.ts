import { Candidates, DesignArtifacts, DesignPackages, IFlowLinks, IFlows, RefusedPaths } from '#cds-models/leanix';
import type { Feature, KindOfRun } from '../runs/features.ts';
import { matchJob } from './match-job.ts';
import { refreshJob } from './refresh-job.ts';
import { refusalsSince } from './refused-paths.ts';
import { syncJob } from './sync-job.ts';

const aboutIFlows = (work: KindOfRun['work']): KindOfRun => ({ work, lane: '' });

/** The catalog of iFlows and their fact sheets. */
export const catalogFeature: Feature = {
  kinds: {
    refresh: aboutIFlows(refreshJob),
    match: aboutIFlows(matchJob),
    create: aboutIFlows(syncJob),
    update: aboutIFlows(syncJob),
    sync: aboutIFlows(syncJob),
    preview: aboutIFlows(syncJob),
    apply: aboutIFlows(syncJob),
  },
  jobs: { catalog: { kind: 'refresh', followUp: 'sync' } },
  async deleteConfigData(config_ID) {
    await DELETE.from(DesignArtifacts).where({ config_ID });
    await DELETE.from(DesignPackages).where({ config_ID });
    await DELETE.from(Candidates).where({ 'iflow.config_ID': config_ID });
    await DELETE.from(IFlowLinks).where({ 'iflow.config_ID': config_ID });
    await DELETE.from(IFlows).where({ config_ID });
  },
  deletions: [
    // Outdated refusals: LeanIX is asked again.
    async () => {
      await DELETE.from(RefusedPaths).where({ refusedAt: { '<': refusalsSince() } });
      return false;
    },
  ],
};
