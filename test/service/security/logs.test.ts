import { setTimeout as sleep } from 'node:timers/promises';
import { users } from '../../../sandbox/btp/tokens.ts';
import { startProduction, type Production } from '../../helpers/app/production.ts';

// Logs are kept long and have many readers: they must not name users of the app or contain tokens. This runs all kinds
// of requests, also failing ones, and searches the log.

let production: Production;
const tokens: string[] = [];

beforeAll(async () => {
  production = await startProduction({}, { transport: { backoff: 5, maxBackoff: 20, timeout: 2000 } });
  await useIt();
});
afterAll(() => production.stop());

async function ask(token: string | undefined, method: string, path: string, body?: object) {
  if (token) tokens.push(token);
  const authorization = token && `Bearer ${token}`;
  return production.app.request(method, `/odata/v4/${path}`, { authorization, body });
}

async function useIt() {
  const { sandbox } = production;
  const token = (name: 'viewer' | 'admin' | 'enterprise', options = {}) => sandbox.btp.token(name, options);
  const enterprise = await token('enterprise');

  // The UAA is down before the app has read a key.
  sandbox.btp.faults.add({ kind: 'status', status: 503, times: 3, match: { path: 'token_keys' } });
  await ask(await token('viewer'), 'GET', 'runtime/IFlows');
  sandbox.btp.faults.clear();

  const { ID } = (await ask(enterprise, 'GET', 'settings/LeanIXConfigs')).body.value[0];
  const saved = `settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`;
  const draft = `settings/LeanIXConfigs(ID=${ID},IsActiveEntity=false)`;
  const changes = { leanixHost: sandbox.leanix.host, factSheetType: 'Interface' };
  const admin = await token('admin');
  await ask(admin, 'POST', `${saved}/SettingsService.draftEdit`, {});
  await ask(enterprise, 'PATCH', draft, changes);
  await ask(admin, 'PATCH', draft, changes);
  await ask(admin, 'POST', `${draft}/SettingsService.testConnection`, {});
  expect((await ask(admin, 'POST', `${draft}/SettingsService.draftActivate`, {})).status).toBe(200);
  await ask(admin, 'PATCH', saved, { leanixHost: 'https://wrong' });

  for (const name of ['viewer', 'admin', 'enterprise'] as const) {
    const own = await token(name);
    for (const path of ['runtime/IFlows', 'runtime/Nothing', 'settings/LeanIXConfigs', 'runtime/IFlows?$filter=x'])
      await ask(own, 'GET', path);
    for (const action of ['refresh', 'syncAll', 'createFactSheets', 'nothing'])
      await ask(own, 'POST', `runtime/${action}`, {}).then(() => ended(enterprise));
    for (const options of [
      { expiresIn: -3600 },
      { scopes: [] },
      { claims: { aud: ['other'], cid: 'other', azp: 'other', client_id: 'other' } },
      { claims: { zid: 'other' } },
      { claims: { scope: undefined } },
    ]) {
      await ask(await token(name, options), 'GET', 'runtime/IFlows');
    }
    await ask(`${own}x`, 'GET', 'runtime/IFlows');
  }
  await useAccess(enterprise, ID as string);
  for (const fault of ['reset', 'html'] as const) {
    sandbox.leanix.faults.add({ kind: fault, times: 20 });
    await ask(enterprise, 'POST', 'runtime/match', {});
    await ended(enterprise);
    sandbox.leanix.faults.clear();
  }
}

/** Accounts and people are read and changed; error messages contain their names. */
async function useAccess(token: string, configId: string) {
  const { leanix, btp } = production.sandbox;
  const act = async (path: string, body: object = {}) => {
    const answer = await ask(token, 'POST', `access/${path}`, body);
    await ended(token);
    return answer;
  };
  const govern = (values: object) =>
    ask(token, 'PATCH', `access/AccessConfigs(ID=${configId},IsActiveEntity=true)`, values);
  const told = (status: number, message: string) => ({ status, message, errors: [], data: null });
  const because = { justification: 'Olga Olsen is new in the team' };
  const olga = { email: 'olga.olsen@halvorsen.example', role: 'MEMBER', firstName: 'Olga', ...because };

  await govern({ peopleDestination: 'PEOPLE' });
  await act('importAll');
  await act('requestAccount', olga);
  await act('requestAccount', olga);
  await act('requestAccount', { ...olga, role: 'Carla Costa' });
  const [task] = (await ask(token, 'GET', 'access/ProvisioningTasks')).body.value;
  const client = await btp.token('enterprise', { claims: { grant_type: 'client_credentials' } });
  const approval = await ask(client, 'POST', `access/ProvisioningTasks(${task.ID})/AccessService.approve`, {});
  expect(approval).toMatchObject({ status: 409, body: { error: { code: 'FOUR_EYES' } } });
  expect(approval.body.error.message).toContain(users.enterprise.email);
  const accounts = (await ask(token, 'GET', 'access/Accounts')).body.value;
  const pathOf = (name: string) => `Accounts(${accounts.find(({ email }: any) => email?.startsWith(name)).ID})`;
  await act(`${pathOf('carla')}/AccessService.removeAccount`, because);
  await act(`${pathOf('katya')}/AccessService.removeAccount`, because);
  await act(`${pathOf('dilan')}/AccessService.removeAccess`, because);
  for (const [status, text] of [
    [422, 'Carla Costa <carla.costa@halvorsen.example> can not be changed.'],
    [500, 'Failed for dilan.demir@halvorsen.example'],
    [403, 'Astrid Architect may not do this.'],
  ] as const) {
    leanix.faults.add({ kind: 'status', status, match: { write: true }, body: told(status, text) });
  }
  const query = "Accounts?$filter=email eq 'carla.costa@halvorsen.example'&$search=dilan.demir@halvorsen.example";
  await ask(token, 'GET', `access/${query}`);
  await ask(token, 'GET', "access/TimeZones('carla.costa@halvorsen.example')");
  await ask(token, 'POST', 'access/$batch', { requests: [{ id: '0', method: 'GET', url: `/${query}` }] });
  await act('runProvisioning');
  expect((await ask(token, 'GET', 'access/ProvisioningTasks')).body.value).toHaveLength(3);
  leanix.faults.clear();
  leanix.faults.add({
    kind: 'status',
    status: 400,
    match: { path: '/permissions' },
    body: told(400, 'No Carla Costa'),
  });
  btp.faults.add({ kind: 'status', status: 400, match: { path: '/scim/' }, body: { detail: 'No Carla Costa' } });
  await act('importAccounts');
  await act('importPeople');
  const expression = '$number(leanix.user.firstName & " " & leanix.user.lastName)';
  await govern({ mappings: [{ direction: 'import', target: 'department', expression }] });
  expect((await act('importAccounts')).status).toBe(200);
  const [last] = (await ask(token, 'GET', `access/JobRuns?$orderby=startedAt desc&$top=1`)).body.value;
  expect(last).toMatchObject({ code: 'ROWS_FAILED' });
}

async function ended(token: string) {
  for (const runs of ['runtime/SyncRuns', 'access/JobRuns']) {
    while ((await ask(token, 'GET', `${runs}?$filter=isActive eq true`)).body.value.length) await sleep(50);
  }
}

const lines = () => production.app.output().split('\n');
const linesWith = (texts: string[]) => lines().filter((line) => texts.some((text) => line.includes(text)));

test('the session was a full one', () => {
  for (const some of [
    /of kind sync starts/,
    /"level":"warn".*401/,
    /"level":"warn".*403/,
    /DRAFT_LOCKED_BY_ANOTHER_USER: … is editing/,
    /FOUR_EYES: Another enterprise admin than … must/,
  ]) {
    expect([some, lines().some((line) => some.test(line))]).toEqual([some, true]);
  }
  expect(lines().length).toBeGreaterThan(50);
});

test('nobody is named in the log', () => {
  const personal = Object.entries(users).flatMap(([name, { givenName, familyName, email }]) => [
    `${givenName} ${familyName}`,
    givenName,
    email,
    email.split('@')[0]!,
    `sandbox-${name}`,
  ]);
  expect(linesWith(personal)).toEqual([]);
  const colleagues = production.sandbox.leanix.state.users.filter(({ technical }) => !technical);
  const named = colleagues.flatMap(({ firstName, lastName, email }) => [`${firstName} ${lastName}`, email]);
  expect(named.length).toBeGreaterThan(20);
  expect(linesWith(named)).toEqual([]);
  const deployers = production.sandbox.cpi.state.artifacts.map(({ deployedBy }) => deployedBy);
  expect(deployers.length).toBeGreaterThan(0);
  expect(linesWith(deployers)).toEqual([]);
});

test('no part of a token is in the log', () => {
  const parts = [...new Set(tokens.flatMap((token) => token.split('.').slice(1)))];
  expect(parts.length).toBeGreaterThan(20);
  expect(linesWith([...parts, 'eyJ', '"given_name"', 'token_payload', 'xs.user.attributes'])).toEqual([]);
});
