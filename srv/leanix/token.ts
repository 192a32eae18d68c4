import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import { looksLikeHtml, systemError } from '../base/remote-error.ts';
import { baseUrl } from '../btp/hosts.ts';
import { send, type Timing } from '../btp/transport.ts';
import { politeness } from './politeness.ts';

/** The identity in a bearer; null for what it does not contain. */
export type Identity = {
  userId: string | null;
  workspaceId: string | null;
  workspaceName: string | null;
  /** The permission in the workspace, such as `ADMIN`. */
  role: string | null;
};

type Bearer = { value: string; until: number };

const PATH = '/services/mtm/v1/oauth2/token';
const MARGIN = 60_000;
/** LeanIX documents one hour; used if the answer names no lifetime. */
const LIFETIME = 3600;

/** By host and hash of the API token: the running exchange, or the last successful one. */
const bearers = new Map<string, Promise<Bearer>>();

/**
 * The bearer for an API token: one exchange at a time, kept until a minute before its end (or the last tenth of a short
 * life). `renew` always fetches a new one. The host must have been checked with `isAllowed`.
 *
 * Errors: `LEANIX_TOKEN_INVALID` after 400 and 401 (only the 401 for a wrong token is documented; its body is not, and
 * is not read), `LEANIX_NOT_A_WORKSPACE` if there is no such endpoint, `LEANIX_UNREADABLE`, and those of `send`.
 */
export async function exchange(
  host: string,
  apiToken: string,
  { renew = false, timing }: { renew?: boolean; timing?: Partial<Timing> } = {},
): Promise<string> {
  const key = `${host} ${createHash('sha256').update(apiToken).digest('hex')}`;
  const cached = bearers.get(key);
  if (cached && !renew) {
    const bearer = await cached;
    if (Date.now() < bearer.until) return bearer.value;
    // The first waiting caller starts the exchange; the others share it.
    if (bearers.get(key) !== cached) return exchange(host, apiToken, { timing });
  }
  const running = ask(host, apiToken, timing);
  bearers.set(key, running);
  running.catch(() => bearers.get(key) === running && bearers.delete(key));
  return (await running).value;
}

async function ask(host: string, apiToken: string, timing?: Partial<Timing>): Promise<Bearer> {
  const credentials = Buffer.from(`apitoken:${apiToken}`).toString('base64');
  const fail = (problem: string, reason: string, status: number) =>
    systemError('leanix', problem, { args: [host, reason], status });
  const { status, text } = await send({
    system: 'leanix',
    access: { destination: { url: baseUrl(host), authentication: 'NoAuthentication' } },
    method: 'POST',
    path: PATH,
    headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
    limit: politeness(host),
    timing,
  });
  const askedAt = Date.now();
  if (status === 404 || status === 405 || looksLikeHtml(text)) throw fail('NOT_A_WORKSPACE', `HTTP ${status}`, status);
  if (status === 400) throw fail('TOKEN_INVALID', `HTTP ${status}`, status);
  if (status >= 300) throw fail('ERROR', `HTTP ${status}`, status);
  const answer = parse(text);
  if (typeof answer?.access_token !== 'string') throw fail('UNREADABLE', 'no access_token', status);
  const seconds = Number(answer.expires_in) || LIFETIME;
  return { value: answer.access_token, until: askedAt + seconds * 1000 - Math.min(MARGIN, seconds * 100) };
}

function parse(text: string): { access_token?: unknown; expires_in?: unknown } | null {
  try {
    return JSON.parse(text) as { access_token?: unknown; expires_in?: unknown } | null;
  } catch {
    return null;
  }
}

/**
 * Reads the claims of a bearer. They need not be trusted: they only show the workspace and the role to users. The
 * claims are known from public clients. A bearer that is no JWT, or has other claims, gives nulls.
 */
export function identityOf(bearer: string): Identity {
  const { principal } = claims(bearer);
  const text = (value: unknown) => (typeof value === 'string' && value ? value : null);
  return {
    userId: text(principal?.id),
    workspaceId: text(principal?.permission?.workspaceId),
    workspaceName: text(principal?.permission?.workspaceName),
    role: text(principal?.permission?.role),
  };
}

type Claims = {
  principal?: {
    id?: unknown;
    permission?: { workspaceId?: unknown; workspaceName?: unknown; role?: unknown } | null;
  } | null;
};

function claims(bearer: string): Claims {
  try {
    return decodeJwt(bearer);
  } catch {
    return {};
  }
}
