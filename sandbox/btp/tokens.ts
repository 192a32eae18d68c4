import { randomUUID } from 'node:crypto';
import { importJWK, jwtVerify, SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import type { Client } from '../http.ts';
import type { BTPState } from './state.ts';

export interface User {
  givenName: string;
  familyName: string;
  email: string;
  roleCollection: string;
  /** Without the application's prefix. A role template contains the scopes of the smaller ones. */
  scopes: string[];
}

export type UserName = 'viewer' | 'admin' | 'enterprise';

/** The people who can sign in, one for each role collection. */
export const users: Record<UserName, User> = {
  viewer: {
    givenName: 'Vera',
    familyName: 'Viewer',
    email: 'vera.viewer@example.com',
    roleCollection: 'LeanIX Integration Viewer',
    scopes: ['Viewer'],
  },
  admin: {
    givenName: 'Adam',
    familyName: 'Admin',
    email: 'adam.admin@example.com',
    roleCollection: 'LeanIX Integration Admin',
    scopes: ['Viewer', 'Admin'],
  },
  enterprise: {
    givenName: 'Erika',
    familyName: 'Enterprise',
    email: 'erika.enterprise@example.com',
    roleCollection: 'LeanIX Integration Enterprise Admin',
    scopes: ['Viewer', 'Admin', 'EnterpriseAdmin'],
  },
};

export interface TokenOptions {
  /** Scopes instead of the user's, without the application's prefix. */
  scopes?: string[];
  /** Seconds until the token expires; negative for one that has expired (libraries allow for a minute). */
  expiresIn?: number;
  /** Claims to add or replace. */
  claims?: JWTPayload;
}

/** How long a token of the UAA lives, in seconds. */
export const lifetime = 43_199;

/** Signs and checks the tokens of a UAA that is reached at `url`. */
export class Tokens {
  readonly state: BTPState;
  readonly url: string;

  constructor(state: BTPState, url: string) {
    this.state = state;
    this.url = url;
  }

  /** A token as a user gets it by signing in to the application. */
  forUser(name: UserName, { scopes, expiresIn, claims }: TokenOptions = {}): Promise<string> {
    const user = users[name];
    const { xsappname, appClient } = this.state;
    const userClaims: JWTPayload = {
      'xs.system.attributes': { 'xs.rolecollections': [user.roleCollection] },
      'xs.user.attributes': {},
      given_name: user.givenName,
      family_name: user.familyName,
      user_id: `sandbox-${name}`,
      sub: `sandbox-${name}`,
      user_name: user.email,
      email: user.email,
      origin: 'sap.default',
      grant_type: 'authorization_code',
      scope: ['openid', ...(scopes ?? user.scopes).map((scope) => `${xsappname}.${scope}`)],
      aud: [appClient.id, xsappname, 'openid'],
    };
    return this.#sign(appClient, { ...userClaims, ...claims }, expiresIn);
  }

  /** A token that a client gets for itself. */
  forClient(client: Client): Promise<string> {
    const claims = {
      sub: client.id,
      grant_type: 'client_credentials',
      authorities: ['uaa.resource'],
      scope: ['uaa.resource'],
      aud: ['uaa', client.id],
    };
    return this.#sign(client, claims);
  }

  /** A token that can only be exchanged for a new token of the same user. */
  forRefresh(name: UserName): Promise<string> {
    const { appClient } = this.state;
    return this.#sign(appClient, { refresh: name, aud: ['refresh', appClient.id] }, 7 * 86_400);
  }

  /** The claims of a token of this UAA; throws if it is another's, changed or expired. */
  async verify(token: string, audience: string): Promise<JWTPayload> {
    const key = await importJWK(this.state.signingKey.publicKey, 'RS256');
    return (await jwtVerify(token, key, { audience, algorithms: ['RS256'] })).payload;
  }

  async #sign(client: Client, claims: JWTPayload, expiresIn = lifetime): Promise<string> {
    const { signingKey, zoneId, subaccountId } = this.state;
    const now = Math.floor(Date.now() / 1000);
    const payload: JWTPayload = {
      jti: randomUUID().replaceAll('-', ''),
      ext_attr: { enhancer: 'XSUAA', subaccountid: subaccountId, zdn: 'sandbox' },
      client_id: client.id,
      cid: client.id,
      azp: client.id,
      zid: zoneId,
      iss: `${this.url}/oauth/token`,
      iat: now,
      exp: now + expiresIn,
      ...claims,
    };
    const header = { alg: 'RS256', typ: 'JWT', kid: signingKey.kid, jku: `${this.url}/token_keys` };
    return new SignJWT(payload).setProtectedHeader(header).sign(await importJWK(signingKey.privateKey, 'RS256'));
  }
}
