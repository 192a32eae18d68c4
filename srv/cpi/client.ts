import cds from '@sap/cds';
import { readDestination } from '../btp/destinations.ts';
import { looksLikeHtml, quote, RemoteError } from '../base/remote-error.ts';
import { send, type Answer, type Timing } from '../btp/transport.ts';
import { cut } from '../base/text.ts';
import { isoTime } from '../base/iso-time.ts';
import { entries, linkedEntries, ROUND, type Reader } from './paging.ts';
import { expanded, literal, numberOf, pageOf, rootBelow, textField } from './odata.ts';
import { problemOf, field, type Role } from './errors.ts';
import { readableError } from './error-text.ts';
import { plainText } from './text.ts';
import { statusOf } from './types.ts';
import type { DesigntimeArtifact, DesigntimeKind, Endpoint, IntegrationPackage, RuntimeArtifact } from './types.ts';

export type CpiOptions = {
  /** Name of the BTP destination; its URL may name the host, or the service root with `/api/v1`. */
  destination: string;
  signal?: AbortSignal;
  /** Requests per second, instead of those of `politeness`. */
  perSecond?: Partial<Record<Kind, number>>;
  timing?: Partial<Timing>;
  /** Goes behind all others: a refresh does not wait for users who look at pages. */
  behind?: boolean;
};

/**
 * Reads one Cloud Integration tenant. All methods reject with `RemoteError`: see `problemOf` for refusals, and the
 * transport for a system that does not answer. A list is complete or the call fails.
 */
export type CpiClient = {
  /** In lower case, without a default port, as in external IDs. */
  readonly tenantHost: string;
  /** The number of requests sent so far. */
  readonly requests: number;
  /** Reads one entry of the runtime and one of the design time, to check that both are readable: two requests. */
  check(): Promise<void>;
  /** All deployed artifacts of all types, each once. */
  runtimeArtifacts(): Promise<RuntimeArtifact[]>;
  /**
   * All packages of the design-time workspace.
   * @param known IDs of earlier packages: if all of them are listed, no further page is read
   */
  packages(known?: readonly string[]): Promise<IntegrationPackage[]>;
  /** The artifacts of one kind in a package: one request. Some packages cannot be read (500); then the call fails. */
  designtimeArtifacts(packageId: string, kind: DesigntimeKind): Promise<DesigntimeArtifact[]>;
  /**
   * The zip of an iFlow: one request.
   * @param version the wanted version, or `active` for the current design
   * @param most bytes; a larger zip fails with `CPI_TOO_LARGE`
   * @returns null if the design time does not have it
   */
  content(artifactId: string, version: string, most: number): Promise<Uint8Array<ArrayBuffer> | null>;
  /**
   * The externalized parameters of an iFlow by name: one request. Their values may be secrets.
   * @returns null if the design time does not have it
   */
  configurations(artifactId: string, version: string): Promise<Map<string, string> | null>;
  /** The error of an artifact; null while Cloud Integration has no text, and for a deleted artifact. */
  errorText(artifactId: string): Promise<string | null>;
  /** The endpoints of an iFlow. Those of a new deployment appear after some minutes. */
  endpoints(artifactId: string): Promise<Endpoint[]>;
};

type Kind = 'runtime' | 'designTime';

/** Requests per second, unless `cds.cpi.perSecond` says otherwise. */
const USUAL = { designTime: 8, runtime: 40 };
/** Requests per second that SAP allows a user. */
const MOST = { designTime: 10, runtime: 50 };

/** The configured rate, and a burst that stays within the limit together with it. */
function politeness(kind: Kind): { perSecond: number; burst: number } {
  const { perSecond: set } = (cds.env as { cpi?: { perSecond?: Partial<Record<Kind, number>> } }).cpi ?? {};
  const perSecond = Math.min(MOST[kind] - 1, Math.max(0.1, set?.[kind] ?? USUAL[kind]));
  return { perSecond, burst: Math.max(1, Math.floor(Math.min(perSecond / 4, MOST[kind] - perSecond))) };
}

/**
 * Opens a tenant: reads the destination, but sends nothing yet.
 * @throws RemoteError DESTINATION_MISSING, DESTINATION_INVALID and the like, see `readDestination`
 */
export async function createCpiClient({
  destination,
  signal,
  perSecond,
  timing,
  behind,
}: CpiOptions): Promise<CpiClient> {
  const { host, url, sdk } = await readDestination(destination, { timing });
  const root = rootBelow(url);
  let requests = 0;

  const get = (path: string, kind: Kind, accept = 'application/json', mostBytes?: number): Promise<Answer> => {
    const own = perSecond?.[kind];
    return send({
      system: 'cpi',
      access: { destination: sdk },
      method: 'GET',
      path: root + path,
      headers: { accept },
      mostBytes,
      limit: { key: `cpi:${host}:${kind}`, ...politeness(kind), ...(own && { perSecond: own, burst: own }), behind },
      signal,
      renew: async () => ({ destination: (await readDestination(destination, { fresh: true, timing })).sdk }),
      onRequest: () => requests++,
      timing,
    });
  };
  const unreadable = (reason: string) => new RemoteError('CPI_ERROR', 'cpi', { args: [host, reason], status: 200 });
  const reader = (kind: Kind): Reader => ({
    url,
    read: async (path) => {
      const role: Role = kind === 'runtime' ? 'MonitoringDataRead' : 'WorkspacePackagesRead';
      const answer = await get(path, kind);
      if (answer.status !== 200) throw problemOf(answer, host, role);
      const page = pageOf(answer.text);
      if (!page && looksLikeHtml(answer.text)) throw new RemoteError('CPI_WEB_ADDRESS', 'cpi', { args: [host] });
      if (!page) throw unreadable('no list in the answer');
      return page;
    },
    incomplete: unreadable,
    foreign: (next) => new RemoteError('CPI_FOREIGN_NEXT', 'cpi', { args: [host, quote(next)] }),
    short: (listed, counted) =>
      new RemoteError('CPI_LIST_INCOMPLETE', 'cpi', { args: [host, String(listed), String(counted)] }),
  });
  /** The number of entries in a list; null if the tenant does not count them. */
  const count = async (path: string, kind: Kind): Promise<number | null> => {
    try {
      const answer = await get(`${path}/$count`, kind, '*/*');
      return answer.status === 200 ? numberOf(answer.text) : null;
    } catch (error) {
      // Some answer 500 to unknown paths.
      if (error instanceof RemoteError && error.code === 'CPI_ERROR') return null;
      throw error;
    }
  };

  return {
    tenantHost: host,
    get requests() {
      return requests;
    },
    check: async () => {
      await reader('runtime').read('/IntegrationRuntimeArtifacts?$top=1');
      await reader('designTime').read('/IntegrationPackages?$top=1');
    },
    runtimeArtifacts: async () => {
      const path = '/IntegrationRuntimeArtifacts';
      return (await entries(path, reader('runtime'), { count: () => count(path, 'runtime') })).map(runtimeArtifact);
    },
    packages: async (known = []) => {
      // Cloud Integration does not count packages. A list with a round number of entries, or without a known package,
      // may be cut off.
      const suffices = (ids: ReadonlySet<string>) => ids.size % ROUND !== 0 && known.every((id) => ids.has(id));
      return (await entries('/IntegrationPackages', reader('designTime'), { suffices })).map(integrationPackage);
    },
    designtimeArtifacts: async (packageId, kind) => {
      const path = `/IntegrationPackages(${literal(packageId)})/${kind}`;
      const all = await linkedEntries(path, reader('designTime'));
      return all.map((entry) => designtimeArtifact(entry, packageId, kind));
    },
    content: async (artifactId, version, most) => {
      const answer = await get(`${designed(artifactId, version)}/$value`, 'designTime', '*/*', most);
      if (answer.status === 404) return null;
      if (answer.status !== 200) throw problemOf(answer, host, 'WorkspacePackagesRead');
      const bytes = answer.bytes ?? new Uint8Array();
      if (looksLikeHtml(new TextDecoder().decode(bytes.subarray(0, 2000))))
        throw new RemoteError('CPI_WEB_ADDRESS', 'cpi', { args: [host] });
      return bytes;
    },
    configurations: async (artifactId, version) => {
      const path = `${designed(artifactId, version)}/Configurations`;
      try {
        const { entries: all } = await reader('designTime').read(path);
        return new Map(
          all.map((one) => [textField(one, 'ParameterKey') ?? '', textField(one, 'ParameterValue') ?? '']),
        );
      } catch (error) {
        if (error instanceof RemoteError && error.status === 404) return null;
        throw error;
      }
    },
    errorText: async (artifactId) => {
      const path = `/IntegrationRuntimeArtifacts(${literal(artifactId)})/ErrorInformation/$value`;
      const answer = await get(path, 'runtime', '*/*');
      if (answer.status === 204 || answer.status === 404) return null;
      if (answer.status !== 200) throw problemOf(answer, host, 'MonitoringDataRead');
      return readableError(answer.text);
    },
    endpoints: async (artifactId) => {
      const query = `$expand=EntryPoints,ApiDefinitions&$filter=Name%20eq%20${literal(artifactId)}`;
      return (await linkedEntries(`/ServiceEndpoints?${query}`, reader('runtime'))).map(endpoint);
    },
  };
}

/** The path of a version of an iFlow in the design time. */
const designed = (artifactId: string, version: string) =>
  `/IntegrationDesigntimeArtifacts(Id=${literal(artifactId)},Version=${literal(version)})`;

/** Maximum length of names, of users, and of versions and types. */
const NAME = 500;
const USER = 255;
const WORD = 50;

function runtimeArtifact(entry: unknown): RuntimeArtifact {
  const id = textField(entry, 'Id') ?? '';
  return {
    id,
    name: cut(textField(entry, 'Name') ?? id, NAME),
    version: cut(textField(entry, 'Version'), WORD),
    type: cut(textField(entry, 'Type') ?? 'UNKNOWN', WORD),
    status: statusOf(textField(entry, 'Status') ?? ''),
    deployedBy: cut(textField(entry, 'DeployedBy'), USER),
    deployedOn: isoTime(field(entry, 'DeployedOn')),
  };
}

function integrationPackage(entry: unknown): IntegrationPackage {
  const id = textField(entry, 'Id') ?? '';
  return {
    id,
    name: cut(textField(entry, 'Name') ?? id, NAME),
    modifiedAt: isoTime(field(entry, 'ModifiedDate')),
  };
}

function designtimeArtifact(entry: unknown, packageId: string, kind: DesigntimeKind): DesigntimeArtifact {
  return {
    id: textField(entry, 'Id') ?? '',
    packageId,
    kind,
    version: cut(textField(entry, 'Version'), WORD),
    description: plainText(textField(entry, 'Description')),
    sender: cut(textField(entry, 'Sender'), NAME),
    receiver: cut(textField(entry, 'Receiver'), NAME),
  };
}

function endpoint(entry: unknown): Endpoint {
  return {
    id: textField(entry, 'Id') ?? '',
    protocol: textField(entry, 'Protocol'),
    lastUpdated: isoTime(field(entry, 'LastUpdated')),
    entryPoints: expanded(field(entry, 'EntryPoints')).map((point) => ({
      name: textField(point, 'Name') ?? '',
      url: textField(point, 'Url') ?? '',
      type: textField(point, 'Type'),
    })),
    apiDefinitions: expanded(field(entry, 'ApiDefinitions')).map((definition) => ({
      name: textField(definition, 'Name') ?? textField(definition, 'Type') ?? '',
      url: textField(definition, 'Url') ?? '',
    })),
  };
}
