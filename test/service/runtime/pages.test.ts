import cds from '@sap/cds';
import { launch } from '../../helpers/app/app.ts';
import { flows } from '../../helpers/app/seeds.ts';
import { expectReliable, type Asked } from '../../helpers/runtime/pages.ts';

// Pages of three rows instead of a thousand.

const app = await launch({ seed: flows(20), config: { query: { limit: { max: 3 } } } });
const enterprise = app.as('enterprise');
const ask = { get: (path: string) => enterprise.get(path), sql: (text: string) => cds.db.run(text) as Promise<any[]> };

beforeAll(async () => {
  await app.configure();
  await app.run('refresh');
});

expectReliable(() => ask satisfies Asked);

test('the next link of a list below a row, of a filter and of a search is one of this kind too', async () => {
  const run = (await enterprise.get('runtime/SyncRuns')).body.value[0].ID as string;
  expect(run).toBeTruthy();
  for (const query of ["$filter=contains(name,'1')", '$search=Flow', "$filter=startswith(name,'Flow')&$search=Flow"]) {
    const rows = await app.all(`runtime/IFlows?${query}`);
    const { body } = await enterprise.get(`runtime/IFlows/$count?${query}`);
    expect({ query, rows: new Set(rows.map(({ ID }) => ID as string)).size }).toEqual({ query, rows: body });
  }
});
