import { launchRuntime, MAPPINGS } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

const seed = flows(
  3,
  [
    { type: 'Interface', name: 'Flow 1', documents: 'Flow_1', description: 'By people.\n\n* keep  this *\n' },
    { type: 'Interface', name: 'Flow 2', documents: 'Flow_2' },
  ],
  { Flow_3: { description: '  Line one.  \r\nLine two.\r\n\r\n' } },
);
const app = await launchRuntime({ seed });
const { sandbox } = app;

async function synced(values: object): Promise<any> {
  await app.begin(values);
  await app.run('refresh');
  return app.run('syncAll');
}

async function expectNothingWritten(): Promise<void> {
  const { result: run, mutations } = await app.traffic(() => app.run('syncAll'));
  expect(run).toMatchObject({ status: 'completed', created: 0, updated: 0, unchanged: 3 });
  expect(mutations).toBe(0);
}

test('without any mapping the description tells name, package, tenant and time, and the run says why', async () => {
  const run = await synced({});
  expect(run).toMatchObject({ status: 'completed', created: 1, updated: 2, code: 'NO_MAPPING' });
  expect(run.message).toContain('only /description is written');
  expect(run.message).toContain('name → /name');
  const { description, name } = await app.factSheetOf('Flow_3');
  expect(name).toBe('Flow 3');
  expect(description).toContain('iFlow: Flow 3\nPackage: Package 0001\n');
  expect(description).toContain(`Tenant: ${sandbox.cpi.host}\nLast sync: 20`);
  await expectNothingWritten();
});

test('text that people wrote around that block stays, wherever they wrote it', async () => {
  await synced({});
  const { id, description } = await app.factSheetOf('Flow_1');
  const [people, block] = ['By people.\n\n* keep  this *\n', description!.slice(description!.indexOf('['))];
  expect(description).toBe(`${people}\n${block}`);
  const [above, below] = [`Above.\r\n\r\n${people}\n`, '\n\n  Below, with\ttabs. '];
  sandbox.editFactSheet(id, { description: above + block + below });
  await expectNothingWritten();

  sandbox.cpi.deploy({ id: 'Flow_1', name: 'Flow One' });
  await app.run('refresh');
  expect(await app.run('syncAll')).toMatchObject({ updated: 1, unchanged: 2 });
  const after = (await app.factSheetOf('Flow_1')).description!;
  expect(after.slice(0, above.length)).toBe(above);
  expect(after.slice(-below.length)).toBe(below);
  const inside = after.slice(above.length, -below.length);
  expect(inside.split('\n').slice(0, 4)).toEqual(
    block.replace('iFlow: Flow 1', 'iFlow: Flow One').split('\n').slice(0, 4),
  );
  expect(inside.split('\n')).toHaveLength(block.split('\n').length);
});

test('a workspace that stores texts trimmed and with other line ends is not written to again and again', async () => {
  await app.begin({
    mappings: [...MAPPINGS, { iflowField: 'description', leanixPath: '/description', position: 3 }],
  });
  sandbox.leanix.switches.normalizeText = true;
  await app.run('refresh');
  expect(await app.run('syncAll')).toMatchObject({ status: 'completed', created: 1, updated: 2 });
  await expectNothingWritten();

  await app.begin();
  sandbox.leanix.switches.normalizeText = true;
  await app.run('refresh');
  await app.run('syncAll');
  await expectNothingWritten();
});

describe('a path that LeanIX computes itself, such as /displayName', () => {
  const mappings = [...MAPPINGS, { iflowField: 'package_id', leanixPath: '/displayName', position: 3 }];

  test('is left out of the whole run with a warning, and the other fields are written', async () => {
    const run = await synced({ mappings });
    expect(run).toMatchObject({ status: 'completed', created: 1, updated: 2, failed: 0 });
    for (const item of await app.items(run)) {
      expect(item).toMatchObject({ status: 'done', code: 'PATH_REFUSED' });
      expect(item.message).toContain("The path '/displayName' is invalid in FactSheet schema Interface.");
      expect(item.changes.map(({ path }: any) => path)).not.toContain('/displayName');
    }
    expect((await app.factSheetOf('Flow_3')).fields['release']).toBe('1.0.0');
    await expectNothingWritten();
  });

  test('is no reason to write again where LeanIX accepts it', async () => {
    await app.begin({ mappings });
    sandbox.leanix.switches.displayNameAccepted = true;
    await app.run('refresh');
    const run = await app.run('syncAll');
    expect(run).toMatchObject({ status: 'completed', created: 1, updated: 2 });
    for (const item of await app.items(run)) expect(item.code).toBeNull();
    await expectNothingWritten();
  });

  test('is tried again after a connection test, for those who changed the data model', async () => {
    await synced({ mappings });
    sandbox.leanix.switches.displayNameAccepted = true;
    const config = `settings/LeanIXConfigs(ID=${await app.configId()},IsActiveEntity=true)`;
    await app.as('enterprise').post(`${config}/SettingsService.testConnection`);
    const run = await app.run('syncAll');
    expect((await app.itemOf(run, 'Flow_3')).changes.map(({ path }: any) => path)).toContain('/displayName');
  });
});
