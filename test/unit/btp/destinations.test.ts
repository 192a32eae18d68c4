import cds from '@sap/cds';
import type { Fault } from '../../../sandbox/faults.ts';
import type { RemoteError } from '../../../srv/base/remote-error.ts';
import { apiToken } from '../../../sandbox/seed/workspace-frame.ts';
import { storeInstanceDestination } from '../../../srv/btp/destination-store.ts';
import { forgetDestination, readDestination } from '../../../srv/btp/destinations.ts';
import { BACKOFF, basic, btp, leanix, oauth, put, startDestinations } from './destination-service.ts';

startDestinations();

describe('a destination', () => {
  test('is read with its host, from instance and subaccount level', async () => {
    put(
      { Name: 'CPI', URL: 'https://Tenant.Example.com:443/api/v1', Authentication: 'NoAuthentication' },
      'subaccount',
    );
    await expect(readDestination('CPI')).resolves.toMatchObject({
      name: 'CPI',
      host: 'tenant.example.com',
      authentication: 'NoAuthentication',
      bearer: null,
    });
  });

  test('is kept for a while, and read anew on demand, for everybody', async () => {
    put(basic());
    await Promise.all([readDestination('LEANIX'), readDestination('LEANIX')]);
    put({ ...basic(), URL: 'https://new.leanix.net' });
    await expect(readDestination('LEANIX')).resolves.toMatchObject({ host: leanix.host });
    await expect(readDestination('LEANIX', { fresh: true })).resolves.toMatchObject({ host: 'new.leanix.net' });
    await expect(readDestination('LEANIX')).resolves.toMatchObject({ host: 'new.leanix.net' });
  });

  test('is forgotten once many others have been read', async () => {
    put(basic());
    await readDestination('LEANIX');
    put({ ...basic(), URL: 'https://new.leanix.net' });
    const others = Array.from({ length: 100 }, (_, n) => `OTHER_${n}`);
    for (const Name of others) put({ Name, URL: 'https://x.example.com', Authentication: 'NoAuthentication' });
    for (const name of others.slice(1)) await readDestination(name);
    await expect(readDestination('LEANIX')).resolves.toMatchObject({ host: leanix.host });
    await readDestination(others[0]!);
    await expect(readDestination('LEANIX')).resolves.toMatchObject({ host: 'new.leanix.net' });
  });

  test.each(['NOBODY', '../instanceDestinations', 'a b', ''])('that cannot be found is named: %j', async (name) => {
    await expect(readDestination(name)).rejects.toMatchObject({ code: 'DESTINATION_MISSING', args: [name] });
  });

  test('is missing only when the service says so', async () => {
    put(basic());
    btp.faults.add({ match: { path: '/destination-configuration' }, times: 9, kind: 'status', status: 503 });
    const promise = readDestination('LEANIX');
    await expect(promise).rejects.toMatchObject({ code: 'DESTINATION_SERVICE_DOWN', args: ['HTTP 503'] });
    btp.faults.clear();
    await expect(readDestination('LEANIX')).resolves.toMatchObject({ host: leanix.host });
  });

  test('is read after a short outage of the service, with pauses that grow', async () => {
    put(basic());
    const match = { path: '/LEANIX' };
    btp.faults.add({ match, times: 2, kind: 'status', status: 503 });
    btp.log.clear();
    await expect(readDestination('LEANIX')).resolves.toMatchObject({ host: leanix.host });
    const [first, second, third] = btp.log.entries.filter(({ path }) => path.includes('/LEANIX')).map(({ at }) => at);
    // At least half of the configured time, and then twice that; clocks may differ by a millisecond.
    expect(second! - first!).toBeGreaterThanOrEqual(BACKOFF / 2 - 2);
    expect(third! - second!).toBeGreaterThanOrEqual(BACKOFF - 2);
  });

  const uaa = { path: '/oauth/token' };
  const service = { path: '/destination-configuration' };
  test.each([
    ['429 of the UAA', { kind: '429', match: uaa }],
    ['503 of the UAA', { kind: 'status', status: 503, match: uaa, body: 'no healthy upstream' }],
    ['a web page of the UAA', { kind: 'html', match: uaa }],
    ['a connection to the UAA that breaks', { kind: 'reset', match: uaa }],
    ['429 of the service', { kind: '429', retryAfter: '0.01', match: service }],
    ['a web page of the service', { kind: 'html', match: service }],
    ['a connection to the service that breaks', { kind: 'reset', match: service }],
  ] as [string, Fault][])('is read after %s', async (_, fault) => {
    put(oauth());
    btp.faults.add({ ...fault, times: 2 });
    await expect(readDestination('LEANIX')).resolves.toMatchObject({ host: leanix.host });
    expect(btp.faults.hits).toHaveLength(2);
  });

  test.each([
    ['429 of the UAA', { kind: '429', match: uaa }, 'BUSY', /^HTTP 429: UAA/],
    [
      '503 of the UAA',
      { kind: 'status', status: 503, match: uaa, body: 'no route' },
      'DOWN',
      /^HTTP 503: UAA: no route$/,
    ],
    ['a web page of the UAA', { kind: 'html', match: uaa }, 'DOWN', /^UAA: /],
    ['a UAA that is gone', { kind: 'reset', match: uaa }, 'DOWN', /^UAA: ECONNRESET$/],
    ['a binding whose secret is old', { kind: 'status', status: 401, match: uaa }, 'DENIED', /^HTTP 401: UAA/],
    ['429 of the service', { kind: '429', retryAfter: '60', match: service }, 'BUSY', /^HTTP 429/],
    ['no answer', { kind: 'hang', match: service }, 'DOWN', /^ETIMEDOUT$/],
    ['a web page of the service', { kind: 'html', match: service }, 'DOWN', /^unreadable answer$/],
    [
      'a refusal',
      { kind: 'status', status: 403, match: service, body: { ErrorMessage: 'No.' } },
      'DENIED',
      /^HTTP 403: No\.$/,
    ],
  ] as [string, Fault, string, RegExp][])(
    'that cannot be read because of %s is not taken for a wrong one',
    async (...row) => {
      const [, fault, code, reason] = row;
      put(oauth());
      btp.faults.add({ ...fault, times: 99 });
      const error = await readDestination('LEANIX', {
        timing: { timeout: fault.kind === 'hang' ? 200 : 10_000, patience: 100, backoff: 5 },
      }).catch((caught: RemoteError) => caught);
      expect(error).toMatchObject({ code: `DESTINATION_SERVICE_${code}`, args: [expect.stringMatching(reason)] });
    },
  );

  test('is read as soon as the service is back, however often it failed before', async () => {
    put(oauth());
    const timing = { backoff: 1 };
    for (const match of [uaa, service]) {
      btp.faults.add({ kind: 'status', status: 503, match, times: 40 });
      for (let n = 0; n < 8; n++) {
        await expect(readDestination('LEANIX', { timing })).rejects.toMatchObject({
          args: [expect.stringContaining('503')],
        });
      }
      expect(btp.faults.hits.length).toBe(40);
      btp.faults.clear();
      await expect(readDestination('LEANIX', { timing: { tries: 1 } })).resolves.toMatchObject({ host: leanix.host });
      forgetDestination('LEANIX');
    }
  });

  test.each([
    [
      { kind: 'status', status: 503, body: 'in maintenance' },
      { code: 'DESTINATION_SERVICE_DOWN', args: [expect.stringContaining('in maintenance')] },
    ],
    [{ kind: '429' }, { code: 'DESTINATION_SERVICE_BUSY' }],
    [{ kind: 'reset' }, { code: 'DESTINATION_SERVICE_DOWN' }],
    [{ kind: 'html' }, { code: 'DESTINATION_SERVICE_DOWN' }],
    [
      { kind: 'status', status: 404 },
      { code: 'DESTINATION_TOKEN_REFUSED', args: ['LEANIX', expect.stringContaining('404')] },
    ],
  ] as [Fault, object][])(
    'whose token endpoint has trouble (%j) is no wrong secret, and is read once that is over',
    async (fault, expected) => {
      put(oauth());
      const match = { path: '/oauth2/token' };
      leanix.faults.add({ ...fault, match, times: 99 });
      const timing = { patience: 30, backoff: 5, tries: 2 };
      await expect(readDestination('LEANIX', { timing })).rejects.toMatchObject(expected);
      leanix.faults.clear();
      leanix.faults.add({
        ...fault,
        match,
        times: (expected as { code: string }).code === 'DESTINATION_TOKEN_REFUSED' ? 0 : 1,
      });
      await expect(readDestination('LEANIX')).resolves.toMatchObject({ bearer: expect.any(String) });
      leanix.faults.clear();
    },
  );

  test.each([400, 401])('whose token endpoint says %i has a wrong secret', async (status) => {
    put(oauth());
    leanix.faults.add({ kind: 'status', status, match: { path: '/oauth2/token' } });
    await expect(readDestination('LEANIX')).resolves.toMatchObject({ host: leanix.host, bearer: null });
    leanix.faults.clear();
  });

  test('is reached by https, unless it is a local one', async () => {
    put({ Name: 'OTHER', URL: 'http://example.com', Authentication: 'NoAuthentication' });
    await expect(readDestination('OTHER')).rejects.toMatchObject({ code: 'DESTINATION_NOT_HTTPS', args: ['OTHER'] });
    put({ Name: 'OTHER', URL: 'http://localhost:1', Authentication: 'NoAuthentication' });
    await expect(readDestination('OTHER')).resolves.toMatchObject({ host: 'localhost:1' });
  });

  test('is used only with its owner’s leave, where the operator asks for that', async () => {
    const settings = cds.env as { leanix?: object };
    const before = settings.leanix;
    settings.leanix = { ...before, releasedDestinationsOnly: true };
    try {
      put(basic());
      await expect(readDestination('LEANIX')).rejects.toMatchObject({ code: 'DESTINATION_NOT_RELEASED' });
      const target = { host: leanix.host, apiToken };
      await expect(storeInstanceDestination('LEANIX', target)).rejects.toMatchObject({
        code: 'DESTINATION_NOT_RELEASED',
      });
      put({ ...basic(), 'leanix.integration': 'true' });
      await expect(readDestination('LEANIX')).resolves.toMatchObject({ host: leanix.host });
      put({ ...oauth(), 'leanix.integration': 'true' });
      await expect(readDestination('LEANIX', { fresh: true })).resolves.toMatchObject({ host: leanix.host });
      await storeInstanceDestination('OTHER', target);
      await expect(readDestination('OTHER')).resolves.toMatchObject({ host: leanix.host });
    } finally {
      settings.leanix = before;
    }
  });

  test('without a URL is not one', async () => {
    put({ Name: 'OTHER', Authentication: 'NoAuthentication', URL: 'ldap://example.com' });
    await expect(readDestination('OTHER')).rejects.toMatchObject({ code: 'DESTINATION_INVALID' });
  });

  test('needs the binding of the service', async () => {
    process.env['VCAP_SERVICES'] = '{}';
    await expect(readDestination('LEANIX')).rejects.toMatchObject({ code: 'DESTINATION_SERVICE_UNBOUND' });
    const target = { host: leanix.host, apiToken };
    await expect(storeInstanceDestination('LEANIX', target)).rejects.toMatchObject({
      code: 'DESTINATION_SERVICE_UNBOUND',
    });
  });
});
