import { listDestinations, serviceHost, type Stored } from './destination-store.ts';
import { hostOf, isAllowed, isSafe } from './hosts.ts';
import { isReleased, releasedOnly } from './released.ts';

/** The purposes of destinations. */
export type Kind = 'leanix' | 'cpi' | 'people';

/** The API of Cloud Integration, in the Cloud Foundry and the Neo environment. */
const TENANT = /\.(?:it-cpi[\w-]*|it)\.cfapps\.|-tmn\.(?:hci|avt)\./;
/** Identity Authentication, if its address does not contain SCIM. */
const DIRECTORY = /\.accounts\d*\.(?:ondemand\.com|cloud\.sap)$/;

const KEEP = 60_000;
let known: { until: number; found: Promise<{ name: string; kind: Kind }[]> } | undefined;

/**
 * Names and kinds of the usable destinations, sorted by name. Kept for a minute, since it is called while a user types.
 * Errors: those of `listDestinations`.
 */
export function destinationKinds(): Promise<{ name: string; kind: Kind }[]> {
  if (known && Date.now() < known.until) return known.found;
  const reading = { until: Date.now() + KEEP, found: read() };
  reading.found.catch(() => (reading.until = 0));
  known = reading;
  return reading.found;
}

/** Makes the next call read the Destination service again. */
export function forgetKinds(): void {
  known = undefined;
}

async function read() {
  const kinds = new Map<string, Kind | null>();
  // If two have the same name, the one of the instance counts.
  for (const one of await listDestinations()) if (!kinds.has(one.Name)) kinds.set(one.Name, kindOf(one));
  return [...kinds]
    .flatMap(([name, kind]) => (kind ? [{ name, kind }] : []))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The purpose of a destination by its address; null if this service cannot use it. */
export function kindOf(destination: Stored): Kind | null {
  const { Type, URL: url = '', Authentication = '' } = destination;
  const host = hostOf(url);
  if (Type !== 'HTTP' || !host || (releasedOnly() && !isReleased(destination))) return null;
  const { hostname, pathname } = new URL(url);
  if (isAllowed(host)) {
    return /^(?:OAuth2ClientCredentials|BasicAuthentication)$/.test(Authentication) ? 'leanix' : null;
  }
  if (/\/scim(?:\/v2)?\/?$/i.test(pathname) || DIRECTORY.test(hostname)) return 'people';
  if (!isSafe(url)) return null;
  // On the local machine, everything except BTP's own services can be a tenant.
  const isLocal = !url.startsWith('https:') && host !== serviceHost();
  return isLocal || TENANT.test(hostname) || /\/api\/v1\/?$/.test(pathname) ? 'cpi' : null;
}
