import { setTimeout as delay } from 'node:timers/promises';
import { alwaysProvider, getDestination, isHttpDestination } from '@sap-cloud-sdk/connectivity';
import type { Destination, HttpDestination } from '@sap-cloud-sdk/connectivity';
import { RemoteError } from '../base/remote-error.ts';
import { hostOf } from './hosts.ts';
import { configuredTiming } from './request.ts';
import { backoff } from './transport.ts';

/**
 * A destination as the Destination service gave it, for the technical user. It holds secrets: never log or return it.
 */
export type RemoteDestination = {
  name: string;
  url: string;
  /** In lower case, without the scheme's default port. */
  host: string;
  /** Such as `OAuth2ClientCredentials` or `BasicAuthentication`. */
  authentication: string;
  /** The bearer that the Destination service fetched; null for kinds without one, and when fetching failed. */
  bearer: string | null;
  /** What goes into `send`. */
  sdk: HttpDestination;
};

const KEEP = 5 * 60_000;
const MARGIN = 60_000;
/** No more: each failure counts with the Cloud SDK, which gives the service half a minute's rest after about ten. */
const TRIES = 3;
/** Destinations that are kept: more than a subaccount uses here, unless names are made up. */
const MOST = 100;

type Entry = { until: number; found: Promise<RemoteDestination> };
const known = new Map<string, Entry>();

/**
 * Reads a destination by name, instance level before subaccount level. Answers are kept for five minutes, or until
 * shortly before the token in them ends; of many, those that were read last. `fresh` reads anew, for everybody who asks
 * from then on. The cache is this module's own: what is read past the Cloud SDK's cache does not replace what the SDK
 * has in it.
 *
 * Errors: `DESTINATION_MISSING` (also for a name that no destination can have), `DESTINATION_INVALID` (no http URL),
 * `DESTINATION_SERVICE_DOWN` with the reason, `DESTINATION_SERVICE_UNBOUND` without a binding of the service.
 */
export function readDestination(name: string, { fresh = false } = {}): Promise<RemoteDestination> {
  const entry = known.get(name);
  if (entry && !fresh && Date.now() < entry.until) return entry.found;
  const reading: Entry = { until: Date.now() + KEEP, found: fetchDestination(name) };
  known.delete(name);
  known.set(name, reading);
  if (known.size > MOST) known.delete(known.keys().next().value!);
  reading.found.then(
    ({ sdk }) => (reading.until = Math.min(reading.until, tokenEnd(sdk))),
    () => known.get(name) === reading && known.delete(name),
  );
  return reading.found;
}

/** Forgets a destination, so that the next one who asks gets what the Destination service has now. */
export function forgetDestination(name: string): void {
  known.delete(name);
}

/** Names that the Destination service allows; the SDK puts the name into a URL as it is. */
export const isDestinationName = (name: string) => /^\w[\w.-]{0,199}$/.test(name);

async function fetchDestination(name: string): Promise<RemoteDestination> {
  if (!isDestinationName(name)) throw new RemoteError('DESTINATION_MISSING', 'btp', { args: [name] });
  const sdk = await askService(name);
  if (!sdk) throw new RemoteError('DESTINATION_MISSING', 'btp', { args: [name] });
  const host = hostOf(sdk.url ?? '');
  if (!isHttpDestination(sdk) || !host) throw new RemoteError('DESTINATION_INVALID', 'btp', { args: [name] });
  const token = sdk.authTokens?.find((one) => !one.error && one.value);
  return {
    name,
    url: sdk.url,
    host,
    authentication: sdk.authentication ?? 'NoAuthentication',
    bearer: token?.value ?? null,
    sdk,
  };
}

async function askService(name: string): Promise<Destination | null> {
  for (let tried = 1; ; tried++) {
    try {
      // eslint-disable-next-line no-await-in-loop -- a second try only after the first has failed
      return await getDestination({ destinationName: name, selectionStrategy: alwaysProvider, useCache: false });
    } catch (error) {
      const problem = serviceProblem(error, name);
      if (tried >= TRIES || problem.code !== 'DESTINATION_SERVICE_DOWN' || (problem.status ?? 500) < 500) throw problem;
      // eslint-disable-next-line no-await-in-loop -- as above
      await delay(backoff(tried - 1, configuredTiming()));
    }
  }
}

/**
 * What the SDK's error means: the service failed, or what it gave for `name` cannot be used. Its text and causes are
 * not passed on: they carry the request with its headers.
 */
export function serviceProblem(error: unknown, name?: string): RemoteError {
  if (error instanceof RemoteError) return error;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { response, code } = cause as { response?: { status?: number }; code?: string };
    if (response?.status) {
      return new RemoteError('DESTINATION_SERVICE_DOWN', 'btp', {
        args: [`HTTP ${response.status}`],
        status: response.status,
      });
    }
    if (code) return new RemoteError('DESTINATION_SERVICE_DOWN', 'btp', { args: [code] });
    if (/service binding|No binding/i.test(cause.message)) return new RemoteError('DESTINATION_SERVICE_UNBOUND', 'btp');
  }
  // The SDK's own timeout has no code, and neither has what it finds wrong with a destination.
  if (name !== undefined && !/time(?:d )?out/i.test(String(error))) {
    return new RemoteError('DESTINATION_INVALID', 'btp', { args: [name] });
  }
  return new RemoteError('DESTINATION_SERVICE_DOWN', 'btp', { args: ['ETIMEDOUT'] });
}

function tokenEnd({ authTokens }: Destination): number {
  const seconds = Number(authTokens?.find((token) => !token.error)?.expiresIn);
  if (!seconds) return authTokens?.length ? Date.now() : Infinity;
  return Date.now() + seconds * 1000 - Math.min(MARGIN, seconds * 100);
}
