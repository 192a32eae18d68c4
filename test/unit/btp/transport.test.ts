import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import cds from '@sap/cds';
import { OutcomeUnknown, RemoteError } from '../../../srv/base/remote-error.ts';
import { gateOf, MOST_BEHIND } from '../../../srv/btp/gate.ts';
import { retryAfter } from '../../../srv/btp/retry-after.ts';
import { send, type Request } from '../../../srv/btp/transport.ts';

type Reply = (res: ServerResponse, req: IncomingMessage) => unknown;

/** What the server does with the requests to come, one after the other; then it answers 200. */
let script: Reply[];
let seen: { at: number; method: string; url: string; authorization?: string; body: string; closed?: number }[];
let server: Server;
let url: string;
let sent: number;
let keys = 0;

beforeAll(async () => {
  cds.log('leanix', 'silent');
  server = createServer((req, res) => {
    void (async () => {
      const entry = { at: performance.now(), method: req.method ?? '', url: req.url ?? '', body: '', closed: 0 };
      seen.push(Object.assign(entry, { authorization: req.headers.authorization }));
      res.on('close', () => (entry.closed = performance.now()));
      for await (const chunk of req) entry.body += String(chunk);
      await (script.shift() ?? answer(200, '{"ok":true}'))(res, req);
    })().catch(() => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  script = [];
  seen = [];
  sent = 0;
});

const answer =
  (status: number, body = '', headers: Record<string, string> = {}): Reply =>
  (res) =>
    res.writeHead(status, headers).end(body);
const cut: Reply = (res) => res.destroy();
const hang: Reply = () => undefined;

/** Waits until so many requests have arrived at the server. */
const arrived = async (count: number) => {
  while (seen.length < count) await delay(5);
};
/** Waits until the server has seen the end of the first connection, and for some more events, so that the client has too. */
const over = async () => {
  while (!seen[0]?.closed) await delay(5);
  for (let turns = 0; turns < 100; turns++) await delay(1);
};

const timing = { timeout: 2000, patience: 5000, backoff: 5, maxBackoff: 20, tries: 5 };
const destination = () => ({ url, authentication: 'NoAuthentication' as const });

function request(more: Partial<Request> = {}): Promise<string> {
  return send({
    system: 'leanix',
    access: { destination: destination() },
    method: 'POST',
    path: '/graphql',
    body: '{"a":1}',
    onRequest: () => sent++,
    timing,
    ...more,
  }).then((got) => `${got.status} ${got.text}`);
}

/** The error of a promise, as code and arguments without the host. */
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no failure',
    (error: RemoteError) => {
      expect(error).toBeInstanceOf(RemoteError);
      return [error.code, ...error.args.filter((arg) => !arg.startsWith('127.0.0.1'))].join(' ');
    },
  );

describe('a request', () => {
  test('goes out once, as it is, without fetching a CSRF token first', async () => {
    await expect(request({ path: '/graphql?a=b%20c', headers: { authorization: 'Bearer t' } })).resolves.toBe(
      '200 {"ok":true}',
    );
    expect(seen).toMatchObject([
      { method: 'POST', url: '/graphql?a=b%20c', body: '{"a":1}', authorization: 'Bearer t' },
    ]);
    expect(sent).toBe(1);
  });

  test('leaves 4xx to the caller', async () => {
    script = [answer(404, 'nothing'), answer(403, '{"message":"no"}')];
    await expect(request()).resolves.toBe('404 nothing');
    await expect(request()).resolves.toBe('403 {"message":"no"}');
  });

  test('never follows a redirect', async () => {
    script = [
      answer(302, '', { location: 'https://login.example.com/?secret=1' }),
      answer(307, '', { location: '/x' }),
    ];
    await expect(failure(request())).resolves.toBe('LEANIX_REDIRECTED login.example.com');
    await expect(failure(request({ write: true }))).resolves.toBe('LEANIX_REDIRECTED HTTP 307');
    expect(seen).toHaveLength(2);
  });

  test('is not sent where the caller may write no more by the time of its turn', async () => {
    const beforeWrite = () => {
      throw new RangeError('no more');
    };
    await expect(request({ write: true, beforeWrite })).rejects.toThrow(RangeError);
    expect(seen).toHaveLength(0);
    await expect(request({ beforeWrite })).resolves.toMatch(/^200/);
  });

  test('never leaves the host of its destination', async () => {
    await expect(request({ path: '//evil.example.com/x' })).rejects.toThrow(TypeError);
    await expect(request({ path: 'https://evil.example.com/x' })).rejects.toThrow(TypeError);
    expect(seen).toHaveLength(0);
  });
});

describe('429', () => {
  const pauses = () => seen.slice(1).map(({ at }, index) => at - seen[index]!.at);

  test('is waited out for as many seconds as Retry-After says, writes too', async () => {
    script = [answer(429, '', { 'retry-after': '1' })];
    await expect(request({ write: true })).resolves.toMatch(/^200/);
    expect(pauses()[0]).toBeGreaterThanOrEqual(990);
    expect(sent).toBe(2);
  });

  test('is waited out with growing pauses where nothing is said, more often than failures are', async () => {
    script = Array.from({ length: 8 }, () => answer(429, 'USER_INTERVAL_REQUEST_LIMIT_EXCEEDED'));
    await expect(request({ write: true, timing: { ...timing, tries: 2 } })).resolves.toMatch(/^200/);
    expect(seen).toHaveLength(9);
  });

  test('keeps everybody with the same key back', async () => {
    const limit = { key: `shared ${keys++}`, perSecond: 1000 };
    script = [answer(429, '', { 'retry-after': '3' })];
    const first = request({ limit });
    await over();
    const second = request({ limit });
    await request({ path: '/another', limit: { key: 'another', perSecond: 1000 } });
    await Promise.all([first, second]);
    expect(seen.map((one) => one.url)).toEqual(['/graphql', '/another', '/graphql', '/graphql']);
    for (const { at } of seen.slice(2)) expect(at - seen[0]!.at).toBeGreaterThan(2990);
  });

  test('ends the request as busy only when patience does', async () => {
    script = Array.from({ length: 1000 }, () => answer(429));
    await expect(failure(request({ timing: { ...timing, patience: 150 } }))).resolves.toBe('LEANIX_BUSY HTTP 429');
    script = [answer(429, '', { 'retry-after': '3600' })];
    await expect(failure(request())).resolves.toBe('LEANIX_BUSY HTTP 429');
  });

  test('Retry-After may be seconds or a date, read against the clock of the server', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(retryAfter({ 'retry-after': '7' }, now)).toBe(7000);
    expect(retryAfter({ 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }, now)).toBe(30_000);
    const skewed = { 'retry-after': 'Thu, 01 Jan 2026 01:00:30 GMT', date: 'Thu, 01 Jan 2026 01:00:00 GMT' };
    expect(retryAfter(skewed, now)).toBe(30_000);
    expect(retryAfter({ 'retry-after': 'Thu, 01 Jan 2025 00:00:00 GMT' }, now)).toBe(0);
    expect(retryAfter({ 'retry-after': 'soon' }, now)).toBeNull();
    expect(retryAfter({}, now)).toBeNull();
  });
});

describe('a failure', () => {
  test.each([502, 503, 504, 500])('%i is tried again by a read', async (status) => {
    script = [answer(status), answer(status)];
    await expect(request()).resolves.toMatch(/^200/);
    expect(sent).toBe(3);
  });

  test('ends a read after five tries', async () => {
    script = [answer(503), cut, answer(502), answer(503), answer(503)];
    await expect(failure(request())).resolves.toBe('LEANIX_UNREACHABLE HTTP 503');
    expect(sent).toBe(5);
  });

  test.each([
    ['HTTP 503', answer(503)],
    ['HTTP 500', answer(500)],
    ['ECONNRESET', cut],
    ['ETIMEDOUT', hang],
  ])('leaves the outcome of a write unknown: %s', async (reason, reply) => {
    script = [reply];
    const promise = request({ write: true, timing: { ...timing, timeout: 150 } });
    await expect(promise).rejects.toBeInstanceOf(OutcomeUnknown);
    await expect(failure(promise)).resolves.toBe(`OUTCOME_UNKNOWN ${reason}`);
    expect(sent).toBe(1);
  });

  test('in the middle of the answer is one, too', async () => {
    const half: Reply = (res) => {
      res.writeHead(200, { 'content-length': '100' }).write('{"data":');
      setTimeout(() => res.destroy(), 20);
    };
    script = [half];
    await expect(request()).resolves.toMatch(/^200/);
    script = [half];
    await expect(request({ write: true })).rejects.toBeInstanceOf(OutcomeUnknown);
  });

  test('to connect is no unknown outcome: nothing was sent', async () => {
    const access = { destination: { ...destination(), url: 'http://127.0.0.1:1' } };
    await expect(failure(request({ access, write: true }))).resolves.toBe('LEANIX_UNREACHABLE ECONNREFUSED');
    expect(sent).toBe(0);
  });

  test('to speak TLS is final', async () => {
    const access = { destination: { ...destination(), url: url.replace('http:', 'https:') } };
    const started = performance.now();
    const slow = { backoff: 30_000, maxBackoff: 30_000, patience: 90_000 };
    const promise = failure(request({ access, timing: { ...timing, ...slow } }));
    await expect(promise).resolves.toMatch(/^LEANIX_UNREACHABLE (EPROTO|ERR_SSL_\w+)$/);
    expect(performance.now() - started).toBeLessThan(14_000);
  });

  test('carries nothing that was sent', async () => {
    script = Array.from({ length: 5 }, () => answer(503, 'secret page'));
    const headers = { authorization: 'Bearer secret' };
    const error = await request({ path: '/x?key=secret', body: 'secret', headers }).catch((caught: unknown) => caught);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error as object))).not.toContain('secret');
  });
});

describe('a timeout', () => {
  test('cuts the connection', async () => {
    script = [hang];
    const promise = request({ timing: { ...timing, timeout: 150, tries: 1 } });
    await expect(failure(promise)).resolves.toBe('LEANIX_UNREACHABLE ETIMEDOUT');
    await over();
  });

  test('also comes while an answer drips', async () => {
    script = [
      (res) => {
        res.writeHead(200);
        const drip = setInterval(() => res.write(' '), 20);
        res.on('close', () => clearInterval(drip));
      },
    ];
    const promise = request({ timing: { ...timing, timeout: 150, tries: 1 } });
    await expect(failure(promise)).resolves.toBe('LEANIX_UNREACHABLE ETIMEDOUT');
  });
});

describe('calling off', () => {
  test('cuts the connection of a read', async () => {
    script = [hang];
    const abort = new AbortController();
    const promise = failure(request({ signal: abort.signal, timing: { ...timing, timeout: 60_000 } }));
    await arrived(1);
    abort.abort(new Error('enough'));
    await expect(promise).resolves.toBe('CANCELED');
    await over();
    expect(seen[0]!.closed! - seen[0]!.at).toBeLessThan(30_000);
  });

  test('ends every wait at once', async () => {
    const limit = { key: `paused ${keys++}`, perSecond: 1000 };
    script = [answer(429, '', { 'retry-after': '40' })];
    const abort = new AbortController();
    const patient = { ...timing, patience: 90_000 };
    const first = failure(request({ limit, signal: abort.signal, timing: patient }));
    await over();
    const second = failure(request({ limit, signal: abort.signal, timing: patient }));
    const started = performance.now();
    abort.abort();
    await expect(Promise.all([first, second])).resolves.toEqual(['CANCELED', 'CANCELED']);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(sent).toBe(1);
  });

  test('waits for the answer of a write that is under way', async () => {
    script = [async (res) => delay(100).then(() => res.writeHead(200).end('done'))];
    const abort = new AbortController();
    const promise = request({ write: true, signal: abort.signal });
    await arrived(1);
    abort.abort();
    await expect(promise).resolves.toBe('200 done');
  });

  test('sends nothing if it comes first', async () => {
    await expect(failure(request({ write: true, signal: AbortSignal.abort() }))).resolves.toBe('CANCELED');
    expect(seen).toHaveLength(0);
  });
});

describe('401', () => {
  const renewed = () => ({ destination: destination(), headers: { authorization: 'Bearer new' } });

  test('is answered with another access, once, by writes too', async () => {
    script = [answer(401)];
    let renewals = 0;
    const renew = () => Promise.resolve((renewals++, renewed()));
    await expect(request({ write: true, renew })).resolves.toMatch(/^200/);
    expect([renewals, seen.map((one) => one.authorization)]).toEqual([1, [undefined, 'Bearer new']]);
    script = [answer(401), answer(401)];
    await expect(failure(request({ renew }))).resolves.toBe('LEANIX_TOKEN_INVALID HTTP 401');
    expect(renewals).toBe(2);
  });

  test('and 403, where a system judges by what the token says of its owner', async () => {
    let renewals = 0;
    const renew = () => Promise.resolve((renewals++, renewed()));
    script = [answer(403)];
    await expect(request({ write: true, renew, renewForbidden: true })).resolves.toMatch(/^200/);
    script = [answer(403), answer(403)];
    await expect(request({ renew, renewForbidden: true })).resolves.toMatch(/^403/);
    script = [answer(403)];
    await expect(request({ renew })).resolves.toMatch(/^403/);
    expect(renewals).toBe(2);
  });

  test('without another access says that the token is not valid', async () => {
    script = [answer(401)];
    await expect(failure(request({ system: 'cpi' }))).resolves.toBe('CPI_TOKEN_INVALID HTTP 401');
  });

  test('is what a destination without any good token comes to, without a request', async () => {
    const token = { type: '', value: '', error: 'secret reason', expiresIn: '0', http_header: { key: '', value: '' } };
    const access = {
      destination: { ...destination(), authentication: 'OAuth2ClientCredentials', authTokens: [token] },
    };
    await expect(failure(request({ access: access as Request['access'] }))).resolves.toBe(
      'LEANIX_TOKEN_INVALID HTTP 401',
    );
    expect([seen.length, sent]).toEqual([0, 0]);
  });
});

describe('a limit', () => {
  const limit = () => ({ key: `fast ${keys++}`, perSecond: 20, burst: 10 });

  test('makes the requests beyond its burst wait', async () => {
    const started = performance.now();
    const shared = limit();
    await Promise.all(Array.from({ length: 40 }, () => request({ limit: shared })));
    expect(performance.now() - started).toBeGreaterThan(1300);
    expect(seen).toHaveLength(40);
  });

  test('those who go behind let the others pass, and their line has an end', async () => {
    const slow = { key: `behind ${keys++}`, perSecond: 20, burst: 1 };
    const gate = gateOf(slow);
    const order: string[] = [];
    const note = (what: string) => () => void order.push(what);
    const behind = Array.from({ length: MOST_BEHIND }, (_, n) =>
      gate.enterBehind()!.then(note(n ? 'behind' : 'first')),
    );
    const ahead = Array.from({ length: 3 }, () => gate.enter().then(note('ahead')));
    await expect(failure(request({ limit: { ...slow, behind: true } }))).resolves.toBe('LEANIX_BUSY too many wait');
    expect(seen).toHaveLength(0);
    await Promise.all(ahead);
    expect(order.filter((one) => one === 'behind').length).toBeLessThanOrEqual(1);
    await Promise.all(behind);
    expect(order).toHaveLength(MOST_BEHIND + 3);
  });

  test('lets no more pass in any second than it says, and its burst', async () => {
    const gate = gateOf(limit());
    const times: number[] = [];
    // Where requests set out, since on a busy machine several may arrive together.
    await Promise.all(Array.from({ length: 40 }, () => gate.enter().then(() => times.push(performance.now()))));
    const busiest = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 950).length));
    expect(busiest).toBeLessThanOrEqual(30);
  });
});
