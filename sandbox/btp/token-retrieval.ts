import type { Destination } from './state.ts';

/** An entry of `authTokens` as the Destination service sends it. */
export interface AuthToken {
  type: string;
  value: string;
  http_header?: { key: string; value: string };
  expires_in?: string;
  scope?: string;
  error?: string;
}

interface TokenAnswer {
  access_token?: string;
  token_type?: string;
  expires_in?: number;
  scope?: string;
}

interface CachedToken {
  token: AuthToken;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** A cached token is replaced this long before it expires. */
const safetyMargin = 60_000;

/** Fetches tokens for a destination, as the Destination service does before it returns the destination. */
export class TokenRetrieval {
  readonly #cache = new Map<string, CachedToken>();

  /** The content of `authTokens`; undefined if the authentication type has no such tokens. */
  async authTokens(destination: Destination): Promise<AuthToken[] | undefined> {
    if (destination.Authentication === 'BasicAuthentication') {
      return [withHeader('Basic', basic(destination.User, destination.Password))];
    }
    if (destination.Authentication === 'OAuth2ClientCredentials') return [await this.#clientCredentials(destination)];
    return undefined;
  }

  /** Drops all tokens, as if the service had been restarted. */
  clear(): void {
    this.#cache.clear();
  }

  async #clientCredentials(destination: Destination): Promise<AuthToken> {
    const { clientId, clientSecret, tokenServiceURL, scope } = destination;
    const key = JSON.stringify([clientId, clientSecret, tokenServiceURL, scope]);
    const cached = this.#cache.get(key);
    if (cached && cached.expiresAt - safetyMargin > Date.now()) {
      return { ...cached.token, expires_in: String(Math.floor((cached.expiresAt - Date.now()) / 1000)) };
    }
    try {
      const answer = await requestToken(destination);
      const seconds = Number(answer.expires_in ?? 0);
      const token: AuthToken = {
        ...withHeader('Bearer', answer.access_token ?? ''),
        expires_in: String(seconds),
        ...(answer.scope && { scope: answer.scope }),
      };
      this.#cache.set(key, { token, expiresAt: Date.now() + seconds * 1000 });
      return token;
    } catch (error) {
      return { type: '', value: '', expires_in: '0', error: error instanceof Error ? error.message : String(error) };
    }
  }
}

/** Client ID and secret are sent in the form, or in a Basic header if the destination says so. */
async function requestToken(destination: Destination): Promise<TokenAnswer> {
  const { clientId = '', clientSecret = '', tokenServiceURL = '', scope } = destination;
  const { tokenServiceUser, tokenServicePassword } = destination;
  const inBody = destination['tokenService.addClientCredentialsInBody'] !== 'false';
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  const headers = extraHeaders(destination);
  if (inBody) {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
  }
  if (scope) form.set('scope', scope);
  if (tokenServiceUser) headers.set('authorization', `Basic ${basic(tokenServiceUser, tokenServicePassword)}`);
  else if (!inBody) headers.set('authorization', `Basic ${basic(clientId, clientSecret)}`);

  const response = await fetch(tokenServiceURL, {
    method: 'POST',
    headers,
    body: form,
    signal: AbortSignal.timeout(10_000),
  }).catch(() => {
    throw new Error(`Retrieval of OAuthToken failed: the token service ${tokenServiceURL} could not be reached`);
  });
  const text = await response.text();
  const answer = response.ok ? parse(text) : undefined;
  if (!answer?.access_token) {
    throw new Error(
      `Retrieval of OAuthToken failed due to the following exception: Response status ${response.status}: ${text}`,
    );
  }
  return answer;
}

function extraHeaders(destination: Destination): Headers {
  const prefix = 'tokenServiceURL.headers.';
  const entries = Object.entries(destination).filter(([name]) => name.startsWith(prefix));
  return new Headers(entries.map(([name, value]): [string, string] => [name.slice(prefix.length), value]));
}

function parse(text: string): TokenAnswer | undefined {
  try {
    return JSON.parse(text) as TokenAnswer;
  } catch {
    return undefined;
  }
}

function basic(user = '', password = ''): string {
  return Buffer.from(`${user}:${password}`).toString('base64');
}

function withHeader(type: string, value: string): AuthToken {
  return { type, value, http_header: { key: 'Authorization', value: `${type} ${value}` } };
}
