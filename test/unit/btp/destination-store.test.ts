import type { Destination } from '../../../sandbox/btp/state.ts';
import { apiToken, expiredApiToken } from '../../../sandbox/seed/workspace-frame.ts';
import { storeInstanceDestination } from '../../../srv/btp/destination-store.ts';
import { basic, btp, leanix, oauth, put, startDestinations, types } from './destination-service.ts';

startDestinations();

describe('storing a token', () => {
  const target = () => ({ host: leanix.host, apiToken });
  const stored = () => btp.state.destinations.instance;

  test('makes a destination that reaches LeanIX', async () => {
    await storeInstanceDestination('LEANIX', target());
    expect(stored()).toEqual([expect.objectContaining(oauth())]);
    await expect(types()).resolves.toBeGreaterThan(0);
  });

  test('takes effect at once for who had the old one', async () => {
    put(oauth(expiredApiToken));
    await expect(types()).rejects.toMatchObject({ code: 'LEANIX_TOKEN_INVALID' });
    await storeInstanceDestination('LEANIX', target());
    await expect(types()).resolves.toBeGreaterThan(0);
  });

  test('keeps the kind of authentication and what else the destination has', async () => {
    put({ ...basic('old'), 'URL.headers.x-team': 'ea', URL: leanix.url });
    await storeInstanceDestination('LEANIX', target());
    expect(stored()).toEqual([expect.objectContaining({ ...basic(), URL: leanix.url, 'URL.headers.x-team': 'ea' })]);
    expect(stored()[0]).not.toHaveProperty('clientSecret');
    put({
      ...oauth('old'),
      Description: 'ours',
      tokenServiceURL: 'https://old.leanix.net/services/mtm/v1/oauth2/token',
    });
    await storeInstanceDestination('LEANIX', target());
    expect(stored()).toEqual([expect.objectContaining({ ...oauth(), Description: 'ours' })]);
  });

  test('drops what could turn the token to another system', async () => {
    const foreign = {
      tokenServiceURLType: 'Common',
      tokenServiceUser: 'somebody',
      tokenServicePassword: 'else',
      'tokenServiceURL.headers.x-forward': 'evil.example.com',
      'tokenService.addClientCredentialsInBody': 'true',
      'HTML5.DynamicDestination': 'true',
      TrustAll: 'true',
      ProxyType: 'OnPremise',
      'URL.headers.Authorization': 'Basic b3RoZXI6b25l',
    };
    put({ ...oauth('old'), ...foreign, Description: 'ours' });
    await storeInstanceDestination('LEANIX', target());
    expect(stored()).toEqual([{ ...oauth(), Type: 'HTTP', ProxyType: 'Internet', Description: 'ours' }]);
    put({ ...basic('old'), ...foreign, clientSecret: 'old', URL: leanix.url });
    await storeInstanceDestination('LEANIX', target());
    expect(stored()).toEqual([{ ...basic(), URL: leanix.url, Type: 'HTTP', ProxyType: 'Internet' }]);
  });

  test.each<Destination>([{ Type: 'LDAP' }, { Type: 'MAIL' }, { URL: '' }, { URL: 'ldap://acme.leanix.net' }])(
    'leaves what is no HTTP destination of an allowed host alone: %j',
    async (properties) => {
      const existing = { ProxyType: 'Internet', Type: 'HTTP', ...oauth('old'), ...properties };
      put(existing);
      await expect(storeInstanceDestination('LEANIX', target())).rejects.toMatchObject({
        code: 'DESTINATION_NOT_LEANIX',
      });
      expect(stored()).toEqual([existing]);
    },
  );

  test('leaves destinations of other systems alone', async () => {
    const cpi = {
      ...oauth('secret of CPI'),
      Name: 'CPI',
      URL: 'https://tenant.it-cpi018.cfapps.eu10.hana.ondemand.com',
    };
    put(cpi);
    await expect(storeInstanceDestination('CPI', target())).rejects.toMatchObject({ code: 'DESTINATION_NOT_LEANIX' });
    expect(stored()).toEqual([expect.objectContaining(cpi)]);
    await expect(storeInstanceDestination('a/b', target())).rejects.toMatchObject({ code: 'DESTINATION_NAME_INVALID' });
    const elsewhere = { host: 'evil.example.com', apiToken };
    await expect(storeInstanceDestination('LEANIX', elsewhere)).rejects.toMatchObject({ code: 'HOST_NOT_ALLOWED' });
  });

  test('that fails says so without the token', async () => {
    btp.faults.add({
      match: { method: 'POST', path: 'instanceDestinations' },
      kind: 'status',
      status: 500,
      body: apiToken,
    });
    const error: unknown = await storeInstanceDestination('LEANIX', target()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'DESTINATION_SERVICE_DOWN', args: ['HTTP 500'] });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(apiToken);
  });
});
