import { apiToken, expiredApiToken } from '../../../sandbox/seed/workspace-frame.ts';
import { create, workspaceForEach, type Workspace } from '../../helpers/runtime/workspace.ts';

let leanix: Workspace['leanix'];
let client: Workspace['client'];
let open: Workspace['open'];

workspaceForEach((started) => ({ leanix, client, open } = started));

describe('the token', () => {
  test('is exchanged once, however many ask', async () => {
    const [one, two] = await Promise.all([open(), open()]);
    leanix.rotateBearers();
    await Promise.all([one.tags(), one.dataModel(), two.tags(), client.tags()]);
    expect(leanix.log.count({ token: true })).toBeLessThanOrEqual(3);
  });

  test('is exchanged again when the bearer has ended, within a write, too', async () => {
    leanix.rotateBearers();
    await expect(client.write([create('a')], { type: 'Interface', fields: {} })).resolves.toMatchObject({ ok: true });
    expect(leanix.log.count({ token: true })).toBe(2);
  });

  test('that is wrong or has expired is named so', async () => {
    for (const token of ['wrong', expiredApiToken]) {
      await expect((await open(token)).dataModel()).rejects.toMatchObject({ code: 'LEANIX_TOKEN_INVALID' });
    }
  });

  test('goes to allowed hosts only', async () => {
    delete process.env['LEANIX_ALLOWED_HOSTS'];
    const seen = leanix.log.count();
    await expect(open()).rejects.toMatchObject({ code: 'HOST_NOT_ALLOWED' });
    expect(leanix.log.count()).toBe(seen);
  });

  test('is in no error', async () => {
    leanix.faults.add({ match: { path: '/oauth2' }, times: 9, kind: 'status', status: 503, body: `token ${apiToken}` });
    const error: unknown = await (await open(`${apiToken}x`)).dataModel().catch((caught: unknown) => caught);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(apiToken);
  });
});
