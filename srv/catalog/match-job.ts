import type { Job } from '../runs/job.ts';
import { describeCandidates } from './candidates.ts';
import { MATCH_FIELDS, matchEntries, storeMatches } from './matching.ts';
import type { Outcome } from '../base/outcome.ts';
import { readAllEntries } from './rows.ts';
import { openWorkspace } from './workspace.ts';

/** Finds the fact sheet of every artifact of a configuration; writes nothing in LeanIX. */
export async function matchJob(job: Job): Promise<Outcome> {
  const { config } = job.run;
  const [workspace, all] = await Promise.all([
    openWorkspace(config, job),
    readAllEntries(config.ID, job.run.selection),
  ]);
  const entries = all.filter(({ iflow, link }) => iflow.status !== 'Undeployed' || link.factSheetId);
  await job.commit({ total: entries.length });
  const others = job.run.selection ? {} : { others: [] };
  const matched = await matchEntries(workspace, entries, { fields: MATCH_FIELDS, ...others });
  await describeCandidates(workspace, matched);
  await job.checkpoint();
  await storeMatches(job, workspace, matched);
  await job.commit({ done: entries.length });
  return { status: 'completed' };
}
