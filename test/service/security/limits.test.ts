import { gzipSync } from 'node:zlib';
import cds from '@sap/cds';
import { join } from 'node:path';
import { startProduction, type Production } from '../../helpers/app/production.ts';

// Malformed requests of signed-in users are answered, reveal no internals, and block nobody else.

const SETTINGS = '/odata/v4/settings';
const RUNTIME = '/odata/v4/runtime';
const NOBODY = '00000000-0000-4000-8000-000000000000';

let production: Production;
let authorization: string;

beforeAll(async () => {
  production = await startProduction();
  authorization = `Bearer ${await production.sandbox.btp.token('enterprise')}`;
});
afterAll(() => production.stop());

type Sent = { method?: string; body?: string | Buffer; headers?: Record<string, string> };

async function send(path: string, { method = 'GET', body, headers }: Sent = {}) {
  const answer = await fetch(production.app.url + path, {
    method,
    headers: { authorization, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: body as never }),
    signal: AbortSignal.timeout(20_000),
  });
  return { status: answer.status, text: await answer.text() };
}

const inBatch = (...requests: object[]) => ({
  method: 'POST',
  body: JSON.stringify({ requests: requests.map((one, n) => ({ id: String(n), method: 'GET', ...one })) }),
});
const MULTIPART = { 'content-type': 'multipart/mixed; boundary=b' };
const inMultipart = (...requests: string[]) => ({
  method: 'POST',
  headers: MULTIPART,
  body: [...requests.map((one) => `--b\r\nContent-Type: application/http\r\n\r\n${one}\r\n`), '--b--\r\n'].join(''),
});

const INSIDE =
  /node_modules|\.[jt]s:\d|\bat [\w.]+ \(|sqlite|SQLITE|\b(?:Type|Range|Syntax|Reference)Error|Cannot read|Maximum call|undefined \(|SELECT |INSERT |constraint|no such (?:table|column)|datatype mismatch|postgres/i;

/** Answered as an error of the client, without internals; 501 stands for unsupported features of CAP. */
async function expectTidy(name: string, path: string, sent?: Sent) {
  const { status, text } = await send(path, sent);
  expect({ name, inside: INSIDE.exec(text)?.[0] }).toEqual({ name, inside: undefined });
  if (status >= 500) expect({ name, status }).toEqual({ name, status: 501 });
  return { status, text };
}

describe('an odd request is answered without anything of the inside of the app:', () => {
  const QUERIES = [
    '$filter=',
    '$filter=name eq',
    "$filter=name eq 'x",
    '$filter=name eq 5',
    "$filter=deployedOn gt 'x'",
    "$filter=ID eq 'x'",
    '$filter=contains(name)',
    '$filter=nofunc(name) eq 1',
    '$filter=name/foo eq 1',
    '$filter=candidates/any(c:c/foo eq 1)',
    "$filter=length(name) eq 'a'",
    '$filter=criticality div 0 eq 2',
    "$filter=substring(name,'a') eq 'b'",
    "$filter=name eq '%00'",
    "$filter=name eq '%ED%A0%80'",
    '$filter=name eq @p',
    '$filter=%',
    '$search=%22',
    '$search=a b OR',
    '$apply=groupby',
    '$apply=groupby((foo))',
    '$apply=aggregate(name with sum as x)',
    '$compute=name as x',
    '$format=xml',
    '$select=foo',
    '$expand=foo',
    '$expand=**',
    '$orderby=foo',
    '$orderby=name foo',
    '$count=maybe',
    '$top=-1',
    '$top=99999999999999999999',
    '$top=1&$top=2',
    '$skip=-5',
    '$skip=99999999999999999999',
    '$skiptoken=abc',
    '$skiptoken=eyJhIjoxfQ==',
    'sap-language=%00',
    '%00',
  ];
  test.each(QUERIES)('%s', (query) => expectTidy(query, `${RUNTIME}/IFlows?${query}`));

  const PATHS = [
    '/IFlows(',
    "/IFlows('x'')",
    '/IFlows(%00)',
    `/IFlows(${NOBODY})/name/$value`,
    '/$all',
    '/$crossjoin(IFlows,SyncRuns)',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/SyncRuns/%E0%A4%A',
    '/constructor',
    '/__proto__',
    '/toString',
    '/IFlows/constructor',
    '/IFlows/RuntimeService.link',
  ];
  test.each(PATHS)('%s', async (path) => {
    for (const method of ['GET', 'POST', 'PATCH', 'DELETE']) {
      await expectTidy(`${method} ${path}`, RUNTIME + path, { method, ...(method !== 'GET' && { body: '{}' }) });
    }
  });

  test.each([
    ['an id that is a key of objects', inBatch({ id: '__proto__', url: '/Me' }, { id: 'constructor', url: '/Me' })],
    ['a number for a URL', inBatch({ url: 5 })],
    ['another host', inBatch({ url: '//evil:99999999/x' }, { url: 'http://evil/x' })],
    ['headers that are none', inBatch({ url: '/Me', headers: 5 }, { url: '/Me', headers: { 'accept-language': 5 } })],
    ['an unknown method', inBatch({ method: 'FOO', url: '/Me' })],
    ['a batch in a batch', inBatch({ url: '/$batch' })],
    ['what depends on a failure', inBatch({ url: '/Foo' }, { url: '/$0/x' }, { url: '/Me', dependsOn: ['0'] })],
    ['no parts', { method: 'POST', headers: MULTIPART, body: '' }],
    ['a part that is no request', inMultipart('FOO bar')],
    ['a length below zero', inMultipart('GET Me HTTP/1.1\r\nContent-Length: -5\r\n\r\n')],
    ['what is not packed', { method: 'POST', body: 'garbage', headers: { 'content-encoding': 'gzip' } }],
    ['an unknown charset', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json; charset=x' } }],
  ] as [string, Sent][])('a batch with %s', (name, sent) => expectTidy(name, `${RUNTIME}/$batch`, sent));

  test.each([
    ['or', 2000, (n: number) => `$filter=${Array.from({ length: n }, (_, i) => `name eq '${i}'`).join(' or ')}`],
    ['or', 20_000, (n: number) => `$filter=${Array.from({ length: n }, (_, i) => `name eq '${i}'`).join(' or ')}`],
    ['parentheses', 50_000, (n: number) => `$filter=${'('.repeat(n)}name eq 'x'${')'.repeat(n)}`],
    ['functions', 5000, (n: number) => `$filter=${'tolower('.repeat(n)}name${')'.repeat(n)} eq 'x'`],
    ['values', 100_000, (n: number) => `$filter=name in (${Array(n).fill("'x'").join(',')})`],
    ['characters', 1_000_000, (n: number) => `$filter=name eq '${'x'.repeat(n)}'`],
    ['orders', 5000, (n: number) => `$orderby=${Array(n).fill('name').join(',')}`],
    ['expands', 2000, (n: number) => `$expand=${'history($expand=iflow($expand='.repeat(n)}run${'))'.repeat(n)}`],
  ])('a query of %s, %d times', async (name, count, query) => {
    await expectTidy(name, `${RUNTIME}/$batch`, inBatch({ url: `/IFlows?${query(count)}` }));
    expect((await send('/health')).status).toBe(200);
  });

  test('a URL that is nested without end is told so', async () => {
    const url = `/IFlows?$filter=${'tolower('.repeat(5000)}name${')'.repeat(5000)} eq 'x'`;
    const { text } = await send(`${RUNTIME}/$batch`, inBatch({ url }));
    expect(JSON.parse(text)).toMatchObject({ responses: [{ status: 400, body: { error: { code: 'URL_INVALID' } } }] });
  });
});

describe('there is a limit to', () => {
  test('the requests of a batch', async () => {
    const some = (count: number) => Array.from({ length: count }, () => ({ url: '/Me' }));
    expect((await send(`${RUNTIME}/$batch`, inBatch(...some(100)))).status).toBe(200);
    expect((await send(`${RUNTIME}/$batch`, inBatch(...some(101)))).status).toBe(429);
    const parts = Array.from({ length: 101 }, () => 'GET Me HTTP/1.1\r\n\r\n');
    expect((await send(`${RUNTIME}/$batch`, inMultipart(...parts))).status).toBe(429);
  });

  test('how deep an expand goes', async () => {
    const path = (first: string) => `${RUNTIME}/SyncItemChanges?$expand=item($expand=run($expand=${first}))`;
    expect((await send(path('source($expand=config)'))).status).toBe(200);
    expect((await send(path('source($expand=source($expand=config))'))).status).toBe(400);
  });

  test('the rows of a page, whatever is asked for', async () => {
    for (const half of ['One', 'Two']) {
      const configurations = Array.from({ length: 505 }, (_, n) => ({ name: `${half} ${n}` }));
      const bundle = JSON.stringify({ version: 1, 'leanix_config.json': { configurations } });
      const imported = await send(`${SETTINGS}/importSettings`, { method: 'POST', body: JSON.stringify({ bundle }) });
      expect(imported.status).toBe(200);
    }
    const page = JSON.parse((await send(`${SETTINGS}/LeanIXConfigs?$top=5000`)).text) as { value: unknown[] };
    expect(page.value).toHaveLength(1000);
  });

  test('the size of a body, packed or not', async () => {
    const body = Buffer.alloc(9 * 1024 * 1024, ' ');
    for (const path of [`${RUNTIME}/refresh`, `${SETTINGS}/importSettings`, `${RUNTIME}/$batch`]) {
      expect((await send(path, { method: 'POST', body })).status).toBe(413);
      const packed = { method: 'POST', body: gzipSync(body), headers: { 'content-encoding': 'gzip' } };
      expect((await send(path, packed)).status).toBe(413);
    }
  });

  test('the headers of a request: a token of 500 groups is taken, 64 KB are not', async () => {
    const groups = Array.from({ length: 500 }, (_, n) => `Integration operations of plant number ${n}`);
    const token = await production.sandbox.btp.token('enterprise', { claims: { 'xs.system.attributes': { groups } } });
    expect(token.length).toBeGreaterThan(24_000);
    expect((await send(`${RUNTIME}/Me`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    expect((await send(`${RUNTIME}/Me`, { headers: { 'x-long': 'x'.repeat(70_000) } })).status).toBe(431);
  });

  test('how long a batch waits: not for itself', async () => {
    const self = [
      inBatch({ url: '/Me', dependsOn: ['0'] }),
      inBatch({ url: '$0/configured' }),
      inMultipart('GET $r1/configured HTTP/1.1\r\n\r\n'),
    ];
    for (const sent of self) expect((await send(`${RUNTIME}/$batch`, sent)).status).toBe(400);
    const other = inBatch({ url: '/Me' }, { url: '/Me', dependsOn: ['0'] });
    expect((await send(`${RUNTIME}/$batch`, other)).status).toBe(200);
  });
});

test('no action is stopped by JSON of thousands of levels, alone or in a batch', async () => {
  type Definition = {
    kind: string;
    actions?: Record<string, { kind: string; params?: object }>;
    params?: object;
    '@odata.draft.enabled'?: boolean;
  };
  const model = await cds.load(join(import.meta.dirname, '..', '..', '..', 'srv'));
  const definitions = Object.entries(model.definitions as unknown as Record<string, Definition>);
  const actions = definitions.flatMap(([name, { kind, actions, params, '@odata.draft.enabled': hasDrafts }]) => {
    const [, service, rest = ''] = /^(Settings|Runtime|Access)Service\.(.+)$/.exec(name) ?? [];
    if (!service) return [];
    const at = service.toLowerCase();
    if (kind === 'action') return [{ at, url: rest, params }];
    const key = hasDrafts ? `(ID=${NOBODY},IsActiveEntity=true)` : `(${NOBODY})`;
    const own = Object.entries(actions ?? {});
    return own.map(([action, { params }]) => ({ at, url: `${rest}${key}/${service}Service.${action}`, params }));
  });
  expect(actions.length).toBeGreaterThan(35);
  const deep = [`${'['.repeat(20_000)}${']'.repeat(20_000)}`, `${'{"a":'.repeat(7000)}1${'}'.repeat(7000)}`];
  for (const { at, url, params } of actions) {
    const name = Object.keys(params ?? {})[0] ?? 'config';
    for (const value of deep) {
      const body = `{"${name}":${value}}`;
      const answers = [
        await send(`/odata/v4/${at}/${url}`, { method: 'POST', body }),
        await send(`/odata/v4/${at}/$batch`, {
          method: 'POST',
          body: `{"requests":[{"id":"1","method":"POST","url":"/${url}","body":${body}}]}`,
        }),
        await send(
          `/odata/v4/${at}/$batch`,
          inMultipart(`POST ${url} HTTP/1.1\r\nContent-Type: application/json\r\n\r\n${body}`),
        ),
      ];
      for (const { status, text } of answers) {
        expect({ url, status, code: (JSON.parse(text) as { error: { code: string } }).error.code }).toEqual({
          url,
          status: 400,
          code: 'BODY_INVALID',
        });
      }
    }
  }
  expect((await send('/health')).status).toBe(200);
});
