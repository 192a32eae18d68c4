import { createHmac, createPublicKey } from 'node:crypto';
import { startSandbox, type Sandbox } from '../../../sandbox/index.ts';
import { NOBODY } from './operations.ts';

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>;
const parts = async (sandbox: Sandbox) =>
  (await sandbox.btp.token('enterprise')).split('.') as [string, string, string];
/** The header of an enterprise admin whose token has further claims. */
export const withClaims = async (sandbox: Sandbox, claims: object, expiresIn?: number) =>
  `Bearer ${await sandbox.btp.token('enterprise', { claims: { ...claims }, expiresIn })}`;
const other = 'sb-other!t1';
const ours = (sandbox: Sandbox) => ({ iss: `${sandbox.btp.url}/oauth/token` });

/** Headers that must be refused, with their names. */
export const WRONG_TOKENS: [string, (sandbox: Sandbox) => Promise<string | undefined>][] = [
  ['without a token', () => Promise.resolve(undefined)],
  ['with an empty one', () => Promise.resolve('Bearer ')],
  ['with something that is none', () => Promise.resolve('Bearer abc')],
  ['with the name and password of a local user', () => Promise.resolve(`Basic ${btoa('enterprise:enterprise')}`)],
  ['with a token that has expired', (sandbox) => withClaims(sandbox, {}, -3600)],
  ['with one that is not valid yet', (sandbox) => withClaims(sandbox, { nbf: Math.floor(Date.now() / 1000) + 3600 })],
  [
    'with one for another application',
    (sandbox) => withClaims(sandbox, { aud: [other], azp: other, cid: other, client_id: other }),
  ],
  ['with one of another tenant', (sandbox) => withClaims(sandbox, { zid: NOBODY })],
  ['with one of no tenant', (sandbox) => withClaims(sandbox, { zid: undefined })],
  ['with one that is not signed', async (sandbox) => `Bearer ${await unsigned(sandbox)}`],
  ['with one that is signed with the public key', async (sandbox) => `Bearer ${await signedWithPublicKey(sandbox)}`],
  ['with one that was changed after it was signed', async (sandbox) => `Bearer ${await changed(sandbox)}`],
  ['with one of another issuer', async (sandbox) => `Bearer ${await foreign(sandbox)}`],
  [
    'with one that another UAA has signed in the name of ours',
    async (sandbox) => `Bearer ${await foreign(sandbox, ours(sandbox))}`,
  ],
];

async function unsigned(sandbox: Sandbox) {
  const [head, payload] = await parts(sandbox);
  return `${encode({ ...decode(head), alg: 'none' })}.${payload}.`;
}

async function signedWithPublicKey(sandbox: Sandbox) {
  const [head, payload] = await parts(sandbox);
  const key = createPublicKey({ key: sandbox.btp.state.signingKey.publicKey, format: 'jwk' });
  const text = `${encode({ ...decode(head), alg: 'HS256' })}.${payload}`;
  const secret = key.export({ type: 'spki', format: 'pem' });
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

async function changed(sandbox: Sandbox) {
  const [head, payload, signature] = await parts(sandbox);
  return `${head}.${encode({ ...decode(payload), sub: 'somebody-else' })}.${signature}`;
}

/** A token of a foreign UAA with the same key ID, which differs only in its signature. */
async function foreign(sandbox: Sandbox, claims: object = {}) {
  const another = await startSandbox({ seed: 'tiny' });
  Object.assign(another.btp.state, { ...sandbox.btp.state, signingKey: another.btp.state.signingKey });
  const token = await another.btp.token('enterprise', { claims: { ...claims } });
  await another.stop();
  return token;
}
