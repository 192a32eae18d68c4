import { getServiceBinding, serviceToken } from '@sap-cloud-sdk/connectivity';
import { askService, serviceError } from './destination-service.ts';
import { forgetDestination, isDestinationName } from './destinations.ts';
import { RemoteError } from '../base/remote-error.ts';
import { baseUrl, hostOf, isAllowed } from './hosts.ts';
import { isReleased, RELEASED, releasedOnly } from './released.ts';
import { IMPATIENT, send, type Access, type Answer, type Timing } from './transport.ts';

/** A destination as the Destination service's REST API has it: flat text properties, secrets in clear. */
export type Stored = Record<string, string> & { Name: string };

const INSTANCE = '/destination-configuration/v1/instanceDestinations';
const SUBACCOUNT = '/destination-configuration/v1/subaccountDestinations';
const TOKEN_PATH = '/services/mtm/v1/oauth2/token';
/** Short timeouts: a user is waiting. */
const TIMING: Partial<Timing> = { ...IMPATIENT, tries: 3 };

/**
 * Writes the instance-level destination to LeanIX. If an HTTP destination of an allowed host exists, it gets the URL
 * and the secret, and keeps its kind of authentication (`OAuth2ClientCredentials` or `BasicAuthentication`), its
 * description, and its additions to each request. All other properties are removed, since they could redirect the token
 * to another system. A new destination is created as `OAuth2ClientCredentials`. `host` must be allowed. Later reads
 * return the new destination.
 *
 * Errors: `HOST_NOT_ALLOWED`; `DESTINATION_NAME_INVALID`; `DESTINATION_NOT_LEANIX` if the name belongs to a destination
 * of another kind or another system, and `DESTINATION_NOT_RELEASED` if this service may not use it (both destinations
 * stay unchanged); and those of `askService`.
 *
 * The REST API is known from SAP's documentation and from other clients, not from its specification. The answer to POST
 * with an existing name is uncertain, so the name is looked up first, and once more after 409.
 */
export async function storeInstanceDestination(
  name: string,
  target: { host: string; apiToken: string },
): Promise<void> {
  if (!isAllowed(target.host)) throw new RemoteError('HOST_NOT_ALLOWED', 'leanix', { args: [target.host] });
  if (!isDestinationName(name)) throw new RemoteError('DESTINATION_NAME_INVALID', 'btp', { args: [name] });
  try {
    if (!(await put(name, target))) {
      const created = await call('POST', INSTANCE, newDestination(name, target));
      if (created.status === 409) await put(name, target);
      else assertDone(created);
    }
  } finally {
    forgetDestination(name);
  }
}

/** Renews the destination with this name; false if there is none. */
async function put(name: string, target: { host: string; apiToken: string }): Promise<boolean> {
  const existing = (await list(INSTANCE)).find((one) => one.Name === name);
  if (!existing) return false;
  assertDone(await call('PUT', INSTANCE, renewed(existing, target)));
  return true;
}

function newDestination(Name: string, { host, apiToken }: { host: string; apiToken: string }): Stored {
  return {
    Name,
    Type: 'HTTP',
    URL: baseUrl(host),
    ProxyType: 'Internet',
    Authentication: 'OAuth2ClientCredentials',
    clientId: 'apitoken',
    clientSecret: apiToken,
    tokenServiceURL: baseUrl(host) + TOKEN_PATH,
    tokenServiceURLType: 'Dedicated',
    // LeanIX expects the client's credentials in the Authorization header.
    'tokenService.addClientCredentialsInBody': 'false',
    ...(releasedOnly() && { [RELEASED]: 'true' }),
  };
}

function renewed(existing: Stored, target: { host: string; apiToken: string }): Stored {
  const { Name, Authentication = '', Type = '' } = existing;
  const before = hostOf(existing['URL'] ?? '');
  if (releasedOnly() && !isReleased(existing))
    throw new RemoteError('DESTINATION_NOT_RELEASED', 'btp', { args: [Name] });
  if (Type !== 'HTTP' || !before || !isAllowed(before)) throw notLeanIX(Name);
  const kept = Object.fromEntries(Object.entries(existing).filter(([key]) => STAYS.test(key)));
  const made = newDestination(Name, target);
  if (Authentication === 'OAuth2ClientCredentials') return { ...kept, ...made };
  if (Authentication !== 'BasicAuthentication') throw notLeanIX(Name);
  const logon = { Authentication, User: 'apitoken', Password: target.apiToken };
  return { ...kept, Name, Type, URL: baseUrl(target.host), ProxyType: 'Internet', ...logon };
}

/** Properties that an administrator may have added and that cannot redirect the secret. */
const STAYS =
  /^(?:Description|TrustStore(?:Location|Password)|leanix\.integration|URL\.(?:headers|queries)\.(?!authorization$).+)$/i;

const notLeanIX = (name: string) => new RemoteError('DESTINATION_NOT_LEANIX', 'btp', { args: [name] });

/** All destinations that this service may read, those of the instance first. */
export async function listDestinations(): Promise<Stored[]> {
  const [instance, subaccount] = await Promise.all([list(INSTANCE), list(SUBACCOUNT)]);
  return [...instance, ...subaccount];
}

/** @throws RemoteError `DESTINATION_SERVICE_DOWN` for an unreadable list, which must not look like an empty one */
async function list(path: string): Promise<Stored[]> {
  const listed = await call('GET', path);
  assertDone(listed);
  const found = parsed(listed.text);
  if (!Array.isArray(found)) throw serviceError('DOWN', 'unreadable list');
  return found as Stored[];
}

/** @throws RemoteError errors of the transport, with the codes of `askService` */
async function call(method: 'GET' | 'POST' | 'PUT', path: string, body?: Stored): Promise<Answer> {
  const { uri } = binding();
  try {
    return await send({
      system: 'btp',
      access: await access(uri),
      renew: () => access(uri, false),
      method,
      path,
      headers: body && { 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
      write: method === 'POST',
      timing: TIMING,
    });
  } catch (error) {
    if (!(error instanceof RemoteError) || error.code.startsWith('DESTINATION_')) throw error;
    const reason = error.args[1] ?? error.code;
    if (error.code === 'BTP_TOKEN_INVALID') throw serviceError('DENIED', reason, error.status);
    throw serviceError(error.code === 'BTP_BUSY' ? 'BUSY' : 'DOWN', reason, error.status);
  }
}

function binding(): { uri: string } {
  const credentials = getServiceBinding('destination')?.credentials as { uri?: string } | undefined;
  if (!credentials?.uri) throw new RemoteError('DESTINATION_SERVICE_UNBOUND', 'btp');
  return { uri: credentials.uri };
}

/** The host of the Destination service itself. */
export const serviceHost = () => hostOf(binding().uri);

async function access(uri: string, useCache = true): Promise<Access> {
  const token = await askService(() => serviceToken('destination', { useCache }), TIMING);
  const destination = { url: uri.replace(/(?<!\/)\/+$/, ''), authentication: 'NoAuthentication' as const };
  return { destination, headers: { authorization: `Bearer ${token}` } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A body with several results (207) counts as failed if one of them failed. */
function assertDone({ status, text }: Answer): void {
  const results = status === 207 ? parsed(text) : [{ status }];
  if (!Array.isArray(results)) throw serviceError('DOWN', 'unreadable results');
  const failed = (results as { status?: unknown }[]).map((one) => Number(one.status)).find((one) => !(one < 300));
  if (failed !== undefined) throw serviceError('DOWN', `HTTP ${failed}`, failed);
}
