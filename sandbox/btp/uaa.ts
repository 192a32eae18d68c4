import { createHash, randomUUID } from 'node:crypto';
import express from 'express';
import type { Request, Response, Router } from 'express';
import { clientOf, formOf } from '../http.ts';
import type { Client } from '../http.ts';
import { lifetime, users } from './tokens.ts';
import type { Tokens, UserName } from './tokens.ts';

/** What the login page promised for a code. */
interface Login {
  user: UserName;
  redirectUri: string;
  challenge?: string;
  challengeMethod?: string;
}

/** The UAA: login page, tokens and the keys to check them with. */
export function uaaRouter(tokens: Tokens): Router {
  const { state, url } = tokens;
  const logins = new Map<string, Login>();
  const router = express.Router();

  router.get('/.well-known/openid-configuration', (_req, res) => {
    res.json({
      issuer: `${url}/oauth/token`,
      authorization_endpoint: `${url}/oauth/authorize`,
      token_endpoint: `${url}/oauth/token`,
      jwks_uri: `${url}/token_keys`,
      end_session_endpoint: `${url}/logout.do`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'client_credentials', 'refresh_token'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      code_challenge_methods_supported: ['S256', 'plain'],
    });
  });

  router.get('/token_keys', (_req, res) => {
    const { kid, publicKey } = state.signingKey;
    res.json({ keys: [{ ...publicKey, kid, alg: 'RS256', use: 'sig' }] });
  });

  router.get('/oauth/authorize', (req, res) => {
    const query = formOf(req);
    const redirectUri = query.redirect_uri ?? '';
    if (query.client_id !== state.appClient.id || query.response_type !== 'code' || !isLocal(redirectUri)) {
      res
        .status(400)
        .send('This login needs response_type=code, the client of the application and a local redirect_uri.');
      return;
    }
    if (!isUser(query.user)) {
      res.send(loginPage(query));
      return;
    }
    const code = randomUUID();
    const { code_challenge: challenge, code_challenge_method: challengeMethod } = query;
    logins.set(code, { user: query.user, redirectUri, challenge, challengeMethod });
    const target = new URL(redirectUri);
    target.searchParams.set('code', code);
    if (query.state) target.searchParams.set('state', query.state);
    res.redirect(target.href);
  });

  router.get(['/logout', '/logout.do'], (req, res) => {
    const target = formOf(req).redirect ?? '';
    if (isLocal(target)) res.redirect(target);
    else res.send('You are signed out.');
  });

  router.post('/oauth/token', async (req: Request, res: Response) => {
    const form = formOf(req);
    const client = knownClient(clientOf(req));
    if (!client) {
      res.status(401).json({ error: 'unauthorized', error_description: 'Bad credentials' });
    } else if (form.grant_type === 'client_credentials') {
      res.json(answer(await tokens.forClient(client), 'uaa.resource'));
    } else if (form.grant_type === 'authorization_code') {
      const login = logins.get(form.code ?? '');
      logins.delete(form.code ?? '');
      if (login && login.redirectUri === form.redirect_uri && verifierFits(login, form.code_verifier)) {
        res.json(await userAnswer(login.user));
      } else {
        res.status(400).json({ error: 'invalid_grant', error_description: 'Invalid authorization code' });
      }
    } else if (form.grant_type === 'refresh_token') {
      const claims = await tokens.verify(form.refresh_token ?? '', 'refresh').catch(() => undefined);
      if (isUser(claims?.refresh)) res.json(await userAnswer(claims.refresh));
      else res.status(401).json({ error: 'invalid_token', error_description: 'The refresh token is not valid' });
    } else {
      res.status(400).json({ error: 'unsupported_grant_type', error_description: 'Unsupported grant type' });
    }
  });

  function knownClient({ id, secret }: Client): Client | undefined {
    const clients = [state.appClient, state.destinationClient, state.alertClient];
    return clients.find((known) => known.id === id && known.secret === secret);
  }

  async function userAnswer(name: UserName) {
    const scope = users[name].scopes.map((it) => `${state.xsappname}.${it}`).join(' ');
    const token = await tokens.forUser(name);
    return { ...answer(token, `openid ${scope}`), id_token: token, refresh_token: await tokens.forRefresh(name) };
  }

  return router;
}

function answer(token: string, scope: string) {
  return { access_token: token, token_type: 'bearer', expires_in: lifetime, scope, jti: randomUUID() };
}

function isUser(name: unknown): name is UserName {
  return typeof name === 'string' && Object.hasOwn(users, name);
}

/** A login must not redirect to other sites. */
function isLocal(target: string): boolean {
  const { protocol, hostname } = URL.parse(target) ?? {};
  return /^https?:$/.test(protocol ?? '') && ['localhost', '127.0.0.1', '[::1]'].includes(hostname ?? '');
}

function verifierFits({ challenge, challengeMethod }: Login, verifier = ''): boolean {
  if (!challenge) return true;
  const wanted = challengeMethod === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier;
  return wanted === challenge;
}

function loginPage(query: Record<string, string>): string {
  const hidden = Object.entries(query)
    .filter(([name]) => name !== 'user')
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`);
  const buttons = Object.entries(users).map(
    ([name, { email, roleCollection }]) =>
      `<p><button name="user" value="${name}">${email}</button> ${escapeHtml(roleCollection)}</p>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sign in to the sandbox</title>
<h1>Sign in to the sandbox</h1><p>Nobody needs a password here.</p>
<form action="/oauth/authorize">${hidden.join('')}${buttons.join('')}</form></html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
