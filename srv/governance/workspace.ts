import { AccessConfigs } from '#cds-models/leanix';
import { openAccess, type AccessClient } from '../leanix/access.ts';
import type { Job } from '../runs/job.ts';
import { RunProblem } from '../base/outcome.ts';
import { accessOf } from './settings.ts';

/**
 * Opens the workspace of a run and counts its requests.
 * @throws RemoteError; RunProblem NOT_CONFIGURED; WORKSPACE_CHANGED if the API token belongs to another workspace than
 * the stored accounts, which would all seem deleted
 */
export async function openWorkspaceOf(job: Job): Promise<AccessClient> {
  const { config } = job.run;
  const { name, leanixHost: host, leanixDestination: destination } = config;
  const missing = (['leanixHost', 'leanixDestination'] as const).filter((element) => !config[element]);
  if (missing.length) throw new RunProblem('NOT_CONFIGURED', name, missing.join(', '));
  const client = await openAccess(
    { destination: destination!, host: host! },
    { signal: job.signal, beforeWrite: job.assertHeld },
  );
  job.count(client);
  const known = accessOf(job).workspaceId;
  if (known && known !== client.workspaceId) throw new RunProblem('WORKSPACE_CHANGED', name);
  return client;
}

/** Stores the workspace's id with the first accounts, in the caller's transaction. */
export async function keepWorkspace(job: Job, { workspaceId }: AccessClient): Promise<void> {
  const { ID } = job.run.config;
  if (!accessOf(job).workspaceId) await UPDATE.entity(AccessConfigs).set({ workspaceId }).where({ ID });
}
