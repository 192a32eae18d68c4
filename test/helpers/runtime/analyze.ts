import type { CPI } from '../../../sandbox/cpi/server.ts';
import { found } from '../app/changes.ts';
import type { RuntimeApp } from './runtime.ts';

/** A refresh, and the run that reads the models after it. @returns the row of the latter, once it has ended */
export async function refreshAndAnalyze(app: RuntimeApp): Promise<any> {
  const run = await app.run('refresh');
  if (run.status !== 'completed') throw new Error(`The refresh ended as ${run.status}: ${run.message}`);
  const next = await found(app.changes, async () => {
    const query = `runtime/SyncRuns?$filter=kind eq 'analyze' and startedAt ge ${run.startedAt}&$orderby=startedAt desc`;
    return (await app.as('enterprise').get(query)).body.value[0];
  });
  return app.ended(next.ID);
}

/** Paths of the requests for content and configurations since the log was cleared. */
export const contentRequests = ({ log }: CPI): string[] =>
  log.entries
    .map(({ path }) => decodeURIComponent(path))
    .filter((path) => /\/(?:\$value|Configurations)$/.test(path) && !path.includes('ErrorInformation'));
