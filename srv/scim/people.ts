import type { HttpDestination } from '@sap-cloud-sdk/connectivity';
import { readDestination } from '../btp/destinations.ts';
import { quote, RemoteError, systemError } from '../base/remote-error.ts';
import { parseJson } from '../btp/json.ts';
import { send, type Timing } from '../btp/transport.ts';
import { readWhole, type Reading } from '../base/complete-list.ts';

/** A person in the directory. `id` and `managerId` are the directory's own. */
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

/** The problem with the pages of one reading: their totals differ, or one page came twice. */
type Oddity = 'totals' | 'repeated';

/**
 * Reads all people of a SCIM 2.0 service (RFC 7644), such as SAP Cloud Identity Services, through a destination with
 * the base URL of the service. Pages count from 1. A service may return fewer entries than requested and guarantees no
 * order (3.4.2.4), see `readWhole`. After a full page, the next one is read even if `totalResults` says otherwise: some
 * services return the size of the page there.
 * Errors: those of `readDestination` and `send`; `SCIM_FORBIDDEN`, `SCIM_ERROR` (host, reason); `SCIM_UNREADABLE` if
 * the answer is not a complete list; `SCIM_PAGING` if the pages of two consecutive readings with the same people
 * contradict each other; `SCIM_CHANGED` if people keep changing during the readings.
 */
export async function readPeople(
  destination: string,
  options: { signal?: AbortSignal; timing?: Partial<Timing> } = {},
): Promise<DirectoryPerson[]> {
  const { host, sdk } = await readDestination(destination, { timing: options.timing });
  let last = '';
  const people = await readWhole(async () => {
    const { entries, total, oddity } = await readOnce(destination, host, sdk, options);
    const ids = entries.map(({ id }) => id).sort();
    const found = oddity ? [oddity, ...new Set(ids)].join(' ') : '';
    if (oddity && found === last) throw systemError('scim', 'PAGING', { args: [host] });
    last = found;
    return oddity ? null : { total, entries };
  });
  if (!people) throw systemError('scim', 'CHANGED', { args: [host] });
  return people;
}

type Page = { entries: DirectoryPerson[]; total: number };

/** Reads all pages once, as far as they are consistent. */
async function readOnce(
  destination: string,
  host: string,
  sdk: HttpDestination,
  options: { signal?: AbortSignal; timing?: Partial<Timing> },
): Promise<Reading<DirectoryPerson> & { oddity?: Oddity }> {
  const pages: Page[] = [];
  const entries: DirectoryPerson[] = [];
  for (;;) {
    if (!isOpen(pages)) break;
    // A page beyond the end is read only as a check: some services refuse it.
    const beyond = pages.length > 0 && entries.length >= pages.at(-1)!.total;
    // eslint-disable-next-line no-await-in-loop -- each page tells whether there is another one
    const page = await readPage(destination, host, sdk, entries.length + 1, beyond, options);
    if (!page?.entries.length) break;
    if (isSame(page, pages.at(-1))) {
      // A service without paging returns the whole list each time.
      const isWhole = beyond && pages.length === 1 && entries.length !== PAGE;
      return { entries, total: entries.length, ...(!isWhole && { oddity: 'repeated' as const }) };
    }
    pages.push(page);
    entries.push(...page.entries);
  }
  const [first] = pages;
  if (!first) return { entries, total: 0 };
  const saysPage = pages.every(({ total, entries: { length } }) => total === length);
  if (saysPage) return { entries, total: entries.length };
  const isEven = pages.every(({ total }) => total === first.total);
  if (isEven && first.total > entries.length) throw systemError('scim', 'UNREADABLE', { args: [host] });
  return { entries, total: first.total, ...(!isEven && { oddity: 'totals' as const }) };
}

/**
 * Whether another page may follow: none was read yet, more are announced, or the last page was as full as the first
 * one.
 */
function isOpen(pages: readonly Page[]): boolean {
  const [first] = pages;
  if (!first) return true;
  const { entries, total } = pages.at(-1)!;
  const read = pages.reduce((sum, page) => sum + page.entries.length, 0);
  return read < total || entries.length >= first.entries.length;
}

const isSame = ({ entries }: Page, before: Page | undefined) =>
  before?.entries.length === entries.length && entries.every(({ id }, n) => id === before.entries[n]!.id);

/** @param beyond the page may not exist: null if the service says so */
async function readPage(
  destination: string,
  host: string,
  sdk: HttpDestination,
  startIndex: number,
  beyond: boolean,
  { signal, timing }: { signal?: AbortSignal; timing?: Partial<Timing> },
): Promise<Page | null> {
  const { status, text } = await send({
    system: 'scim',
    access: { destination: sdk },
    method: 'GET',
    path: `/Users?startIndex=${startIndex}&count=${PAGE}`,
    headers: { accept: 'application/scim+json, application/json' },
    limit: { key: `scim ${host}`, perSecond: 10 },
    signal,
    renew: async () => ({ destination: (await readDestination(destination, { fresh: true, timing })).sdk }),
    timing,
  });
  const body = parse(text);
  if (beyond && (status === 400 || status === 404)) return null;
  if (status >= 300) throw problem(host, status, body);
  const found = body?.['Resources'] ?? [];
  const total = body?.['totalResults'];
  const people = Array.isArray(found) ? found.map(personOf) : [null];
  if (typeof total !== 'number' || people.includes(null)) throw systemError('scim', 'UNREADABLE', { args: [host] });
  return { entries: people as DirectoryPerson[], total };
}

function problem(host: string, status: number, body: Record<string, unknown> | null): RemoteError {
  const reason = quote(body?.['detail']) || `HTTP ${status}`;
  return systemError('scim', status === 403 ? 'FORBIDDEN' : 'ERROR', { args: [host, reason], status });
}

/** Attributes of the core and the enterprise user (RFC 7643); null without an ID. */
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
