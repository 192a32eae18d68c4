import { launch } from '../../helpers/app/app.ts';
import { batch } from '../../helpers/app/batch.ts';

// Requests of one change set are executed together or not at all, and their answers say so.

const app = await launch();
const admin = app.as('admin');

type Part = { method: string; url: string; body?: object; dependsOn?: string[] };
type Answer = { status: number; body: { error?: { code: string; target?: string } } };

const created = (name: string, more: object = {}): Part => ({
  method: 'POST',
  url: '/LeanIXConfigs',
  body: { name, IsActiveEntity: true, ...more },
});

/** @returns the statuses, with the codes of failed requests */
async function together(...parts: Part[]) {
  const requests = parts.map((part, n) => ({ id: String(n), atomicityGroup: 'g', ...part }));
  const { body } = await admin.post('settings/$batch', { requests });
  return (body.responses as Answer[]).map(({ status, body }) => [status, body?.error?.code]);
}

const names = async () =>
  ((await admin.get('settings/LeanIXConfigs?$orderby=name')).body.value as { name: string }[]).map(({ name }) => name);

test.each([
  [
    'first',
    [created('', {}), created('Fine')],
    [
      [400, 'NAME_REQUIRED'],
      [424, 'CHANGE_SET_FAILED'],
    ],
  ],
  [
    'last',
    [created('Fine'), created('')],
    [
      [424, 'CHANGE_SET_FAILED'],
      [400, 'NAME_REQUIRED'],
    ],
  ],
  [
    'after what it depends on',
    [created('Fine'), { ...created(''), dependsOn: ['0'] }],
    [
      [424, 'CHANGE_SET_FAILED'],
      [400, 'NAME_REQUIRED'],
    ],
  ],
])('where one fails %s, the other has failed too', async (_when, parts, expected) => {
  expect(await together(...parts)).toEqual(expected);
  expect(await names()).toEqual(['Default']);
});

test('two connections of one name in one change set: the second is refused', async () => {
  expect(await together(created('Twice'), created('Twice'))).toEqual([
    [424, 'CHANGE_SET_FAILED'],
    [409, 'NAME_TAKEN'],
  ]);
  const ID = '11111111-1111-4111-8111-111111111111';
  const [, second] = await together(created('One', { ID }), created('Other', { ID }));
  expect(second).toEqual([409, 'ID_TAKEN']);
  const body = { name: 'Twice', IsActiveEntity: true };
  const part = { method: 'POST', path: 'LeanIXConfigs', body } as const;
  const [answer] = await batch(app, 'admin', [[part, part]]);
  expect({ status: answer!.status, code: answer!.body.error.code }).toEqual({ status: 409, code: 'NAME_TAKEN' });
  expect(await names()).toEqual(['Default']);
});

test('what goes well is stored, and a request outside the change set is its own', async () => {
  expect(await together(created('One'), created('Two'))).toEqual([
    [201, undefined],
    [201, undefined],
  ]);
  const requests = [
    { id: '0', atomicityGroup: 'g', ...created('Three') },
    { id: '1', atomicityGroup: 'g', ...created('') },
    { id: '2', method: 'GET', url: '/LeanIXConfigs/$count' },
    { id: '3', ...created('Four') },
  ];
  const { body } = await admin.post('settings/$batch', { requests });
  expect(body.responses.map(({ status }: Answer) => status)).toEqual([424, 400, 200, 201]);
  expect(await names()).toEqual(['Default', 'Four', 'One', 'Two']);
});
