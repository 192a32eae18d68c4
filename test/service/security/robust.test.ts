import { startSandbox } from '../../../sandbox/index.ts';
import { basic, startApp } from '../../helpers/app/process.ts';

// CAP ends the process after certain errors. If a request could cause one, a single user could stop the service for
// all.

const PATHS = [
  ...['refresh', 'syncAll', 'createFactSheets', 'IFlows', '$batch'].map((path) => `runtime/${path}`),
  ...['importAll', 'requestAccount', 'importConnectionPackage', 'Accounts', '$batch'].map((path) => `access/${path}`),
];

test('no request stops the app, whatever is in it', async () => {
  const sandbox = await startSandbox({ seed: 'tiny' });
  const app = await startApp(sandbox.env());
  const send = async (user: string, method: string, path: string, body: string, type = 'application/json') => {
    const headers = { authorization: basic(user), 'content-type': type };
    const answer = await fetch(`${app.url}/odata/v4/${path}`, { method, headers, body });
    return { status: answer.status, text: await answer.text() };
  };
  const inBatch = (body: string) =>
    `{"requests":[{"id":"1","method":"POST","url":"/refresh","headers":{},"body":${body}}]}`;
  const deep = (open: string, close: string) => `{"config":${open.repeat(7000)}1${close.repeat(7000)}}`;
  const bodies = [
    deep('[', ']'),
    deep('{"a":', '}'),
    'null',
    '5',
    '"x"',
    '[]',
    '[null]',
    '{"iflows":[null]}',
    '{"config":{"a":[null]}}',
    '{',
    '',
  ];
  for (const user of ['viewer', 'enterprise']) {
    for (const body of bodies) {
      for (const path of PATHS) {
        const { status, text } = await send(user, 'POST', path, body);
        const what = { user, body: body.slice(0, 30), path };
        expect({ ...what, status, mistake: status < 500 }).toMatchObject({ ...what, mistake: true });
        expect(text).not.toMatch(/TypeError|Cannot read|node_modules/);
      }
    }
    for (const body of ['null', '5', '[]', '"x"', deep('[', ']')])
      await send(user, 'POST', 'runtime/$batch', inBatch(body));
    const part = [
      '--b',
      'Content-Type: application/http',
      '',
      'POST refresh HTTP/1.1',
      'Content-Type: application/json',
    ];
    for (const body of bodies) {
      const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n`;
      for (const end of [
        ['', body],
        ['Transfer-Encoding: chunked', 'X-Content-Length: 1', '', chunks],
      ]) {
        const multipart = [...part, ...end, '--b--', ''].join('\r\n');
        const { text } = await send(user, 'POST', 'runtime/$batch', multipart, 'multipart/mixed; boundary=b');
        expect(text).not.toMatch(/TypeError|RangeError|Cannot|Maximum|node_modules/);
      }
    }
  }
  expect((await app.request('GET', '/health')).status).toBe(200);
  await app.stop();
  await sandbox.stop();
});
