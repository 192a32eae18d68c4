import { createLocalJWKSet, jwtVerify } from 'jose';
import { publicKey } from '../../sandbox/leanix/bearers.ts';
import { restoreState, type StateFile } from '../../sandbox/leanix/state.ts';
import { Workspace } from './leanix-client.ts';

let leanix: Workspace;
beforeEach(async () => (leanix = await Workspace.start()));
afterEach(() => leanix.stop());

describe('access', () => {
  test('an API token gives an hour of access, with the user and the workspace in the token', async () => {
    const answer = await (await leanix.logOn()).json();
    expect(answer).toMatchObject({ token_type: 'bearer', expires_in: 3599 });
    const keys = createLocalJWKSet({ keys: [await publicKey()] });
    const { payload, protectedHeader } = await jwtVerify(answer.access_token, keys);
    expect(protectedHeader.alg).toBe('RS256');
    expect(payload).toMatchObject({
      instanceUrl: leanix.sandbox.url,
      principal: {
        id: 'user-1',
        account: { name: 'Acme' },
        permission: { role: 'ADMIN', workspaceId: leanix.sandbox.state.workspace.id, workspaceName: 'AcmeEAM' },
      },
    });
  });

  test('the grant type may be in the query, and the API token in the form', async () => {
    const basic = { Authorization: `Basic ${btoa('apitoken:admin-token')}` };
    expect((await leanix.askToken(basic, {}, '?grant_type=client_credentials')).status).toBe(200);
    const form = { client_id: 'apitoken', client_secret: 'admin-token' };
    expect((await leanix.askToken({}, form)).status).toBe(200);
    expect((await leanix.askToken(basic, {}, '?')).status).toBe(400);
  });

  test('a wrong or expired API token is refused', async () => {
    expect((await leanix.logOn('wrong')).status).toBe(401);
    expect((await leanix.logOn('old-token')).status).toBe(401);
    const named = { Authorization: `Basic ${btoa('someone:admin-token')}` };
    expect((await leanix.askToken(named)).status).toBe(401);
  });

  test('requests without a valid access token are refused', async () => {
    leanix.token = 'made.up.token';
    expect((await leanix.post('{ allTags { totalCount } }')).status).toBe(401);
    await leanix.logOn();
    leanix.sandbox.rotateBearers();
    expect((await leanix.get('/services/pathfinder/v1/models/dataModel')).status).toBe(401);
    leanix.sandbox.bearers.lifetimeSeconds = 0;
    await leanix.logOn();
    expect((await leanix.post('{ allTags { totalCount } }')).status).toBe(401);
  });

  test('unknown addresses are not found', async () => {
    expect((await leanix.get('/services/pathfinder/v1/nothing')).status).toBe(404);
    expect((await leanix.get('/')).status).toBe(404);
  });
});

describe('data model and labels', () => {
  test('the data model names types, fields and options', async () => {
    const { status, data } = await (await leanix.get('/services/pathfinder/v1/models/dataModel')).json();
    expect(status).toBe('OK');
    expect(data.factSheets.Interface.fields.category.values).toEqual(['api', 'logicalInterface']);
  });

  test('labels are there in English', async () => {
    const { data } = await (await leanix.get('/services/pathfinder/v1/models/languages/en')).json();
    const { label, fields } = data.factSheets.Application;
    expect(label).toBe('Application');
    expect(fields.category).toEqual({
      label: 'Category',
      values: { microservice: 'Microservice', businessApplication: 'Business Application' },
    });
    expect(data.factSheets.ITComponent.label).toBe('IT Component');
    expect((await leanix.get('/services/pathfinder/v1/models/languages/xx')).status).toBe(404);
  });
});

describe('reading fact sheets', () => {
  test('a list leaves out what is archived or restricted', async () => {
    expect(await leanix.names()).toEqual(['Orders', 'Invoices']);
    const bin = 'filter: { facetFilters: [{ facetKey: "TrashBin", keys: ["archived"] }] }';
    expect(await leanix.names(bin)).toEqual(['Old mail gateway']);
  });

  test('lists come page by page', async () => {
    const pageAfter = (after: string | null) =>
      leanix.ask(
        `query ($after: String) { allFactSheets(first: 2, after: $after) {
          totalCount pageInfo { hasNextPage endCursor } edges { node { name } } } }`,
        { after },
      );
    const { allFactSheets: one } = (await pageAfter(null)).data;
    expect(one).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    const { allFactSheets: two } = (await pageAfter(one.pageInfo.endCursor)).data;
    expect(two).toMatchObject({ pageInfo: { hasNextPage: false }, edges: [{ node: { name: 'S/4HANA' } }] });
  });

  test('lists can be filtered', async () => {
    const byFacet = (facet: string) => leanix.names(`filter: { facetFilters: [${facet}] }`);
    expect(await byFacet('{ facetKey: "FactSheetTypes", keys: ["Application"] }')).toEqual(['S/4HANA']);
    expect(await byFacet('{ facetKey: "category", keys: ["api"] }')).toEqual(['Invoices']);
    expect(await byFacet(`{ facetKey: "_TAGS_", keys: ["${leanix.tagId('Integration')}"] }`)).toEqual(['Orders']);
    expect(await leanix.names('filter: { externalIds: ["externalId/cpi:t/Orders"] }')).toEqual(['Orders']);
    expect(await leanix.names(`filter: { ids: ["${leanix.idOf('Invoices')}"] }`)).toEqual(['Invoices']);
    expect(await leanix.names('filter: { fullTextSearch: "sends" }')).toEqual(['Orders']);
    expect(await leanix.names('sort: [{ key: "displayName", order: asc }]')).toEqual(['Invoices', 'Orders', 'S/4HANA']);
  });

  test('an unknown facet is an error', async () => {
    const query = '{ allFactSheets(filter: { facetFilters: [{ facetKey: "Colour", keys: [] }] }) { totalCount } }';
    expect((await leanix.ask(query)).errors[0].message).toContain('Colour');
  });

  test('a fact sheet shows its own fields, external id, lifecycle and tags', async () => {
    const { data } = await leanix.ask(
      `{ orders: factSheet(id: "${leanix.idOf('Orders')}") {
           type displayName description category rev status lxState tags { name tagGroup { name } }
           ... on Interface { externalId { externalId } } }
         invoices: factSheet(id: "${leanix.idOf('Invoices')}") {
           category ... on Interface { lifecycle { asString phases { phase startDate } } } }
         app: factSheet(id: "${leanix.idOf('S/4HANA')}") { name fullName } }`,
    );
    expect(data).toEqual({
      orders: {
        type: 'Interface',
        displayName: 'Orders',
        description: 'Sends orders',
        category: null,
        rev: 0,
        status: 'ACTIVE',
        lxState: 'BROKEN_QUALITY_SEAL',
        tags: [{ name: 'Integration', tagGroup: null }],
        externalId: { externalId: 'cpi:t/Orders' },
      },
      invoices: {
        category: 'api',
        lifecycle: { asString: 'active', phases: [{ phase: 'active', startDate: '2020-01-01' }] },
      },
      app: { name: 'S/4HANA', fullName: 'S/4HANA 2023' },
    });
  });

  test('an archived fact sheet can be read by id, a restricted one cannot', async () => {
    const status = (name: string) => leanix.ask(`{ factSheet(id: "${leanix.idOf(name)}") { status } }`);
    expect((await status('Old mail gateway')).data.factSheet.status).toBe('ARCHIVED');
    expect((await status('Salaries')).errors[0].message).toContain('No fact sheet found with id');
  });

  test('the tag library can be read', async () => {
    const { data } = await leanix.ask(
      `{ allTagGroups { edges { node { name mode restrictToFactSheetTypes tags { edges { node { name } } } } } }
         allTags(filter: { tagGroupName: "Stage" }) { totalCount } }`,
    );
    const appClass = data.allTagGroups.edges[2].node;
    expect(appClass).toMatchObject({ name: 'App class', mode: 'MULTIPLE', restrictToFactSheetTypes: ['Application'] });
    expect(data.allTags.totalCount).toBe(2);
  });
});

describe('requests are checked against the schema of the workspace', () => {
  test('an unknown field, type or variable is an error with status 200', async () => {
    const response = await leanix.post('{ allFactSheets { edges { node { colour } } } }');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      data: null,
      errors: [{ message: 'Validation error of type FieldUndefined: Field colour is undefined' }],
    });
    expect((await leanix.create('New', 'Gadget')).errors[0].message).toContain('Gadget');
    const missing = await leanix.ask('query ($id: ID!) { factSheet(id: $id) { id } }');
    expect(missing.errors[0].message).toBe("Variable 'id' has coerced Null value for NonNull type 'ID!'");
  });

  test('only types that have external ids can be asked for them', async () => {
    const query = (type: string) =>
      `{ allFactSheets { edges { node { ... on ${type} { externalId { externalId } } } } } }`;
    expect((await leanix.ask(query('Interface'))).errors).toBeUndefined();
    expect((await leanix.ask(query('Objective'))).errors).toHaveLength(1);
  });

  test('a change of the data model changes the schema', async () => {
    const model = structuredClone(leanix.sandbox.state.dataModel);
    model.factSheets.Gadget = { fields: { colour: { type: 'STRING' } } };
    leanix.sandbox.state.dataModel = model;
    expect(
      (await leanix.ask('{ allFactSheets { edges { node { ... on Gadget { colour } } } } }')).errors,
    ).toBeUndefined();
    const types = await leanix.ask('{ __type(name: "FactSheetType") { enumValues { name } } }');
    expect(types.data.__type.enumValues).toContainEqual({ name: 'Gadget' });
  });
});

test('the workspace outlives a restart, and the same seed makes the same ids', async () => {
  await leanix.create('Added');
  const file = JSON.parse(JSON.stringify(leanix.sandbox.state)) as StateFile;
  expect(restoreState(file).findByName('Added')).toEqual(leanix.stored('Added'));
  const again = await Workspace.start();
  expect(again.idOf('Orders')).toBe(leanix.idOf('Orders'));
  await again.stop();
});

test('a large workspace is read quickly', async () => {
  const factSheets = Array.from({ length: 20_000 }, (_, i) => ({ type: 'Interface', name: `Interface ${i}` }));
  const large = await Workspace.start({}, { factSheets });
  let read = 0;
  for (let after: string | null = null, more = true; more;) {
    const { data } = await large.ask(
      `query ($after: String) { allFactSheets(first: 1000, after: $after) {
        pageInfo { hasNextPage endCursor } edges { node { id name rev tags { id } } } } }`,
      { after },
    );
    read += data.allFactSheets.edges.length;
    ({ endCursor: after, hasNextPage: more } = data.allFactSheets.pageInfo);
  }
  expect(read).toBe(20_000);
  await large.stop();
});
