import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import type { LeanIXState } from './state.ts';
import type { ApiToken, User } from './types.ts';

/** One key for all workspaces of the process, since generating one is slow. */
let signingKey: Promise<{ privateKey: CryptoKey; publicKey: CryptoKey }> | undefined;

/** The access tokens of a workspace: only those issued here, and not revoked since, are accepted. */
export class Bearers {
  /** `expires_in` of the next tokens */
  lifetimeSeconds: number;
  #state: LeanIXState;
  #issued = new Map<string, { owner: ApiToken; until: number }>();

  constructor(state: LeanIXState, lifetimeSeconds: number) {
    this.#state = state;
    this.lifetimeSeconds = lifetimeSeconds;
  }

  /** An access token for an API token, or nothing if that one is wrong or expired. */
  async issue(apiToken: string, instanceUrl: string): Promise<string | undefined> {
    const owner = this.#state.apiTokens.find(({ token }) => token === apiToken);
    if (!owner || (owner.expiresOn !== undefined && Date.parse(owner.expiresOn) <= Date.now())) return undefined;
    if (this.#userOf(owner)?.status !== 'ACTIVE') return undefined;
    const { privateKey } = await keys();
    const now = Math.floor(Date.now() / 1000);
    const bearer = await new SignJWT(this.#claims(owner, instanceUrl))
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuer(`${instanceUrl}/services/mtm/v1`)
      .setSubject(owner.name)
      .setJti(randomUUID())
      .setExpirationTime(now + this.lifetimeSeconds)
      .sign(privateKey);
    // The role is that of the time it was issued; a changed role needs a new bearer.
    this.#issued.set(bearer, { owner: { ...owner }, until: Date.now() + this.lifetimeSeconds * 1000 });
    return bearer;
  }

  /** The owner of this bearer, if it is valid. */
  ownerOf(bearer: string): ApiToken | undefined {
    const issued = this.#issued.get(bearer);
    return issued && issued.until > Date.now() ? issued.owner : undefined;
  }

  revokeAll(): void {
    this.#issued.clear();
  }

  #userOf({ userId }: ApiToken): User | undefined {
    return this.#state.users.find(({ id }) => id === userId);
  }

  /** The claims that public clients read. */
  #claims(owner: ApiToken, instanceUrl: string): Record<string, unknown> {
    const { id, name, accountId, accountName } = this.#state.workspace;
    return {
      instanceUrl,
      principal: {
        id: owner.userId,
        username: owner.name,
        role: 'ACCOUNTUSER',
        status: 'ACTIVE',
        account: { id: accountId, name: accountName ?? name },
        permission: {
          id: this.#userOf(owner)?.permissionId,
          role: owner.role,
          status: 'ACTIVE',
          customerRoles: null,
          workspaceId: id,
          workspaceName: name,
        },
      },
    };
  }
}

/** The public part of the key that signs the tokens. */
export async function publicKey(): Promise<JWK> {
  return exportJWK((await keys()).publicKey);
}

function keys() {
  signingKey ??= generateKeyPair('RS256');
  return signingKey;
}
