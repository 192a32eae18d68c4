import { setTimeout as delay } from 'node:timers/promises';
import { OutcomeUnknown } from '../../../srv/base/remote-error.ts';
import type { Request } from '../../../srv/btp/transport.ts';
import {
  answer,
  arrived,
  cut,
  destination,
  failure,
  hang,
  newKey,
  over,
  request,
  scripted,
  startScripted,
  timing,
  type Reply,
} from './scripted-server.ts';

startScripted();

describe('a request', () => {
  test('goes out once, as it is, without fetching a CSRF token first', async () => {
    await expect(request({ path: '/graphql?a=b%20c', headers: { authorization: 'Bearer t' } })).resolves.toBe(
      '200 {"ok":true}',
    );
    expect(scripted.seen).toMatchObject([
      { method: 'POST', url: '/graphql?a=b%20c', body: '{"a":1}', authorization: 'Bearer t' },
    ]);
    expect(scripted.sent).toBe(1);
  });

  test('leaves 4xx to the caller', async () => {
    scripted.script = [answer(404, 'nothing'), answer(403, '{"message":"no"}')];
    await expect(request()).resolves.toBe('404 nothing');
    await expect(request()).resolves.toBe('403 {"message":"no"}');
  });

  test('never follows a redirect', async () => {
    scripted.script = [
      answer(302, '', { location: 'https://login.example.com/?secret=1' }),
      answer(307, '', { location: '/x' }),
    ];
    await expect(failure(request())).resolves.toBe('LEANIX_REDIRECTED login.example.com');
    await expect(failure(request({ write: true }))).resolves.toBe('LEANIX_REDIRECTED HTTP 307');
    expect(scripted.seen).toHaveLength(2);
  });

  test('is not sent where the caller may write no more by the time of its turn', async () => {
    const beforeWrite = () => {
      throw new RangeError('no more');
    };
    await expect(request({ write: true, beforeWrite })).rejects.toThrow(RangeError);
    expect(scripted.seen).toHaveLength(0);
    await expect(request({ beforeWrite })).resolves.toMatch(/^200/);
  });

  test('never leaves the host of its destination', async () => {
    await expect(request({ path: '//evil.example.com/x' })).rejects.toThrow(TypeError);
    await expect(request({ path: 'https://evil.example.com/x' })).rejects.toThrow(TypeError);
    expect(scripted.seen).toHaveLength(0);
  });
});

describe('a failure', () => {
  test.each([502, 503, 504, 500])('%i is tried again by a read', async (status) => {
    scripted.script = [answer(status), answer(status)];
    await expect(request()).resolves.toMatch(/^200/);
    expect(scripted.sent).toBe(3);
  });

  test('ends a read after five tries', async () => {
    scripted.script = [answer(503), cut, answer(502), answer(503), answer(503)];
    await expect(failure(request())).resolves.toBe('LEANIX_UNREACHABLE HTTP 503');
    expect(scripted.sent).toBe(5);
  });

  test.each([
    ['HTTP 503', answer(503)],
    ['HTTP 500', answer(500)],
    ['ECONNRESET', cut],
    ['ETIMEDOUT', hang],
  ])('leaves the outcome of a write unknown: %s', async (reason, reply) => {
    scripted.script = [reply];
    const promise = request({ write: true, timing: reply === hang ? { ...timing, timeout: 150 } : timing });
    await expect(promise).rejects.toBeInstanceOf(OutcomeUnknown);
    await expect(failure(promise)).resolves.toBe(`OUTCOME_UNKNOWN ${reason}`);
    expect(scripted.sent).toBe(1);
  });

  test('in the middle of the answer is one, too', async () => {
    const half: Reply = (res) => {
      res.writeHead(200, { 'content-length': '100' }).write('{"data":');
      setTimeout(() => res.destroy(), 20);
    };
    scripted.script = [half];
    await expect(request()).resolves.toMatch(/^200/);
    scripted.script = [half];
    await expect(request({ write: true })).rejects.toBeInstanceOf(OutcomeUnknown);
  });

  test('to connect is no unknown outcome: nothing was sent', async () => {
    const access = { destination: { ...destination(), url: 'http://127.0.0.1:1' } };
    await expect(failure(request({ access, write: true }))).resolves.toBe('LEANIX_UNREACHABLE ECONNREFUSED');
    expect(scripted.sent).toBe(0);
  });

  test('to speak TLS is final', async () => {
    const access = { destination: { ...destination(), url: scripted.url.replace('http:', 'https:') } };
    const started = performance.now();
    const slow = { backoff: 30_000, maxBackoff: 30_000, patience: 90_000 };
    const promise = failure(request({ access, timing: { ...timing, ...slow } }));
    await expect(promise).resolves.toMatch(/^LEANIX_UNREACHABLE (EPROTO|ERR_SSL_\w+)$/);
    expect(performance.now() - started).toBeLessThan(14_000);
  });

  test('carries nothing that was sent', async () => {
    scripted.script = Array.from({ length: 5 }, () => answer(503, 'secret page'));
    const headers = { authorization: 'Bearer secret' };
    const error = await request({ path: '/x?key=secret', body: 'secret', headers }).catch((caught: unknown) => caught);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error as object))).not.toContain('secret');
  });
});

describe('a timeout', () => {
  test('cuts the connection', async () => {
    scripted.script = [hang];
    const promise = request({ timing: { ...timing, timeout: 150, tries: 1 } });
    await expect(failure(promise)).resolves.toBe('LEANIX_UNREACHABLE ETIMEDOUT');
    await over();
  });

  test('also comes while an answer drips', async () => {
    scripted.script = [
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
    scripted.script = [hang];
    const abort = new AbortController();
    const promise = failure(request({ signal: abort.signal, timing: { ...timing, timeout: 60_000 } }));
    await arrived(1);
    abort.abort(new Error('enough'));
    await expect(promise).resolves.toBe('CANCELED');
    await over();
    expect(scripted.seen[0]!.closed! - scripted.seen[0]!.at).toBeLessThan(30_000);
  });

  test('ends every wait at once', async () => {
    const limit = { key: newKey('paused'), perSecond: 1000 };
    scripted.script = [answer(429, '', { 'retry-after': '40' })];
    const abort = new AbortController();
    const patient = { ...timing, patience: 90_000 };
    const first = failure(request({ limit, signal: abort.signal, timing: patient }));
    await over();
    const second = failure(request({ limit, signal: abort.signal, timing: patient }));
    const started = performance.now();
    abort.abort();
    await expect(Promise.all([first, second])).resolves.toEqual(['CANCELED', 'CANCELED']);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(scripted.sent).toBe(1);
  });

  test('waits for the answer of a write that is under way', async () => {
    scripted.script = [async (res) => delay(100).then(() => res.writeHead(200).end('done'))];
    const abort = new AbortController();
    const promise = request({ write: true, signal: abort.signal });
    await arrived(1);
    abort.abort();
    await expect(promise).resolves.toBe('200 done');
  });

  test('sends nothing if it comes first', async () => {
    await expect(failure(request({ write: true, signal: AbortSignal.abort() }))).resolves.toBe('CANCELED');
    expect(scripted.seen).toHaveLength(0);
  });
});

describe('401', () => {
  const renewed = () => ({ destination: destination(), headers: { authorization: 'Bearer new' } });

  test('is answered with another access, once, by writes too', async () => {
    scripted.script = [answer(401)];
    let renewals = 0;
    const renew = () => Promise.resolve((renewals++, renewed()));
    await expect(request({ write: true, renew })).resolves.toMatch(/^200/);
    expect([renewals, scripted.seen.map((one) => one.authorization)]).toEqual([1, [undefined, 'Bearer new']]);
    scripted.script = [answer(401), answer(401)];
    await expect(failure(request({ renew }))).resolves.toBe('LEANIX_TOKEN_INVALID HTTP 401');
    expect(renewals).toBe(2);
  });

  test('and 403, where a system judges by what the token says of its owner', async () => {
    let renewals = 0;
    const renew = () => Promise.resolve((renewals++, renewed()));
    scripted.script = [answer(403)];
    await expect(request({ write: true, renew, renewForbidden: true })).resolves.toMatch(/^200/);
    scripted.script = [answer(403), answer(403)];
    await expect(request({ renew, renewForbidden: true })).resolves.toMatch(/^403/);
    scripted.script = [answer(403)];
    await expect(request({ renew })).resolves.toMatch(/^403/);
    expect(renewals).toBe(2);
  });

  test('without another access says that the token is not valid', async () => {
    scripted.script = [answer(401)];
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
    expect([scripted.seen.length, scripted.sent]).toEqual([0, 0]);
  });
});
