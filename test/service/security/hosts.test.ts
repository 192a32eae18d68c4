import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { launch } from '../../helpers/app/app.ts';
import { act, create, expectRefusal, saved } from '../../helpers/settings/settings.ts';

// The API token is sent only to the workspace, for any host and any answer of the workspace.

const app = await launch();
const admin = app.as('admin');
const TOKEN = 'recognisable-token-0005';
const servers: Server[] = [];

/** A server that redirects to `target`, or answers 200. @returns its host, and the requests that it received */
async function server(target?: () => string, status = 302): Promise<{ host: string; seen: string[] }> {
  const seen: string[] = [];
  const own = createServer((req, res) => {
    seen.push(`${req.method} ${req.url} ${req.headers.authorization ?? ''}`);
    if (target) res.writeHead(status, { location: target() }).end();
    else res.writeHead(200, { 'content-type': 'application/json' }).end('{"access_token":"x","expires_in":3600}');
  });
  servers.push(own);
  await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
  return { host: `127.0.0.1:${(own.address() as AddressInfo).port}`, seen };
}

afterAll(() => {
  for (const one of servers) {
    one.closeAllConnections();
    one.close();
  }
});

test.each([301, 302, 303, 307, 308])('a workspace that answers %d sends the token nowhere', async (status) => {
  const elsewhere = await server();
  const workspace = await server(() => `http://${elsewhere.host}/services/mtm/v1/oauth2/token`, status);
  const before = process.env['LEANIX_ALLOWED_HOSTS'];
  process.env['LEANIX_ALLOWED_HOSTS'] = `${before},${workspace.host},${elsewhere.host}`;
  const ID = await create(admin, { name: `Redirected ${status}` });
  const { body } = await act(admin, saved(ID), 'testConnection', { host: workspace.host, apiToken: TOKEN });
  process.env['LEANIX_ALLOWED_HOSTS'] = before;
  expect(body).toMatchObject({ ok: false, code: 'LEANIX_REDIRECTED' });
  expect(workspace.seen).toHaveLength(1);
  expect(elsewhere.seen).toEqual([]);
});

test('a host that only looks like the workspace is refused before anything is sent', async () => {
  const { host } = app.sandbox.leanix;
  const elsewhere = await server();
  const invalid = [
    `http://${host}`,
    `user@${host}`,
    `${host}/x`,
    `${elsewhere.host}#${host}`,
    '[::1]:80',
    '2130706433',
  ];
  const notAllowed = [elsewhere.host, 'evilleanix.net', 'acme.leanix.net.evil.com', '169.254.169.254', 'localhost:1'];
  const ID = await create(admin, { name: 'Looks like it', leanixHost: host });
  app.sandbox.leanix.log.clear();
  for (const [hosts, code] of [
    [invalid, 'HOST_INVALID'],
    [notAllowed, 'HOST_NOT_ALLOWED'],
  ] as const) {
    for (const wrong of hosts) {
      expectRefusal(await act(admin, saved(ID), 'testConnection', { host: wrong, apiToken: TOKEN }), 400, code);
      expectRefusal(await admin.patch(saved(ID), { leanixHost: wrong }), 400, code);
    }
  }
  expect(elsewhere.seen).toEqual([]);
  expect(app.sandbox.leanix.log.count(() => true)).toBe(0);
});
