import cds from '@sap/cds';
import { launch } from '../../helpers/app/app.ts';

// An unreadable query is reported as an error of the client, not as one of the server, which an operator would
// investigate.

const app = await launch();
const enterprise = app.as('enterprise');

test.each([
  ['a text as a date', 'settings/LeanIXConfigs?$filter=year(name) eq 2026'],
  ['seconds of a text', 'runtime/RunKinds?$filter=totalseconds(name) eq 1'],
  ['what is only derived', "settings/LeanIXConfigs?$filter=connectionText eq 'x'"],
  ['groups by what is only derived', 'settings/LeanIXConfigs?$apply=groupby((tokenText),aggregate($count as n))'],
  ['groups by a relation', 'settings/LeanIXConfigs?$apply=groupby((changes))'],
  ['how many there are, in a filter', 'settings/LeanIXConfigs?$filter=mappings/$count gt 1'],
  ['the first of a list', 'access/Accounts?$apply=topcount(2,ID)'],
  ['what another system has, in a filter', 'runtime/IFlows?$filter=endpoints/any()'],
  ['it below something else', 'runtime/SyncRuns?$expand=items($filter=totalseconds(name) eq 1)'],
])('a query that asks for %s is refused with what to do', async (_what, path) => {
  const { status, body } = await enterprise.get(path);
  expect({ status, code: body.error.code }).toEqual({ status: 400, code: 'URL_INVALID' });
  expect(body.error.message).toMatch(/Check the filter/);
});

test('a regular expression that would keep the database busy for ever is refused at once', async () => {
  const endless = `matchesPattern('${'a'.repeat(60)}!','(a%2B)%2B$')`;
  for (const query of [
    `$filter=${endless}`,
    `$filter=not ${endless} or code eq 'x'`,
    `$filter=${endless.replace('matchesP', 'MATCHESp')}`,
    `$apply=filter(${endless})/groupby((code))`,
  ]) {
    const { status, body } = await app.as('viewer').get(`runtime/RunKinds?${query}`);
    expect({ query, status, code: body.error.code }).toEqual({ query, status: 400, code: 'URL_INVALID' });
  }
  const inner = await app.as('viewer').get(`runtime/SyncRuns?$expand=items($filter=${endless})`);
  expect(inner.body.error.code).toBe('URL_INVALID');
  expect((await app.as('viewer').get('runtime/RunKinds?$top=1')).status).toBe(200);
});

test('what goes wrong in the database itself stays an error of the server', async () => {
  await cds.tx((tx) => tx.run('DROP VIEW SettingsService_AuditEntries'));
  expect((await enterprise.get("settings/AuditEntries?$filter=action eq 'link'")).status).toBe(500);
});
