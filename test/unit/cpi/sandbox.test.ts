import { startSandbox, type Sandbox } from '../../../sandbox/index.ts';
import { forgetDestination } from '../../../srv/btp/destinations.ts';
import { createCpiClient, type CpiClient } from '../../../srv/cpi/client.ts';
import {
  errorTextsToRead,
  packagesToRead,
  remember,
  toIFlows,
  type CollectionRead,
  type InventoryRow,
  type KnownDesign,
} from '../../../srv/cpi/inventory.ts';
import { kindsOf } from '../../../srv/cpi/types.ts';

const types = ['INTEGRATION_FLOW'];
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ seed: 'company' });
  Object.assign(process.env, sandbox.env());
});
afterAll(() => sandbox.stop());

/** A client with a token, for a tenant with this behavior. */
async function open(switches: Partial<Sandbox['cpi']['switches']> = {}): Promise<CpiClient> {
  await sandbox.reset();
  Object.assign(sandbox.cpi.switches, switches);
  forgetDestination('CPI');
  return createCpiClient({
    destination: 'CPI',
    perSecond: { designTime: 1000, runtime: 1000 },
    timing: { backoff: 10 },
  });
}

/** A refresh as in the service. */
async function refresh(client: CpiClient, rows: InventoryRow[], known: KnownDesign) {
  const [runtime, packages] = [
    await client.runtimeArtifacts(),
    await client.packages(known.packages.map(({ id }) => id)),
  ];
  const reads: CollectionRead[] = [];
  for (const packageId of packagesToRead(known, kindsOf(types), packages, runtime)) {
    for (const kind of kindsOf(types)) {
      reads.push({ packageId, kind, artifacts: await client.designtimeArtifacts(packageId, kind) });
    }
  }
  const errorTexts = new Map<string, string | null>();
  for (const id of errorTextsToRead(rows, runtime, new Date().toISOString())) {
    errorTexts.set(id, await client.errorText(id));
  }
  const design = remember(known, packages, reads, runtime);
  let count = rows.length;
  const joined = toIFlows({ rows, runtime, types, design, errorTexts, newId: () => String(count++) });
  return { design, runtime, packages, errorTexts, rows: joined };
}

test('a company’s tenant: everything is read once, and a second refresh takes three requests', async () => {
  const client = await open({ designtimeRate: 0 });
  const first = await refresh(client, [], { packages: [], artifacts: [] });
  expect(first.rows.length).toBeGreaterThan(200);
  expect(client.requests).toBe(3 + first.packages.length + first.errorTexts.size);
  expect(first.rows.filter(({ packageId }) => packageId !== null).length).toBeGreaterThan(0.9 * first.rows.length);
  for (const row of first.rows) {
    expect(Date.parse(row.deployedOn!)).not.toBeNaN();
    expect(row.description ?? '').not.toMatch(/<[a-z]|&nbsp;/i);
    expect(row.errorText ?? '').not.toMatch(/[{}]/);
  }
  const before = client.requests;
  const second = await refresh(client, first.rows, first.design);
  expect(client.requests - before).toBe(3);
  expect(second.rows).toEqual(first.rows);
});

describe('however the tenant behaves, the list is the same', () => {
  const ids = async (client: CpiClient) => (await client.runtimeArtifacts()).map(({ id }) => id).sort();
  let expected: string[];
  beforeAll(async () => {
    expected = await ids(await open());
  });

  test.each([
    ['relative links', { pageCap: 40, nextLink: 'relative' }],
    ['absolute links', { pageCap: 40, nextLink: 'absolute', metadata: true }],
    ['no links, but a round page size', { pageCap: 100, nextLink: 'none' }],
    ['no links, and no number', { pageCap: 50, nextLink: 'none', count: 'notImplemented' }],
    ['no links, a number, and a list that knows no $skip', { pageCap: 500, ignoreSkip: true }],
    ['a number that fails', { pageCap: 37, nextLink: 'none', count: 'fails' }],
    ['a low rate limit', { pageCap: 100, runtimeRate: 2, retryAfter: 'seconds' }],
  ] as const)('%s', async (_, switches) => {
    expect(await ids(await open(switches))).toEqual(expected);
  });

  test('but a link to another host is refused', async () => {
    const client = await open({ pageCap: 40, nextLink: 'foreign' });
    await expect(client.runtimeArtifacts()).rejects.toMatchObject({ code: 'CPI_FOREIGN_NEXT' });
  });
});
