import type { CPI } from '../../../sandbox/cpi/server.ts';
import { found } from '../app/changes.ts';
import { runOf, type Running } from './invariants.ts';
import type { RuntimeApp } from './runtime.ts';

/** Refreshes, and waits for the run that then reads the models. @returns the row of the latter */
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

/** Each of these iFlows has its channels once, and the next run has nothing to read. */
export async function expectModels(running: Running, count: number): Promise<void> {
  const { body } = await running.user.get('runtime/IFlows?$expand=channels($orderby=position)');
  expect(body.value).toHaveLength(count);
  for (const { modelState, channels } of body.value) {
    const ends = channels.map(({ position, direction }: any) => [position, direction]);
    expect({ modelState, ends }).toEqual({
      modelState: 'read',
      ends: [
        [1, 'inbound'],
        [2, 'outbound'],
      ],
    });
  }
  running.sandbox.cpi.log.clear();
  expect(await runOf(running, 'analyze')).toMatchObject({ status: 'completed', total: 0 });
  expect(contentRequests(running.sandbox.cpi)).toEqual([]);
}
