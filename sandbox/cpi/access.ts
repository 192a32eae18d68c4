import { randomBytes, randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import { bearerOf, clientOf, formOf } from '../http.ts';
import type { AccessToken, CPIState, Role } from './state.ts';
import type { CPISwitches } from './switches.ts';

/** The token endpoint of the tenant: client credentials, by HTTP Basic or in the form. */
export function tokenEndpoint(state: CPIState, onChange: () => void): RequestHandler {
  return (req, res) => {
    const { id, secret } = clientOf(req);
    const client = state.clients.find((known) => known.id === id && known.secret === secret);
    if (!client) {
      res.status(401).json({ error: 'unauthorized', error_description: 'Bad credentials' });
      return;
    }
    if (formOf(req).grant_type !== 'client_credentials') {
      res.status(400).json({ error: 'unsupported_grant_type', error_description: 'Unsupported grant type' });
      return;
    }
    const token: AccessToken = {
      value: randomBytes(24).toString('base64url'),
      clientId: id,
      roles: [...client.roles],
      expiresAt: Date.now() + state.tokenLifetime * 1000,
    };
    state.tokens = [...state.tokens.filter(({ expiresAt }) => expiresAt > Date.now()), token];
    onChange();
    res.json({
      access_token: token.value,
      token_type: 'bearer',
      expires_in: state.tokenLifetime,
      scope: token.roles.map((role) => `it!b117912.${role}`).join(' '),
      jti: randomUUID(),
    });
  };
}

/** Lets requests with a valid token pass. */
export function authenticate(state: CPIState, switches: CPISwitches): RequestHandler {
  return (req, res, next) => {
    const token = findToken(state, bearerOf(req));
    if (token) {
      res.locals.token = token;
      next();
      return;
    }
    res.status(401).set('WWW-Authenticate', 'Bearer');
    if (switches.unauthorized === 'empty') res.end();
    else
      res.send(
        '<html><head><title>Error report</title></head><body><h1>HTTP Status 401 - Unauthorized</h1></body></html>',
      );
  };
}

/** Answers 403 and returns false if the client lacks the role. */
export function hasRole(res: Response, role: Role, switches: CPISwitches): boolean {
  const { roles } = res.locals.token as AccessToken;
  if (roles.includes(role)) return true;
  res.status(403);
  if (switches.forbidden === 'empty') res.end();
  // No `error` around it, unlike all other errors.
  else res.json({ code: 'Forbidden', message: { lang: 'en', value: null } });
  return false;
}

/** Counts the requests of each client within the last second. */
export class RateLimit {
  readonly #times = new Map<string, number[]>();

  /** Answers 429 and returns false if there were too many requests. */
  admits(res: Response, group: string, perSecond: number, retryAfter: CPISwitches['retryAfter']): boolean {
    if (perSecond <= 0) return true;
    const now = Date.now();
    const key = `${group} ${(res.locals.token as AccessToken).clientId}`;
    const recent = (this.#times.get(key) ?? []).filter((time) => time > now - 1000);
    this.#times.set(key, recent);
    if (recent.length < perSecond) {
      recent.push(now);
      return true;
    }
    if (retryAfter === 'seconds') res.set('Retry-After', '1');
    if (retryAfter === 'date') res.set('Retry-After', new Date(now + 2000).toUTCString());
    res.status(429).type('text/plain').send('Too Many Requests');
    return false;
  }
}

function findToken(state: CPIState, value: string): AccessToken | undefined {
  return state.tokens.find((token) => token.value === value && token.expiresAt > Date.now());
}
