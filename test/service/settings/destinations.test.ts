import { forgetKinds } from '../../../srv/btp/destination-kinds.ts';
import { launch } from '../../helpers/app/app.ts';
import { act, draft, expectRefusal, newDraft } from '../../helpers/settings/settings.ts';

const app = await launch();
const admin = app.as('admin');
const { host, state } = app.sandbox.leanix;
const { btp } = app.sandbox;
const original = structuredClone(btp.state.destinations);

beforeEach(() => {
  btp.state.destinations = structuredClone(original);
  btp.faults.clear();
  forgetKinds();
});

const read = async (query = '') => (await admin.get(`settings/Destinations${query}`)).body;
const names = async (query = '') => ((await read(query)).value as { name: string }[]).map(({ name }) => name);
const put = (Name: string, URL: string, more: object = {}) =>
  btp.state.destinations.subaccount.push({ Name, Type: 'HTTP', URL, Authentication: 'BasicAuthentication', ...more });

test('what can be meant is offered with its kind, and nothing else of it', async () => {
  put('ERP', 'https://erp.example.com');
  put('TENANT', 'https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com');
  put('OWN_DOMAIN', 'https://integration.example.com/api/v1');
  put('IAS', 'https://acme.accounts.ondemand.com/scim');
  put('OTHER_WORKSPACE', 'https://acme.leanix.net');
  put('FOR_PEOPLE_ONLY', 'https://acme.leanix.net', { Authentication: 'OAuth2UserTokenExchange' });
  put('PLAIN', 'http://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com');
  put('DIRECTORY', 'ldap://people.example.com', { Type: 'LDAP' });
  // The instance's own one counts.
  put('LEANIX', 'https://erp.example.com');
  const { value } = await read();
  expect(value).toEqual([
    { name: 'CPI', kind: 'cpi' },
    { name: 'IAS', kind: 'people' },
    { name: 'LEANIX', kind: 'leanix' },
    { name: 'LEANIX_BASIC', kind: 'leanix' },
    { name: 'OTHER_WORKSPACE', kind: 'leanix' },
    { name: 'OWN_DOMAIN', kind: 'cpi' },
    { name: 'PEOPLE', kind: 'people' },
    { name: 'TENANT', kind: 'cpi' },
  ]);
});

test('lists are filtered, searched, sorted and cut as others are', async () => {
  expect(await names("?$filter=kind eq 'leanix'")).toEqual(['LEANIX', 'LEANIX_BASIC']);
  expect(await names("?$filter=kind eq 'leanix' and contains(tolower(name),'basic') or name eq 'CPI'")).toEqual([
    'CPI',
    'LEANIX_BASIC',
  ]);
  expect(await names("?$filter=not (kind ne 'people')")).toEqual(['PEOPLE']);
  expect(await names('?$search=basic')).toEqual(['LEANIX_BASIC']);
  expect(await names('?$orderby=name desc&$top=2')).toEqual(['PEOPLE', 'LEANIX_BASIC']);
  expect(await read('?$count=true&$top=1&$skip=1&$select=name')).toMatchObject({
    '@odata.count': 4,
    value: [{ name: 'LEANIX' }],
  });
  expect(await read("('CPI')")).toMatchObject({ name: 'CPI', kind: 'cpi' });
  expect((await admin.get("settings/Destinations('NOBODY')")).status).toBe(404);
  expectRefusal(await admin.get('settings/Destinations?$filter=length(name) gt 3'), 400, 'URL_INVALID');
});

test('the service is asked once in a minute, but anew after a token was stored', async () => {
  btp.log.clear();
  for (let n = 0; n < 5; n++) await read(`?$search=${n}`);
  expect(btp.log.count(({ path }) => path.endsWith('Destinations'))).toBe(2);
  const ID = await newDraft(admin, { name: 'New', leanixHost: host, leanixDestination: 'BRAND_NEW' });
  expect((await act(admin, draft(ID), 'storeApiToken', { apiToken: state.apiTokens[0]!.token })).status).toBe(204);
  expect(await names()).toContain('BRAND_NEW');
});

test('a service that does not answer is told, and no list passes for an empty one', async () => {
  btp.faults.add({ kind: 'status', status: 403, times: 9, match: { path: 'subaccountDestinations' } });
  const answer = await admin.get('settings/Destinations');
  expect(answer.status).toBe(502);
  expect(answer.body.error.code).toMatch(/^DESTINATION_SERVICE_/);
  btp.faults.clear();
  expect(await names()).toHaveLength(4);
});

test('nobody but administrators sees them', async () => {
  expect((await app.as('viewer').get('settings/Destinations')).status).toBe(403);
});
