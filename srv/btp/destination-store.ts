import { getServiceBinding, serviceToken } from '@sap-cloud-sdk/connectivity';
import { forgetDestination, isDestinationName, serviceProblem } from './destinations.ts';
import { OutcomeUnknown, RemoteError } from '../base/remote-error.ts';
import { baseUrl, hostOf, isAllowed } from './hosts.ts';
import { send, type Access, type Answer } from './transport.ts';

/** A destination as the Destination service's REST API has it: flat text properties, secrets in clear. */
type Stored = Record<string, string> & { Name: string };

const PATH = '/destination-configuration/v1/instanceDestinations';
const TOKEN_PATH = '/services/mtm/v1/oauth2/token';

/**
 * Writes the instance-level destination that reaches LeanIX. One that exists keeps its kind of authentication
 * (`OAuth2ClientCredentials` or `BasicAuthentication`) and its other properties and gets the URL and the secret; a new
 * one is made as `OAuth2ClientCredentials`. `host` must be allowed. Who reads the destination afterwards gets the new
 * one.
 *
 * Errors: `HOST_NOT_ALLOWED`; `DESTINATION_NAME_INVALID`; `DESTINATION_NOT_LEANIX` if the name belongs to a destination
 * of another kind or of another system, which stays as it is; `DESTINATION_SERVICE_DOWN`,
 * `DESTINATION_SERVICE_UNBOUND`.
 *
 * The REST API is known from SAP's documentation and from other clients, not from its specification: what an existing
 * name answers to POST is uncertain, so it is looked up first, and once more after 409.
 */
export async function storeInstanceDestination(
  name: string,
  target: { host: string; apiToken: string },
): Promise<void> {
  if (!isAllowed(target.host)) throw new RemoteError('HOST_NOT_ALLOWED', 'leanix', { args: [target.host] });
  if (!isDestinationName(name)) throw new RemoteError('DESTINATION_NAME_INVALID', 'btp', { args: [name] });
  try {
    if (!(await put(name, target))) {
      const created = await call('POST', newDestination(name, target));
      if (created.status === 409) await put(name, target);
      else assertDone(created);
    }
  } catch (error) {
    if (error instanceof OutcomeUnknown) throw down(error.args[1] ?? '');
    throw error instanceof RemoteError && error.system === 'btp' && error.code.startsWith('BTP_')
      ? down(error.args[1] ?? '')
      : error;
  } finally {
    forgetDestination(name);
  }
}

/** Renews the destination of that name; false if there is none. */
async function put(name: string, target: { host: string; apiToken: string }): Promise<boolean> {
  const listed = await call('GET');
  assertDone(listed);
  const existing = parseList(listed.text).find((one) => one.Name === name);
  if (!existing) return false;
  assertDone(await call('PUT', renewed(existing, target)));
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
    // LeanIX takes the client's credentials as an Authorization header.
    'tokenService.addClientCredentialsInBody': 'false',
  };
}

function renewed(existing: Stored, target: { host: string; apiToken: string }): Stored {
  const URL = baseUrl(target.host);
  const before = hostOf(existing['URL'] ?? '');
  if (!before || isAllowed(before)) {
    if (existing['Authentication'] === 'BasicAuthentication') {
      return { ...existing, URL, User: existing['User'] || 'apitoken', Password: target.apiToken };
    }
    if (existing['Authentication'] === 'OAuth2ClientCredentials') {
      const { clientId, clientSecret, tokenServiceURL } = newDestination(existing.Name, target);
      return { ...existing, URL, clientId, clientSecret, tokenServiceURL } as Stored;
    }
  }
  throw new RemoteError('DESTINATION_NOT_LEANIX', 'btp', { args: [existing.Name] });
}

async function call(method: 'GET' | 'POST' | 'PUT', body?: Stored): Promise<Answer> {
  const { uri } = binding();
  return send({
    system: 'btp',
    access: await access(uri),
    renew: () => access(uri, false),
    method,
    path: PATH,
    headers: body && { 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
    write: method === 'POST',
    timing: { tries: 3 },
  });
}

function binding(): { uri: string } {
  const credentials = getServiceBinding('destination')?.credentials as { uri?: string } | undefined;
  if (!credentials?.uri) throw new RemoteError('DESTINATION_SERVICE_UNBOUND', 'btp');
  return { uri: credentials.uri };
}

async function access(uri: string, useCache = true): Promise<Access> {
  try {
    const token = await serviceToken('destination', { useCache });
    const destination = { url: uri.replace(/\/+$/, ''), authentication: 'NoAuthentication' as const };
    return { destination, headers: { authorization: `Bearer ${token}` } };
  } catch (error) {
    throw serviceProblem(error);
  }
}

function parseList(text: string): Stored[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list as Stored[];
  } catch {
    // Falls through: a list that cannot be read must not look like an empty one.
  }
  throw down('unreadable list');
}

/** A body of several results (207) counts as failed as soon as one of them has. */
function assertDone({ status, text }: Answer): void {
  if (status >= 300) throw down(`HTTP ${status}`, status);
  if (status !== 207) return;
  const failed = /"status"\s*:\s*"?([45]\d\d)/.exec(text)?.[1];
  if (failed) throw down(`HTTP ${failed}`, Number(failed));
}

const down = (reason: string, status?: number) =>
  new RemoteError('DESTINATION_SERVICE_DOWN', 'btp', { args: [reason], status });
