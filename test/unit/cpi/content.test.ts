import { startSandbox, type Sandbox } from '../../../sandbox/index.ts';
import { forgetDestination } from '../../../srv/btp/destinations.ts';
import { createCpiClient } from '../../../srv/cpi/client.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ seed: 'company' });
  Object.assign(process.env, sandbox.env());
});
afterAll(() => sandbox.stop());

const MB = 1024 * 1024;

async function open(switches: Partial<Sandbox['cpi']['switches']> = {}) {
  await sandbox.reset();
  Object.assign(sandbox.cpi.switches, switches);
  forgetDestination('CPI');
  return createCpiClient({
    destination: 'CPI',
    perSecond: { designTime: 1000, runtime: 1000 },
    timing: { backoff: 1, tries: 2 },
  });
}

/** An iFlow of an editable or configure-only package. */
function flowOf(mode: 'EDIT_ALLOWED' | 'READ_ONLY') {
  const { packages, designtime } = sandbox.cpi.state;
  const ids = packages.filter((one) => one.mode === mode).map(({ id }) => id);
  return designtime.find(({ model, packageId, draft }) => model?.parameters && !draft && ids.includes(packageId))!;
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    ({ code, status }: { code: string; status?: number }) => ({ code, status }),
  );

test('content is the zip as bytes, of the version that was asked for or of what is designed now', async () => {
  const client = await open();
  const { id, version } = flowOf('EDIT_ALLOWED');
  for (const wanted of [version, 'active']) {
    const bytes = (await client.content(id, wanted, MB))!;
    expect(Buffer.from(bytes).readUInt32LE(0)).toBe(0x04034b50);
  }
  expect(await client.content(id, '0.0.1', MB)).toBeNull();
  expect(client.requests).toBe(3);
});

test('content that is larger than is wanted is not taken in, and not asked for again', async () => {
  const client = await open();
  const { id } = flowOf('EDIT_ALLOWED');
  expect(await codeOf(client.content(id, 'active', 100))).toMatchObject({ code: 'CPI_TOO_LARGE' });
  expect(client.requests).toBe(1);
});

test.each([
  [400, 'CPI_ERROR'],
  [403, 'CPI_ROLE_MISSING'],
  [500, 'CPI_ERROR'],
] as const)('content of a configure-only package, refused with %s, is %s', async (readOnlyContent, code) => {
  const client = await open({ readOnlyContent });
  const { id } = flowOf('READ_ONLY');
  expect(await codeOf(client.content(id, 'active', MB))).toEqual({ code, status: readOnlyContent });
});

test('a log-on page is no content', async () => {
  const client = await open();
  const { id } = flowOf('EDIT_ALLOWED');
  sandbox.cpi.faults.add({ kind: 'html', match: { path: '$value' } });
  expect(await codeOf(client.content(id, 'active', MB))).toMatchObject({ code: 'CPI_WEB_ADDRESS' });
});

test('configurations are read of any package, by name', async () => {
  const client = await open();
  const { id, version, model } = flowOf('READ_ONLY');
  expect(Object.fromEntries((await client.configurations(id, version))!)).toEqual(model!.parameters);
  expect(await client.configurations('None', 'active')).toBeNull();
  sandbox.cpi.switches.contentForbidden = true;
  expect(await codeOf(client.configurations(id, version))).toEqual({ code: 'CPI_ROLE_MISSING', status: 403 });
});
