import { createHash } from 'node:crypto';
import xssec from '@sap/xssec';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { startBTP } from '../../sandbox/btp/server.ts';
import type { BTP } from '../../sandbox/btp/server.ts';
import { createBTPState } from '../../sandbox/btp/state.ts';
import { bodyOf, credentialsOf } from './btp-client.ts';

const redirectUri = 'http://localhost:5000/login/callback';
let btp: BTP;

beforeAll(async () => {
  btp = await startBTP({ state: createBTPState('demo!t1') });
});
afterAll(() => btp.stop());

const credentials = () => credentialsOf(btp, 'xsuaa');
const authorizeUrl = (more: Record<string, string> = {}) => {
  const query = { response_type: 'code', client_id: credentials().clientid ?? '', redirect_uri: redirectUri, ...more };
  return `${btp.url}/oauth/authorize?${new URLSearchParams(query).toString()}`;
};
const postToken = (form: Record<string, string>, { clientid, clientsecret } = credentials()) =>
  fetch(`${btp.url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientid}:${clientsecret}`).toString('base64')}` },
    body: new URLSearchParams(form),
  });
const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

async function codeFor(user: string, more: Record<string, string> = {}): Promise<string> {
  const response = await fetch(authorizeUrl({ user, ...more }), { redirect: 'manual' });
  expect(response.status).toBe(302);
  return new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? '';
}

/** The result of SAP's security library for a token: its context, or an error. */
async function check(token: string) {
  const service = new xssec.XsaService(credentials());
  return xssec.createSecurityContext(service, { jwt: token });
}

describe('the login page', () => {
  test('offers the three users', async () => {
    const response = await fetch(authorizeUrl({ state: '"><script>' }));
    const page = await response.text();
    expect(page).toContain('vera.viewer@example.com');
    expect(page).toContain('adam.admin@example.com');
    expect(page).toContain('erika.enterprise@example.com');
    expect(page).not.toContain('<script>');
  });

  test('sends the user back with a code and the state', async () => {
    const response = await fetch(authorizeUrl({ user: 'viewer', state: 'abc' }), { redirect: 'manual' });
    const target = new URL(response.headers.get('location') ?? '');
    expect(`${target.origin}${target.pathname}`).toBe(redirectUri);
    expect(target.searchParams.get('state')).toBe('abc');
  });

  test('sends nobody to another site', async () => {
    const response = await fetch(authorizeUrl({ user: 'viewer', redirect_uri: 'https://evil.example/' }), {
      redirect: 'manual',
    });
    expect(response.status).toBe(400);
  });
});

describe('tokens', () => {
  test('a code is exchanged once, for a token with the scopes of the role collection', async () => {
    const form = { grant_type: 'authorization_code', redirect_uri: redirectUri, code: await codeFor('admin') };
    const answer = await bodyOf(await postToken(form));
    expect(claimsOf(answer.access_token)).toMatchObject({
      user_name: 'adam.admin@example.com',
      grant_type: 'authorization_code',
      scope: ['openid', 'demo!t1.Viewer', 'demo!t1.Admin'],
    });
    expect((await postToken(form)).status).toBe(400);
    const refreshed = await bodyOf(
      await postToken({ grant_type: 'refresh_token', refresh_token: answer.refresh_token }),
    );
    expect(claimsOf(refreshed.access_token).user_name).toBe('adam.admin@example.com');
  });

  test('a code with a PKCE challenge needs its verifier', async () => {
    const challenge = createHash('sha256').update('verifier').digest('base64url');
    const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
    const form = { grant_type: 'authorization_code', redirect_uri: redirectUri };
    const refused = await postToken({ ...form, code: await codeFor('viewer', pkce), code_verifier: 'guess' });
    const accepted = await postToken({ ...form, code: await codeFor('viewer', pkce), code_verifier: 'verifier' });
    expect([refused.status, accepted.status]).toEqual([400, 200]);
  });

  test('a client with a wrong secret gets none', async () => {
    const wrong = { ...credentials(), clientsecret: 'wrong' };
    expect((await postToken({ grant_type: 'client_credentials' }, wrong)).status).toBe(401);
  });

  test('are accepted by the security library of SAP', async () => {
    const context = await check(await btp.token('enterprise'));
    expect(context.checkLocalScope('EnterpriseAdmin')).toBe(true);
    expect(context.token.payload.email).toBe('erika.enterprise@example.com');
  });

  test('can have single scopes', async () => {
    const context = await check(await btp.token('enterprise', { scopes: ['EnterpriseAdmin'] }));
    expect(context.checkLocalScope('EnterpriseAdmin')).toBe(true);
    expect(context.checkLocalScope('Viewer')).toBe(false);
  });

  test.each([
    ['expired', () => btp.token('viewer', { expiresIn: -3600 })],
    ['meant for someone else', () => btp.token({ aud: ['other'], cid: 'other', client_id: 'other', azp: 'other' })],
  ])('are refused if they are %s', async (_why, token) => {
    await expect(check(await token())).rejects.toThrow();
  });

  test('outlive a restart', async () => {
    const token = await btp.token('viewer');
    const port = Number(new URL(btp.url).port);
    await btp.stop();
    btp = await startBTP({ port, state: JSON.parse(JSON.stringify(btp.state)) });
    const keys = createRemoteJWKSet(new URL(`${btp.url}/token_keys`));
    await expect(jwtVerify(token, keys)).resolves.toBeDefined();
  });
});

test('the configuration names the endpoints', async () => {
  const configuration = await bodyOf(await fetch(`${btp.url}/.well-known/openid-configuration`));
  expect(configuration.token_endpoint).toBe(`${btp.url}/oauth/token`);
  const keys = await bodyOf(await fetch(`${btp.url}/token_keys?zid=any`));
  expect(keys.keys[0]).toMatchObject({ kty: 'RSA', alg: 'RS256' });
  expect(keys.keys[0]).not.toHaveProperty('d');
});
