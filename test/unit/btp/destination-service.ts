import cds from '@sap/cds';
import { startBTP, type BTP } from '../../../sandbox/btp/server.ts';
import { createBTPState, putDestination, type Destination } from '../../../sandbox/btp/state.ts';
import { startLeanIX, type LeanIXSandbox } from '../../../sandbox/leanix/server.ts';
import { createState } from '../../../sandbox/leanix/state.ts';
import { access, apiToken } from '../../../sandbox/seed/workspace-frame.ts';
import { forgetDestination } from '../../../srv/btp/destinations.ts';
import { openClient } from '../../../srv/leanix/client.ts';

export let btp: BTP;
export let leanix: LeanIXSandbox;
/** The first pause before another try, in milliseconds. */
export const BACKOFF = 60;

/** Starts a Destination service and a LeanIX for the tests of a file. Call it once, at the top. */
export function startDestinations(): void {
  const before = { ...process.env };

  beforeAll(async () => {
    cds.log('leanix', 'silent');
    cds.log('btp', 'silent');
    Object.assign(cds.env, { transport: { backoff: BACKOFF } });
    btp = await startBTP({ state: createBTPState() });
    leanix = await startLeanIX({ state: createState(access) });
  });

  beforeEach(() => {
    process.env['VCAP_SERVICES'] = JSON.stringify(btp.vcapServices());
    process.env['LEANIX_ALLOWED_HOSTS'] = leanix.host;
    btp.state.destinations = { instance: [], subaccount: [] };
    btp.forgetTokens();
    btp.faults.clear();
    for (const name of ['LEANIX', 'CPI', 'OTHER']) forgetDestination(name);
  });

  afterAll(async () => {
    process.env = before;
    await Promise.all([btp.stop(), leanix.stop()]);
  });
}

export const put = (properties: Destination, level: 'instance' | 'subaccount' = 'instance') =>
  putDestination(btp.state, level, { Type: 'HTTP', ProxyType: 'Internet', ...properties });

export const oauth = (token = apiToken): Destination => ({
  Name: 'LEANIX',
  URL: leanix.url,
  Authentication: 'OAuth2ClientCredentials',
  clientId: 'apitoken',
  clientSecret: token,
  tokenServiceURL: `${leanix.url}/services/mtm/v1/oauth2/token`,
  tokenServiceURLType: 'Dedicated',
  'tokenService.addClientCredentialsInBody': 'false',
});

export const basic = (token = apiToken): Destination => ({
  Name: 'LEANIX',
  URL: `${leanix.url}/some/path`,
  Authentication: 'BasicAuthentication',
  User: 'apitoken',
  Password: token,
});

export const timing = { backoff: 5, tries: 2 };
/** The number of fact sheet types in the data model that a client of this destination reads. */
export const types = async (source = { destination: 'LEANIX' } as { destination: string; host?: string }) =>
  (await (await openClient(source, { timing })).dataModel()).types.size;
