import { alwaysProvider, getDestination, isHttpDestination } from '@sap-cloud-sdk/connectivity';
import type { Destination, HttpDestination } from '@sap-cloud-sdk/connectivity';
import { RemoteError } from '../base/remote-error.ts';
import { askService, tokenProblem } from './destination-service.ts';
import { hostOf, isSafe } from './hosts.ts';
import { isReleased, releasedOnly } from './released.ts';
import type { Timing } from './request.ts';

/**
 * A destination as the Destination service returned it, for the technical user. It contains secrets: never log or
 * return it.
 */
export type RemoteDestination = {
  name: string;
  url: string;
  /** In lower case, without the scheme's default port. */
  host: string;
  /** Such as `OAuth2ClientCredentials` or `BasicAuthentication`. */
  authentication: string;
  /** The bearer that the Destination service fetched; null for kinds without one, and if the fetch failed. */
  bearer: string | null;
  /** The destination to pass to `send`. */
  sdk: HttpDestination;
};

const KEEP = 5 * 60_000;
const MARGIN = 60_000;
/** Size of the cache: more destinations than a subaccount uses here. */
const MOST = 100;

type Reading = { fresh?: boolean; timing?: Partial<Timing> };
type Entry = { until: number; found: Promise<RemoteDestination> };
const known = new Map<string, Entry>();

/**
 * Reads a destination by name, instance level before subaccount level. Answers are kept for five minutes, or until
 * shortly before their token expires; if there are too many, those read last. `fresh` reads again and also replaces the
 * kept answer. This cache is separate from that of the Cloud SDK.
 *
 * Errors: `DESTINATION_MISSING` (also for invalid names), `DESTINATION_INVALID` (no http URL), `DESTINATION_NOT_HTTPS`,
 * `DESTINATION_NOT_RELEASED` (see `releasedOnly`), `DESTINATION_TOKEN_REFUSED` (the token endpoint refuses, but not
 * because of the secret), and those of `askService`.
 */
export function readDestination(name: string, { fresh = false, timing }: Reading = {}): Promise<RemoteDestination> {
  const entry = known.get(name);
  if (entry && !fresh && Date.now() < entry.until) return entry.found;
  const reading: Entry = { until: Date.now() + KEEP, found: fetchDestination(name, timing) };
  known.delete(name);
  known.set(name, reading);
  if (known.size > MOST) known.delete(known.keys().next().value!);
  reading.found.then(
    ({ sdk }) => (reading.until = Math.min(reading.until, tokenEnd(sdk))),
    () => known.get(name) === reading && known.delete(name),
  );
  return reading.found;
}

/** Forgets a destination: the next call reads it again. */
export function forgetDestination(name: string): void {
  known.delete(name);
}

/** Names that the Destination service allows. The SDK puts the name into a URL unchanged. */
export const isDestinationName = (name: string) => /^\w[\w.-]{0,199}$/.test(name);

async function fetchDestination(name: string, timing?: Partial<Timing>): Promise<RemoteDestination> {
  if (!isDestinationName(name)) throw new RemoteError('DESTINATION_MISSING', 'btp', { args: [name] });
  const sdk = await askService(() => withToken(name), timing, name);
  if (!sdk) throw new RemoteError('DESTINATION_MISSING', 'btp', { args: [name] });
  const host = hostOf(sdk.url ?? '');
  if (!isHttpDestination(sdk) || !host) throw new RemoteError('DESTINATION_INVALID', 'btp', { args: [name] });
  if (releasedOnly() && !isReleased(ownProperties(sdk))) {
    throw new RemoteError('DESTINATION_NOT_RELEASED', 'btp', { args: [name] });
  }
  // The Cloud Connector encrypts its own connection.
  if (!isSafe(sdk.url) && sdk.proxyType !== 'OnPremise') {
    throw new RemoteError('DESTINATION_NOT_HTTPS', 'btp', { args: [name] });
  }
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

/** The names of the properties in the BTP cockpit. */
function ownProperties({ originalProperties = {} }: Destination): Record<string, unknown> {
  const { destinationConfiguration } = originalProperties as { destinationConfiguration?: Record<string, unknown> };
  return destinationConfiguration ?? originalProperties;
}

/** A token that could not be fetched because of a temporary error counts as a failed read. */
async function withToken(name: string): Promise<Destination | null> {
  const sdk = await getDestination({ destinationName: name, selectionStrategy: alwaysProvider, useCache: false });
  const tokens = sdk?.authTokens ?? [];
  const failed = tokens.every((token) => token.error) && tokens.find((token) => token.error);
  const problem = failed ? tokenProblem(String(failed.error), name) : null;
  if (problem) throw problem;
  return sdk;
}

function tokenEnd({ authTokens }: Destination): number {
  const seconds = Number(authTokens?.find((token) => !token.error)?.expiresIn);
  if (!seconds) return authTokens?.length ? Date.now() : Infinity;
  return Date.now() + seconds * 1000 - Math.min(MARGIN, seconds * 100);
}
