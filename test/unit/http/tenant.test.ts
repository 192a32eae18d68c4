import cds from '@sap/cds';
import type { RequestHandler } from 'express';
import { refuseOtherTenants } from '../../../srv/http/tenant.ts';

const requires = cds.requires as unknown as Record<string, unknown>;
const before = requires['auth'];

afterEach(() => void (requires['auth'] = before));

/** The result for a token of this zone: 401, or nothing. */
async function verdict(auth: object, tenant: string | undefined, authorization?: string): Promise<unknown> {
  requires['auth'] = auth;
  cds.log('auth', 'silent');
  const handler: RequestHandler = refuseOtherTenants();
  return cds.tx({ tenant }, async () => {
    let found: unknown;
    await handler({ headers: { authorization } } as never, {} as never, (problem) => void (found = problem));
    return found;
  });
}

const bound = { kind: 'xsuaa', credentials: { identityzoneid: 'zone-1' } };
const TOKEN = 'Bearer a.b.c';

test('tokens of the own zone are taken, those of others are none', async () => {
  expect(await verdict(bound, 'zone-1', TOKEN)).toBeUndefined();
  expect(await verdict(bound, 'zone-2', TOKEN)).toBe(401);
  expect(await verdict(bound, undefined, TOKEN)).toBe(401);
  expect(await verdict(bound, undefined)).toBeUndefined();
});

test.each([
  {},
  { kind: 'xsuaa' },
  { kind: 'xsuaa', credentials: {} },
  { kind: 'xsuaa', credentials: { identityzoneid: '' } },
])('a binding without a zone lets nobody in: %j', async (auth) => {
  for (const tenant of ['zone-1', '', undefined]) expect(await verdict(auth, tenant, TOKEN)).toBe(401);
  // Health is public.
  expect(await verdict(auth, undefined)).toBeUndefined();
});

test('local users have no zone', async () => {
  expect(await verdict({ kind: 'mocked', credentials: undefined }, undefined, 'Basic dmlld2Vy')).toBeUndefined();
});
