import { startSandbox, type Sandbox } from '../../sandbox/index.ts';

let sandbox: Sandbox;
beforeAll(async () => (sandbox = await startSandbox({ seed: 'tiny' })));
afterAll(() => sandbox.stop());

const basic = (id: string, secret: string) => ({ Authorization: `Basic ${btoa(`${id}:${secret}`)}` });

describe('the directory of people', () => {
  const users = (query = '', headers = basic(client().id, client().secret)) =>
    fetch(`${sandbox.btp.url}/scim/Users${query}`, { headers });
  const client = () => sandbox.btp.state.peopleClient;

  test('is read page by page', async () => {
    const all = await (await users()).json();
    expect(all).toMatchObject({ totalResults: 17, startIndex: 1, itemsPerPage: 17 });
    const last = await (await users('?startIndex=17&count=10')).json();
    expect(last).toMatchObject({ totalResults: 17, startIndex: 17, itemsPerPage: 1 });
    expect(last.Resources[0]).toMatchObject({ userName: 'quentin.quast@halvorsen.example', active: true });
  });

  test('names mail address, department and manager', async () => {
    const { Resources } = await (await users('?startIndex=2&count=1')).json();
    expect(Resources[0]).toMatchObject({
      name: { givenName: 'Bernd', familyName: 'Brandt' },
      emails: [{ value: 'bernd.brandt@halvorsen.example', primary: true }],
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {
        department: 'IT Architecture',
        manager: { displayName: 'Astrid Architect' },
      },
    });
  });

  test('is closed to others', async () => {
    expect((await users('', basic(client().id, 'wrong'))).status).toBe(401);
  });
});

describe('the Alert Notification service', () => {
  const event = {
    eventType: 'leanix.job.failed',
    severity: 'ERROR',
    category: 'ALERT',
    subject: 'A job failed',
    body: 'It could not reach LeanIX.',
    resource: { resourceName: 'job', resourceType: 'app' },
  };
  const send = (token: string, body: object) =>
    fetch(`${sandbox.btp.url}/cf/producer/v1/resource-events`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  const token = async () => {
    const { id, secret } = sandbox.btp.state.alertClient;
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    const answer = await fetch(`${sandbox.btp.url}/oauth/token`, { method: 'POST', headers: basic(id, secret), body });
    return (await answer.json()).access_token as string;
  };

  test('takes an event', async () => {
    expect((await send(await token(), event)).status).toBe(202);
    expect(sandbox.btp.alerts).toEqual([event]);
  });

  test('refuses what is incomplete, and who has no token', async () => {
    expect((await send(await token(), { ...event, severity: 'LOUD' })).status).toBe(400);
    expect((await send(await token(), { ...event, resource: undefined })).status).toBe(400);
    expect((await send('none', event)).status).toBe(401);
  });
});
