import { expiredApiToken, readOnlyApiToken } from '../../../sandbox/seed/workspace-frame.ts';
import { forgetDestination } from '../../../srv/btp/destinations.ts';
import { openClient } from '../../../srv/leanix/client.ts';
import { basic, btp, leanix, oauth, put, startDestinations, timing, types } from './destination-service.ts';

startDestinations();

describe('LeanIX is reached', () => {
  test('with the bearer that the Destination service fetched', async () => {
    put(oauth());
    await expect(types()).resolves.toBeGreaterThan(0);
    await expect((await openClient({ destination: 'LEANIX' })).identity()).resolves.toMatchObject({ role: 'ADMIN' });
  });

  test('with a bearer of our own for a token that is kept as a password', async () => {
    put(basic());
    await expect(types()).resolves.toBeGreaterThan(0);
  });

  test('again after the bearer has ended', async () => {
    for (const destination of [oauth(), basic()]) {
      put(destination);
      forgetDestination('LEANIX');
      const client = await openClient({ destination: 'LEANIX' }, { timing });
      await client.tags();
      leanix.rotateBearers();
      btp.forgetTokens();
      await Promise.all([client.tags(), client.dataModel()]);
    }
  });

  test('with a token that was replaced meanwhile', async () => {
    put(basic());
    const client = await openClient({ destination: 'LEANIX' }, { timing });
    await client.tags();
    put(basic(readOnlyApiToken));
    leanix.rotateBearers();
    await client.tags();
    await expect(client.identity()).resolves.toMatchObject({ role: 'VIEWER' });
  });

  test('not with a token that has expired', async () => {
    put(oauth(expiredApiToken));
    await expect(types()).rejects.toMatchObject({ code: 'LEANIX_TOKEN_INVALID' });
    put(basic(expiredApiToken));
    forgetDestination('LEANIX');
    await expect(types()).rejects.toMatchObject({ code: 'LEANIX_TOKEN_INVALID' });
  });

  test('not through a destination of another kind, host, or system', async () => {
    put({ ...basic(), Authentication: 'NoAuthentication' });
    await expect(types()).rejects.toMatchObject({ code: 'DESTINATION_INVALID' });
    const seen = leanix.log.count();
    put(basic());
    const other = { destination: 'LEANIX', host: 'acme.leanix.net' };
    await expect(types(other)).rejects.toMatchObject({ code: 'HOST_MISMATCH', args: ['acme.leanix.net', leanix.host] });
    delete process.env['LEANIX_ALLOWED_HOSTS'];
    await expect(types()).rejects.toMatchObject({ code: 'HOST_NOT_ALLOWED' });
    expect(leanix.log.count()).toBe(seen);
  });
});
