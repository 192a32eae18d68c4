import { launch, type Answer } from '../../helpers/app/app.ts';
import { batch } from '../../helpers/app/batch.ts';
import { create, draft, everything, expectRefusal, newDraft, saved } from '../../helpers/settings/settings.ts';

const app = await launch();
const admin = app.as('admin');
const name = 'Whole';
const UNKNOWN = '00000000-0000-4000-8000-000000000000';

const BODIES: [string, unknown][] = [
  ['a list', []],
  ['a list in a list', [[]]],
  ['null', null],
  ['a text', 'text'],
  ['a number', 5],
  ['an object for a text', { name: {} }],
  ['a list for a text', { leanixHost: ['a.leanix.net'] }],
  ['true for a text', { factSheetType: true }],
  ['an unknown element', { name, colour: 'red' }],
  ['an element of a prototype', { name, constructor: { prototype: 1 } }],
  ['a text for mappings', { name, mappings: 'name' }],
  ['an object for mappings', { name, mappings: { iflowField: 'name' } }],
  ['the character NUL in a text', { name, description: 'a\0b' }],
  // Messages about a draft are stored as JSON. PostgreSQL refuses half a character in it, and so the whole draft.
  ['half a character in a text', { name, leanixHost: 'a\ud800b' }],
  ['a null among mappings', { name, mappings: [null] }],
  ['an empty text for mappings', { name, mappings: '' }],
  ['a number for mappings', { name, mappings: 0 }],
  [
    'a text for what a value is called',
    { name, mappings: [{ iflowField: 'name', leanixPath: '/name', writeModeText: 'x' }] },
  ],
  ['a list for one row', { name, mappings: [{ iflowField: 'name', leanixPath: '/name', iflowFieldText: [{}] }] }],
  ['an object for an ID', { name: 'Other', ID: { a: 1 } }],
  ['half a character for an ID', { name: 'Other', ID: '\ud800' }],
  ['a number among mappings', { name, mappings: [5] }],
  ['an unknown element in a mapping', { name, mappings: [{ iflowField: 'name', leanixPath: '/name', x: 1 }] }],
  ['a number as mapped field', { name, mappings: [{ iflowField: 5, leanixPath: '/name' }] }],
  ['a text for a position', { name, mappings: [{ iflowField: 'name', leanixPath: '/name', position: 'x' }] }],
  ['an ID that is none', { name: 'Other', ID: 'x' }],
];

/** Refused as an error of the client, without internals of the app. */
const expectMistake = (request: string, { status, body }: Answer) => {
  expect({ request, status, isMistake: status >= 400 && status < 500 }).toEqual({ request, status, isMistake: true });
  expect(JSON.stringify(body)).not.toMatch(/node_modules|\.ts:|sqlite|SELECT |INSERT |TypeError|Cannot read/i);
};

describe('a request that makes no sense is refused, and nothing is changed:', () => {
  test.each(BODIES)('%s as configuration', async (what, body) => {
    const ID = await create(admin, { name: `Saved for ${what}` });
    const drafted = await newDraft(admin, { name: 'Drafted' });
    const before = [await everything(app), (await admin.get(draft(drafted))).body];
    const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
    const active = isObject ? { ...body, IsActiveEntity: true } : body;
    expectMistake('POST', await admin.post('settings/LeanIXConfigs', active));
    if (!isObject || !('ID' in body)) expectMistake('PATCH', await admin.patch(saved(ID), body));
    expect([await everything(app), (await admin.get(draft(drafted))).body]).toEqual(before);
    await admin.delete(saved(ID));
    await admin.delete(draft(drafted));
  });

  test.each(BODIES)('%s as configuration in a batch', async (what, body) => {
    const ID = await create(admin, { name: `Batched for ${what}` });
    const before = await everything(app);
    const path = `LeanIXConfigs(ID=${ID},IsActiveEntity=true)`;
    if (!what.endsWith('ID') && what !== 'an ID that is none') {
      for (const text of [JSON.stringify(body), JSON.stringify(body, null, 2)]) {
        const [alone] = await batch(app, 'admin', [{ method: 'PATCH', path, body: text }]);
        expectMistake('PATCH alone', alone!);
        const [shared] = await batch(app, 'admin', [[{ method: 'PATCH', path, body: text }]]);
        expectMistake('PATCH in a change set', shared!);
      }
    }
    expect(await everything(app)).toEqual(before);
    await admin.delete(saved(ID));
  });

  test('a body without an end of its lists is told so, in a batch and alone', async () => {
    const deep = { name: '[[[{', description: JSON.parse('['.repeat(200) + ']'.repeat(200)) };
    expectRefusal(await admin.post('settings/LeanIXConfigs', deep), 400, 'BODY_INVALID');
    for (const body of [JSON.stringify(deep), JSON.stringify(deep, null, 1)]) {
      const [refused] = await batch(app, 'admin', [{ method: 'POST', path: 'LeanIXConfigs', body }]);
      expectRefusal(refused!, 400, 'BODY_INVALID');
    }
  });

  test('brackets in a text are no lists', async () => {
    const body = { name: `"]${'[{'.repeat(45)}\\` };
    const [made] = await batch(app, 'admin', [{ method: 'POST', path: 'LeanIXConfigs', body }]);
    expect(made).toMatchObject({ status: 201, body });
    await admin.delete(draft(made!.body.ID));
  });

  test('keys that are none, or of nobody', async () => {
    const before = await everything(app);
    for (const key of ['(1)', "('x')", "(ID='x',IsActiveEntity=true)", '(ID=x,IsActiveEntity=false)', '()']) {
      expectMistake(key, await admin.get(`settings/LeanIXConfigs${key}`));
      expectMistake(key, await admin.patch(`settings/LeanIXConfigs${key}`, { name: 'New' }));
      expectMistake(key, await admin.delete(`settings/LeanIXConfigs${key}`));
      expectMistake(key, await admin.post(`settings/LeanIXConfigs${key}/SettingsService.testConnection`));
    }
    for (const path of [saved(UNKNOWN), draft(UNKNOWN)]) {
      expectMistake(path, await admin.patch(path, { name: 'New' }));
      expectMistake(path, await admin.delete(path));
      expectMistake(path, await admin.post(`${path}/mappings`, { iflowField: 'name', IsActiveEntity: true }));
      for (const action of ['draftEdit', 'draftPrepare', 'draftActivate', 'no-such-action']) {
        expectMistake(action, await admin.post(`${path}/SettingsService.${action}`));
      }
    }
    expect(await everything(app)).toEqual(before);
  });

  test('parameters of actions that are of the wrong kind', async () => {
    const ID = await newDraft(admin, { name: 'Acted on' });
    const act = (action: string, body: unknown) => admin.post(`${draft(ID)}/SettingsService.${action}`, body);
    for (const body of [{ host: 5 }, { apiToken: {} }, { host: ['a'] }, { other: 1 }]) {
      expectMistake('testConnection', await act('testConnection', body));
    }
    for (const body of [{ artifactId: 5 }, { artifactId: {} }, { other: 1 }]) {
      expectMistake('validateMapping', await act('validateMapping', body));
    }
  });

  test('filters and orders that make no sense', async () => {
    for (const query of ['$filter=name', "$filter=colour eq 'red'", '$orderby=colour', '$select=apiToken', '$top=x']) {
      expectMistake(query, await admin.get(`settings/LeanIXConfigs?${query}`));
    }
  });
});

test('who is not signed in hears just that, whatever the body', async () => {
  const answer = await fetch(`${app.url()}/odata/v4/runtime/match`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{bad',
  });
  expect(answer.status).toBe(401);
});
