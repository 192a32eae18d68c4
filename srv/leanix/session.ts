import { readDestination, type RemoteDestination } from '../btp/destinations.ts';
import { RemoteError } from '../base/remote-error.ts';
import { abortable } from '../btp/gate.ts';
import { baseUrl, isAllowed } from '../btp/hosts.ts';
import { cancelable, send, type Access, type Answer, type Timing } from '../btp/transport.ts';
import { politeness } from './politeness.ts';
import { exchange, identityOf, type Identity } from './token.ts';

export type { Identity } from './token.ts';

/** A stored destination (and the host of the configuration), or the input of a connection test. */
export type Source = StoredSource | { host: string; apiToken: string };
type StoredSource = { destination: string; host?: string | null };

export type LeanIXRequest = {
  method: 'GET' | 'POST';
  /** From the root of the host, such as `/services/pathfinder/v1/graphql`. */
  path: string;
  /** Sent as JSON. */
  body?: unknown;
  /** See `send`. */
  write?: boolean;
  /** See `send`. */
  renewForbidden?: boolean;
  signal?: AbortSignal;
};

/** An open session in one LeanIX workspace. */
export type Session = {
  readonly host: string;
  /** The identity in the bearer. */
  identity(): Promise<Identity>;
  /** Sends an authorized request. Errors are those of `send`. */
  send(request: LeanIXRequest): Promise<Answer>;
  /** Requests sent, without token exchanges. */
  readonly requests: number;
};

/** Timeouts, and a function to call right before a write is sent; what it throws ends the call. */
export type SessionOptions = { timing?: Partial<Timing>; beforeWrite?: () => void };

/** A bearer and the destination that it belongs to. */
type Pass = { bearer: string; access: Access };

/**
 * Opens a session: reads the destination, but sends nothing to LeanIX yet.
 *
 * Errors, here and later: those of `readDestination` and `send`; `HOST_NOT_ALLOWED`; `HOST_MISMATCH` (expected host,
 * host of the destination); `DESTINATION_INVALID` for an authentication that LeanIX does not accept;
 * `LEANIX_TOKEN_INVALID`.
 */
export async function openSession(source: Source, { timing, beforeWrite }: SessionOptions = {}): Promise<Session> {
  const host = assertAllowed('apiToken' in source ? source.host : await hostFor(source, timing));
  let requests = 0;
  let renewing: { from: string; pass: Promise<Pass> } | null = null;

  const pass = async (renew = false): Promise<Pass> => {
    if ('apiToken' in source) return exchanged(host, source.apiToken, renew, timing);
    const destination = await readDestination(source.destination, { fresh: renew, timing });
    // If the destination changes its host, the session ends.
    if (destination.host !== host) throw mismatch(host, destination.host);
    return passOf(destination, renew, timing);
  };

  /** All callers with a refused bearer share one renewal. */
  const renewal = async (used: string): Promise<Pass> => {
    const current = await pass().catch(() => null);
    if (current && current.bearer !== used) return current;
    if (renewing?.from === used) return renewing.pass;
    const mine = { from: used, pass: pass(true) };
    renewing = mine;
    return mine.pass.finally(() => {
      if (renewing === mine) renewing = null;
    });
  };

  return {
    host,
    get requests() {
      return requests;
    },
    identity: async () => identityOf((await pass()).bearer),
    send: ({ method, path, body, write, renewForbidden, signal }) =>
      cancelable('leanix', signal, async () => {
        let current = await abortable(pass(), signal);
        return send({
          system: 'leanix',
          access: current.access,
          renew: async () => (current = await abortable(renewal(current.bearer), signal)).access,
          method,
          path,
          headers: body === undefined ? undefined : { 'content-type': 'application/json' },
          body: body === undefined ? undefined : JSON.stringify(body),
          write,
          beforeWrite,
          renewForbidden,
          signal,
          limit: politeness(identityOf(current.bearer).workspaceId ?? host),
          onRequest: () => requests++,
          timing,
        });
      }),
  };
}

async function hostFor({ destination, host }: StoredSource, timing?: Partial<Timing>): Promise<string> {
  let found = (await readDestination(destination, { timing })).host;
  // Another instance may have just changed the destination.
  if (host && host !== found) found = (await readDestination(destination, { fresh: true, timing })).host;
  if (host && host !== found) throw mismatch(host, found);
  return found;
}

/**
 * The bearer of a destination: the one that the Destination service fetched, or the result of our own exchange of the
 * token that is stored as password.
 */
async function passOf(destination: RemoteDestination, renew: boolean, timing?: Partial<Timing>): Promise<Pass> {
  const { host, sdk, name } = destination;
  if (destination.authentication === 'BasicAuthentication' && sdk.password) {
    return exchanged(host, sdk.password, renew, timing, destination);
  }
  if (destination.authentication !== 'OAuth2ClientCredentials') {
    throw new RemoteError('DESTINATION_INVALID', 'btp', { args: [name] });
  }
  if (!destination.bearer) throw new RemoteError('LEANIX_TOKEN_INVALID', 'leanix', { args: [host, 'no token'] });
  return { bearer: destination.bearer, access: accessTo(host, destination.bearer, destination) };
}

async function exchanged(
  host: string,
  apiToken: string,
  renew: boolean,
  timing?: Partial<Timing>,
  destination?: RemoteDestination,
): Promise<Pass> {
  const bearer = await exchange(host, apiToken, { renew, timing });
  return { bearer, access: accessTo(host, bearer, destination) };
}

/** Always the root of the host, whatever path the destination's URL has. Its proxy and trust settings are kept. */
function accessTo(host: string, bearer: string, destination?: RemoteDestination): Access {
  const secrets = { username: undefined, password: undefined, clientSecret: undefined, authTokens: [] };
  return {
    destination: { ...destination?.sdk, ...secrets, url: baseUrl(host), authentication: 'NoAuthentication' },
    headers: { authorization: `Bearer ${bearer}` },
  };
}

function assertAllowed(host: string): string {
  if (!isAllowed(host)) throw new RemoteError('HOST_NOT_ALLOWED', 'leanix', { args: [host] });
  return host;
}

const mismatch = (host: string, other: string) => new RemoteError('HOST_MISMATCH', 'leanix', { args: [host, other] });
