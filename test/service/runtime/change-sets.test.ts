import { tiny } from '../../../sandbox/seed/tiny.ts';
import { launchRuntime, MAPPINGS } from '../../helpers/runtime/runtime.ts';

// A group of a JSON batch is one transaction, which may include reads. A remote call inside it would block the database
// for everybody.

const app = await launchRuntime({ seed: tiny });

/** Sends requests as one group of a JSON batch. @returns what became of each: its status, or the code of its error */
async function inGroup(requests: object[]): Promise<(number | string)[]> {
  const group = { atomicityGroup: 'g', headers: { 'content-type': 'application/json' } };
  const answer = await fetch(`${app.url()}/odata/v4/runtime/$batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa('enterprise:enterprise')}` },
    body: JSON.stringify({ requests: requests.map((one, id) => ({ id: String(id), ...group, ...one })) }),
    signal: AbortSignal.timeout(20_000),
  });
  const { responses } = (await answer.json()) as { responses: any[] };
  return responses.map(({ status, body }) => body.error?.code ?? status);
}

test.each([
  ['endpoints', 'endpoints'],
  ['syncPlan', 'RuntimeService.syncPlan()'],
  ['findFactSheets', `RuntimeService.findFactSheets(search='a')`],
])('%s asks another system: in one group with other requests it is refused, and nobody waits', async (_, path) => {
  await app.begin({ mappings: MAPPINGS });
  await app.run('refresh');
  await app.run('match');
  const [{ ID }] = await app.iflows();
  const asks = { method: 'GET', url: `/IFlows(${ID})/${path}` };
  const others = [{ method: 'POST', url: '/refresh', body: {} }, { method: 'GET', url: '/IFlows' }, asks];
  const runs = await app.all('runtime/SyncRuns');
  for (const other of others) {
    expect(await inGroup([asks, other])).toContain('CHANGE_SET_SHARED');
    expect(await inGroup([other, asks])).toContain('CHANGE_SET_SHARED');
  }
  expect(await app.all('runtime/SyncRuns')).toEqual(runs);
  expect(await inGroup([asks])).toEqual([200]);
});
