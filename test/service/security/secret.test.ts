import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../../../sandbox/index.ts';
import { basic, startApp, type AppProcess } from '../../helpers/app/process.ts';

// The API token must be only in its BTP destination, and so must the directory's password. These tests use both in
// every possible way, including failures, and then search for them everywhere.

const SECRETS = [
  'recognisable+Secret/Token=0001',
  'recognisable+Wrong/Token=0002',
  'LXT_recognisableToken0003',
  'recognisable+People/Secret=0004',
];
const [RIGHT, WRONG, REAL_LOOKING, PEOPLE] = SECRETS as [string, string, string, string];

const sandbox = await startSandbox({ seed: 'tiny' });
const folder = mkdtempSync(join(tmpdir(), 'leanix-secret-'));
const database = join(folder, 'db.sqlite');
const { host, faults, state } = sandbox.leanix;
const answers: string[] = [];
let app: AppProcess;

beforeAll(async () => {
  state.apiTokens.push({ ...state.apiTokens[0]!, token: RIGHT });
  const directory = sandbox.btp.state.destinations.subaccount.find(({ Name }) => Name === 'PEOPLE')!;
  sandbox.btp.state.peopleClient.secret = directory['Password'] = PEOPLE;
  const levels = Object.fromEntries(
    ['*', 'leanix', 'cpi', 'btp', 'cds', 'odata', 'http'].map((name) => [name, 'debug']),
  );
  app = await startApp(
    { ...sandbox.env(), cds_requires_db_credentials_url: database },
    { log: { levels }, transport: { backoff: 5, maxBackoff: 20, timeout: 2000 }, leanix: { sweepSeconds: 1 } },
  );
  await useIt().finally(() => app.stop());
});
afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true });
});

/** The forms in which a secret can appear: plain, in JSON, in a URL, in base64 after any prefix. */
function formsOf(secret: string): string[] {
  const base64 = ['', 'a', 'ab', 'apitoken:', 'a:'].map((before) => {
    const text = Buffer.from(before + secret).toString('base64');
    // The first and the last characters depend on the neighboring text.
    return text.slice(Math.ceil((before.length * 4) / 3) + 1, -5);
  });
  const hex = Buffer.from(secret).toString('hex');
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), hex, ...base64];
}

const found = (text: string) => SECRETS.flatMap(formsOf).filter((form) => text.includes(form));

async function ask(method: string, path: string, body?: object, user = 'enterprise') {
  const answer = await app.request(method, `/odata/v4/${path}`, { authorization: basic(user), body });
  answers.push(JSON.stringify(answer));
  return answer;
}

async function run(action: string) {
  const { body } = await ask('POST', `runtime/${action}`, {});
  for (let row = body; ; await sleep(30)) {
    row = (await ask('GET', `runtime/SyncRuns(${body.ID})?$expand=items($top=500;$expand=changes($top=20))`)).body;
    if (!['requested', 'running', 'cancelRequested'].includes(row.status)) return row;
  }
}

async function useIt() {
  const { ID } = (await ask('GET', 'settings/LeanIXConfigs')).body.value[0];
  const saved = `settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`;
  const draft = `settings/LeanIXConfigs(ID=${ID},IsActiveEntity=false)`;
  const act = (path: string, name: string, body: object = {}) => ask('POST', `${path}/SettingsService.${name}`, body);

  // In a draft: tested with right and wrong tokens, stored, saved.
  await act(saved, 'draftEdit');
  await ask('PATCH', draft, { leanixHost: host, factSheetType: 'Interface', defaultTags: 'CPI-Managed' });
  for (const apiToken of [WRONG, REAL_LOOKING]) {
    expect((await act(draft, 'testConnection', { apiToken })).body.code).toBe('LEANIX_TOKEN_INVALID');
  }
  expect((await act(draft, 'testConnection', { host, apiToken: RIGHT })).body.code).toBe('CONNECTED');
  await act(draft, 'testConnection', { host: `https://${host}`, apiToken: RIGHT });
  await act(draft, 'testConnection', { host: 'evil-leanix.net', apiToken: RIGHT });
  await act(draft, 'testConnection', { host: 5, apiToken: RIGHT });
  expect((await act(draft, 'storeApiToken', { apiToken: RIGHT, expiresOn: '2031-01-01' })).status).toBe(204);
  await act(draft, 'storeApiToken', { apiToken: { token: RIGHT } });
  await act(draft, 'storeApiToken', { apiToken: [RIGHT] });
  await act(draft, 'storeApiToken', { apiToken: RIGHT, expiresOn: RIGHT });
  await act(draft, 'storeApiToken', { apiToken: `${RIGHT}\n${RIGHT}` });
  expect((await act(draft, 'testConnection')).body.code).toBe('CONNECTED');
  expect((await act(draft, 'draftActivate')).status).toBe(200);

  // Refused before it is read.
  await ask('POST', `${saved}/SettingsService.storeApiToken`, { apiToken: RIGHT }, 'viewer');
  await ask('POST', `${saved}/SettingsService.storeApiToken`, { apiToken: RIGHT }, 'unknown');
  await ask('POST', 'settings/storeApiToken', { apiToken: RIGHT });
  const bundle = { version: 1, 'leanix_config.json': { configurations: [{ name: 'X', apiToken: RIGHT }] } };
  await ask('POST', 'settings/importSettings', { bundle: JSON.stringify(bundle) });

  // As UI5 sends it, and as invalid JSON.
  const url = `${saved.slice('settings'.length)}/SettingsService.storeApiToken`;
  const requests = [
    { id: '1', method: 'POST', url, body: { apiToken: RIGHT } },
    { id: '2', method: 'POST', url, body: { apiToken: RIGHT, expiresOn: RIGHT } },
  ];
  await ask('POST', 'settings/$batch', { requests });
  for (const body of [`{"apiToken":"${RIGHT}"`, `{"apiToken":${RIGHT}}`, `apiToken=${RIGHT}`]) {
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
      const headers = { authorization: basic('enterprise'), 'content-type': type };
      const answer = await fetch(`${app.url}/odata/v4/settings${url}`, { method: 'POST', headers, body });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      answers.push(await answer.text());
    }
  }

  // Everything that works, both kinds of destination, and each kind of failure.
  for (const leanixDestination of ['LEANIX', 'LEANIX_BASIC']) {
    await ask('PATCH', saved, { leanixDestination });
    await act(saved, 'storeApiToken', { apiToken: RIGHT });
    for (const action of ['refresh', 'match', 'preview', 'syncAll']) {
      expect((await run(action)).status).toMatch(/^completed/);
    }
    for (const fault of ['reset', 'html', 'halfJson'] as const) {
      faults.add({ kind: fault, times: 50 });
      await act(saved, 'testConnection', { apiToken: RIGHT });
      await act(saved, 'testConnection');
      await act(saved, 'validateMapping');
      await run('match');
      faults.clear();
    }
    faults.add({ kind: 'status', status: 500, times: 50, body: { error: `token ${REAL_LOOKING} failed` } });
    await run('syncAll');
    faults.clear();
    sandbox.leanix.rotateBearers();
    await act(saved, 'storeApiToken', { apiToken: WRONG });
    await act(saved, 'testConnection');
    await run('match');
    const match = { path: 'destination-configuration' };
    sandbox.btp.faults.add({ kind: 'status', status: 500, times: 9, match, body: { ErrorMessage: `bad ${RIGHT}` } });
    await act(saved, 'storeApiToken', { apiToken: RIGHT });
    await act(saved, 'testConnection');
    sandbox.btp.faults.clear();
  }

  await useAccess(ID as string, act);

  // What can be read afterwards.
  await ask('GET', 'settings/exportSettings()');
  for (const path of [
    'settings/LeanIXConfigs?$expand=mappings,DraftAdministrativeData',
    'settings/$metadata',
    'settings/Tags',
    'runtime/Connections',
    'runtime/IFlows?$expand=candidates',
    'runtime/SyncRuns?$top=50&$expand=items($top=30;$expand=changes($top=10))',
  ]) {
    expect((await ask('GET', path)).status).toBe(200);
  }
  await act(saved, 'draftEdit');
}

/**
 * Accounts and people are read and changed with the token, also with failures, and the token is sent in wrong places.
 */
async function useAccess(ID: string, act: (path: string, name: string, body?: object) => Promise<unknown>) {
  const { btp } = sandbox;
  const until = async (row: any) => {
    while (row.isActive) {
      await sleep(30);
      row = (await ask('GET', `access/JobRuns(${row.ID})`)).body;
    }
    return row;
  };
  const job = async (action: string) => until((await ask('POST', `access/${action}`, {})).body);
  const olga = { email: 'olga.olsen@halvorsen.example', role: 'MEMBER', justification: 'New' };
  const governed = `access/AccessConfigs(ID=${ID},IsActiveEntity=true)`;
  await act(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`, 'storeApiToken', { apiToken: RIGHT });
  expect((await ask('PATCH', governed, { peopleDestination: 'PEOPLE' })).status).toBe(200);
  expect((await job('importAll')).status).toBe('completed');
  expect((await ask('POST', 'access/requestAccount', olga)).status).toBe(200);
  const body = { status: 'ERROR', message: `Bearer ${RIGHT} of ${REAL_LOOKING} failed`, errors: [], data: null };
  for (const [status, match] of [
    [500, { path: '/permissions' }],
    [422, { write: true }],
    [403, { path: '/permissions' }],
  ] as const) {
    faults.add({ kind: 'status', status, match, times: 9, body });
    await job('importAll');
    await job('runProvisioning');
    faults.clear();
  }
  btp.faults.add({ kind: 'status', status: 400, match: { path: '/scim/' }, body: { detail: `Basic ${PEOPLE}` } });
  expect((await job('importPeople')).code).toBe('SCIM_ERROR');
  btp.faults.clear();
  const configurations = [{ name: 'Default', apiToken: RIGHT, peopleDestination: `PEOPLE ${RIGHT}` }];
  const bundle = JSON.stringify({ version: 1, 'leanix_access.json': { configurations } });
  expect((await ask('POST', 'access/importConnectionPackage', { bundle })).status).toBe(400);
  expect((await ask('PATCH', governed, { apiToken: RIGHT })).status).toBe(400);
  expect((await ask('GET', 'access/exportConnectionPackage()')).status).toBe(200);
  for (const path of ['AccessConfigs?$expand=mappings', 'JobRuns', 'ProvisioningTasks', 'Accounts', 'Overview']) {
    expect((await ask('GET', `access/${path}`)).status).toBe(200);
  }
}

test('the tokens were used: they are in their destinations', () => {
  const destinations = JSON.stringify(sandbox.btp.state.destinations);
  expect(found(destinations).length).toBeGreaterThan(0);
  expect(answers.length).toBeGreaterThan(60);
  expect(app.output()).toMatch(/LEANIX/);
});

test('it is in no answer, no error and no export', () => {
  for (const answer of answers) expect({ answer, found: found(answer) }).toEqual({ answer, found: [] });
});

test('it is in no line of the log', () => {
  const lines = app.output().split('\n');
  expect(lines.length).toBeGreaterThan(100);
  expect(lines.filter((line) => found(line).length > 0)).toEqual([]);
});

test('it is in no column of any table of the database, drafts included', () => {
  const db = new DatabaseSync(database);
  const tables = db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all() as { name: string }[];
  expect(tables.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['leanix_LeanIXConfig', 'SettingsService_LeanIXConfigs_drafts', 'leanix_SyncRun']),
  );
  let rows = 0;
  for (const { name } of tables) {
    for (const row of db.prepare(`SELECT * FROM "${name}"`).all()) {
      rows++;
      expect({ name, row, found: found(JSON.stringify(row)) }).toEqual({ name, row, found: [] });
    }
  }
  expect(rows).toBeGreaterThan(100);
  db.close();
});

test('it is in no byte of the database’s files, nor in what the app wrote beside them', () => {
  const files = globSync('**/*', { cwd: folder, withFileTypes: true }).filter((file) => file.isFile());
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const content = readFileSync(join(file.parentPath, file.name), 'latin1');
    expect({ file: file.name, found: found(content) }).toEqual({ file: file.name, found: [] });
  }
});
