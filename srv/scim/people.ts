import type { HttpDestination } from '@sap-cloud-sdk/connectivity';
import { readDestination } from '../btp/destinations.ts';
import { quote, RemoteError, systemError } from '../base/remote-error.ts';
import { parseJson } from '../btp/json.ts';
import { send, type Timing } from '../btp/transport.ts';
import { readWhole, type Reading } from '../base/complete-list.ts';

/** Somebody as the directory has them. `id` and `managerId` are the directory's own. */
export type DirectoryPerson = {
  id: string;
  userName: string | null;
  email: string | null;
  firstName: string | null;
  lastName: string | null;
  department: string | null;
  managerId: string | null;
  active: boolean;
};

const PAGE = 100;
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/**
 * Reads all people of a SCIM 2.0 service (RFC 7644), such as SAP Cloud Identity Services, behind a destination whose
 * URL is the service's base. Pages count from 1; a service may give fewer at once than it is asked for, and promises no
 * order (3.4.2.4), see `readWhole`.
 * Errors: those of `readDestination` and `send`; `SCIM_FORBIDDEN`, `SCIM_ERROR` (host, reason), `SCIM_UNREADABLE` for
 * what is no list, or not all of it; `SCIM_CHANGED` where people do not stop to come and go meanwhile.
 */
export async function readPeople(
  destination: string,
  options: { signal?: AbortSignal; timing?: Partial<Timing> } = {},
): Promise<DirectoryPerson[]> {
  const { host, sdk } = await readDestination(destination, { timing: options.timing });
  const people = await readWhole(() => readOnce(destination, host, sdk, options));
  if (!people) throw systemError('scim', 'CHANGED', { args: [host] });
  return people;
}

/** All pages once; null where the directory says another number from page to page. */
async function readOnce(
  destination: string,
  host: string,
  sdk: HttpDestination,
  { signal, timing }: { signal?: AbortSignal; timing?: Partial<Timing> },
): Promise<Reading<DirectoryPerson> | null> {
  const unreadable = () => systemError('scim', 'UNREADABLE', { args: [host] });
  const entries: DirectoryPerson[] = [];
  let first: number | undefined;
  for (;;) {
    // eslint-disable-next-line no-await-in-loop -- each page tells whether there is another one
    const { status, text } = await send({
      system: 'scim',
      access: { destination: sdk },
      method: 'GET',
      path: `/Users?startIndex=${entries.length + 1}&count=${PAGE}`,
      headers: { accept: 'application/scim+json, application/json' },
      limit: { key: `scim ${host}`, perSecond: 10 },
      signal,
      renew: async () => ({ destination: (await readDestination(destination, { fresh: true, timing })).sdk }),
      timing,
    });
    const body = parse(text);
    if (status >= 300) throw problem(host, status, body);
    const found = body?.['Resources'] ?? [];
    const total = body?.['totalResults'];
    if (!Array.isArray(found) || typeof total !== 'number') throw unreadable();
    for (const one of found) {
      const person = personOf(one);
      if (!person) throw unreadable();
      entries.push(person);
    }
    first ??= total;
    if (total !== first) return null;
    if (entries.length >= total) return { total, entries };
    if (!found.length) throw unreadable();
  }
}

function problem(host: string, status: number, body: Record<string, unknown> | null): RemoteError {
  const reason = quote(body?.['detail']) || `HTTP ${status}`;
  return systemError('scim', status === 403 ? 'FORBIDDEN' : 'ERROR', { args: [host, reason], status });
}

/** Attributes of the core and the enterprise user (RFC 7643); null for what has no id. */
function personOf(resource: unknown): DirectoryPerson | null {
  const user = object(resource);
  const id = text(user?.['id']);
  if (!user || !id) return null;
  const name = object(user['name']);
  const company = object(user[ENTERPRISE]);
  const emails = (Array.isArray(user['emails']) ? (user['emails'] as unknown[]) : []).map(object);
  const email = emails.find((one) => one?.['primary'] === true) ?? emails[0];
  return {
    id,
    userName: text(user['userName']),
    email: text(email?.['value']),
    firstName: text(name?.['givenName']),
    lastName: text(name?.['familyName']),
    department: text(company?.['department']),
    managerId: text(object(company?.['manager'])?.['value']),
    active: user['active'] !== false,
  };
}

const text = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value.trim() : null);

function object(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return object(parseJson(text));
  } catch {
    return null;
  }
}
