import { patch, Workspace, type Json } from './leanix-client.ts';

let leanix: Workspace;
let saved = 0;
beforeEach(async () => {
  saved = 0;
  leanix = await Workspace.start({ onChange: () => saved++ });
});
afterEach(() => leanix.stop());

const messageOf = (answer: Json) => answer.errors?.[0].message;
const typeOf = (answer: Json) => answer.errors?.[0].extensions.errorType;

describe('creating and updating', () => {
  test('a new fact sheet has its patches and revision 0', async () => {
    const { data } = await leanix.create('Payments', 'Application', [
      patch('add', '/description', 'Pays'),
      patch('add', '/externalId', { type: 'ExternalId', externalId: '4711' }),
      patch('add', '/category', 'microservice'),
      patch('add', '/tags', [{ tagName: 'Integration' }]),
    ]);
    expect(data.result.factSheet).toMatchObject({ name: 'Payments', type: 'Application', rev: 0 });
    expect(leanix.stored('Payments')).toMatchObject({
      description: 'Pays',
      fields: { category: 'microservice', externalId: { externalId: '4711' } },
      tags: [leanix.tagId('Integration')],
    });
    expect(saved).toBe(1);
  });

  test('each update that changes something counts up the revision', async () => {
    const description = patch('replace', '/description', 'New');
    expect((await leanix.update('Orders', [description])).data.result.factSheet.rev).toBe(1);
    expect((await leanix.update('Orders', [description])).data.result.factSheet.rev).toBe(1);
    expect(saved).toBe(1);
    leanix.sandbox.switches.revOnNoop = true;
    expect((await leanix.update('Orders', [description])).data.result.factSheet.rev).toBe(2);
  });

  test('a stale revision is a clash', async () => {
    leanix.sandbox.state.edit(leanix.idOf('Orders'), { description: 'By a colleague', tags: ['Sales'] });
    const answer = await leanix.update('Orders', [patch('replace', '/description', 'Mine')], ', rev: 0');
    expect(typeOf(answer)).toBe('REVISION_CLASH');
    expect(messageOf(answer)).toBe('DB revision of Fact Sheet has changed: 1 instead of given 0');
    expect(leanix.stored('Orders')?.description).toBe('By a colleague');
    expect(
      (await leanix.update('Orders', [patch('replace', '/description', 'Mine')], ', rev: 1')).errors,
    ).toBeUndefined();
  });

  test('validateOnly checks and stores nothing', async () => {
    expect((await leanix.create('Trial', 'Interface', [], ', validateOnly: true')).data.result.factSheet.name).toBe(
      'Trial',
    );
    expect(
      messageOf(await leanix.create('Trial', 'Interface', [patch('add', '/x', 'y')], ', validateOnly: true')),
    ).toBe("The path '/x' is invalid in FactSheet schema Interface.");
    expect(leanix.stored('Trial')).toBeUndefined();
    expect(saved).toBe(0);
  });

  test('a fact sheet can be updated by its external id', async () => {
    const update = (path: string) =>
      leanix.ask(
        'mutation ($p: [Patch]!, $x: ID!) { updateFactSheetExternal(externalIdPath: $x, patches: $p) { factSheet { rev } } }',
        {
          x: path,
          p: [patch('replace', '/description', 'By external id')],
        },
      );
    expect((await update('externalId/cpi:t/Orders')).data.updateFactSheetExternal.factSheet.rev).toBe(1);
    expect(messageOf(await update('externalId/unknown'))).toContain('No fact sheet found');
  });

  test('an unknown or restricted fact sheet cannot be updated', async () => {
    expect(messageOf(await leanix.update('Salaries', []))).toContain('No fact sheet found with id');
  });

  test('a viewer may read but not write', async () => {
    await leanix.logOn('viewer-token');
    expect(await leanix.names()).toHaveLength(2);
    expect(messageOf(await leanix.update('Orders', [patch('replace', '/description', 'x')]))).toMatch(
      /^No permission: /,
    );
  });
});

describe('one request is one transaction', () => {
  const batch = (third: string) => `mutation {
    m1: createFactSheet(input: { name: "One", type: Interface }) { factSheet { id } }
    m2: createFactSheet(input: { name: "Two", type: Interface }, patches: [{ op: add, path: "/descriptio", value: "x" }]) { factSheet { id } }
    m3: createFactSheet(input: { name: "${third}", type: Interface }) { factSheet { id } } }`;

  test('one failing alias is named, and nothing is stored', async () => {
    expect(await leanix.ask(batch('Three'))).toEqual({
      data: null,
      errors: [
        {
          message: "The path '/descriptio' is invalid in FactSheet schema Interface.",
          path: ['m2'],
          extensions: { errorType: 'BUSINESS_LOGIC' },
        },
        {
          message: 'Error in Request. Transaction is rolled back!',
          path: [],
          extensions: { errorType: 'BUSINESS_LOGIC' },
        },
      ],
    });
    expect(leanix.stored('One')).toBeUndefined();
    expect(await leanix.names()).toEqual(['Orders', 'Invoices']);
    expect(saved).toBe(0);
  });

  test('all failing aliases, if switched on', async () => {
    leanix.sandbox.switches.allErrors = true;
    const { errors } = await leanix.ask(batch('Orders'));
    expect(errors.map(({ path }: Json) => path)).toEqual([['m2'], ['m3'], []]);
  });

  test('older answers show what would have been stored, and the error type elsewhere', async () => {
    Object.assign(leanix.sandbox.switches, { errorDataShape: 'aliasNull', oldErrorShape: true, nullErrorsKey: true });
    const { data, errors } = await leanix.ask(batch('Three'));
    expect(data).toMatchObject({ m1: { factSheet: {} }, m2: null });
    expect(errors).toMatchObject([{ path: ['m2'], errorType: 'BUSINESS_LOGIC' }]);
    expect(leanix.stored('One')).toBeUndefined();
    expect(await leanix.ask('{ allTags { totalCount } }')).toMatchObject({ errors: null });
  });
});

describe('fields', () => {
  const accepted = async (name: string, path: string, value: unknown) => {
    expect((await leanix.update(name, [patch('replace', path, value)])).errors).toBeUndefined();
    return leanix.stored(name)?.fields[path.split('/')[1] ?? ''];
  };
  const refused = async (name: string, path: string, value: unknown, op = 'replace') => {
    const answer = await leanix.update(name, [patch(op, path, value)]);
    expect(typeOf(answer)).toBe('BUSINESS_LOGIC');
    return messageOf(answer);
  };

  test('a select takes the key of an option, not its label', async () => {
    expect(await accepted('Orders', '/category', 'api')).toBe('api');
    expect(await refused('Orders', '/category', 'API')).toContain('API');
  });

  test('texts, lifecycles, numbers and lists are read by their kind', async () => {
    leanix.sandbox.state.add({ type: 'Initiative', name: 'Move' });
    leanix.sandbox.state.add({ type: 'BusinessCapability', name: 'Selling' });
    expect(await accepted('Orders', '/alias', 'ORD')).toBe('ORD');
    expect(await accepted('Orders', '/lifecycle', { phases: [{ phase: 'plan', startDate: '2024-01-31' }] })).toEqual({
      plan: '2024-01-31',
    });
    expect(await accepted('Orders', '/lifecycle/active', '2024-06-30')).toEqual({
      plan: '2024-01-31',
      active: '2024-06-30',
    });
    await refused('Orders', '/lifecycle', { plan: 'soon' });
    expect(await accepted('Move', '/budgetOpEx', '12.5')).toBe(12.5);
    await refused('Move', '/budgetOpEx', 'much');
    expect(await accepted('Selling', '/lxIndustry', ['retail', 'media'])).toEqual(['retail', 'media']);
    await refused('Selling', '/lxIndustry', 'retail');
  });

  test('an external id is JSON, and some are read-only', async () => {
    expect(await accepted('Invoices', '/externalId', { externalId: '1', comment: 'c' })).toMatchObject({
      externalId: '1',
    });
    await refused('Invoices', '/externalId', 'plain text');
    await refused('Invoices', '/interfaceIdSequence', { externalId: '1' });
  });

  test('a name can be replaced only, a description emptied', async () => {
    await refused('Orders', '/name', 'Orders 2', 'add');
    await refused('Orders', '/name', '');
    await leanix.update('Orders', [patch('remove', '/description')]);
    expect(leanix.stored('Orders')?.description).toBeNull();
  });

  test('status and seal can be set', async () => {
    await leanix.update(
      'Orders',
      [patch('add', '/status', 'ARCHIVED'), patch('replace', '/lxState', 'APPROVED')],
      ', comment: "gone"',
    );
    expect(leanix.stored('Orders')).toMatchObject({ status: 'ARCHIVED', lxState: 'APPROVED' });
    expect(await leanix.names()).toEqual(['Invoices']);
  });

  test('the display name is computed: a patch of it is refused, or ignored if switched so', async () => {
    expect(await refused('Orders', '/displayName', 'x')).toBe(
      "The path '/displayName' is invalid in FactSheet schema Interface.",
    );
    leanix.sandbox.switches.displayNameAccepted = true;
    expect((await leanix.update('Orders', [patch('replace', '/displayName', 'x')])).data.result.factSheet.rev).toBe(0);
  });

  test('texts are stored trimmed, if switched on', async () => {
    leanix.sandbox.switches.normalizeText = true;
    await leanix.update('Orders', [patch('replace', '/description', ' one\r\ntwo ')]);
    expect(leanix.stored('Orders')?.description).toBe('one\ntwo');
  });

  test('two active fact sheets of a type cannot have the same full name, unless switched off', async () => {
    expect(messageOf(await leanix.create('Orders'))).toContain('Orders');
    expect(messageOf(await leanix.update('Invoices', [patch('replace', '/name', 'Orders')]))).toContain('Orders');
    expect((await leanix.create('Orders', 'Interface', [patch('add', '/release', '2')])).errors).toBeUndefined();
    expect((await leanix.create('Old mail gateway')).errors).toBeUndefined();
    leanix.sandbox.switches.uniqueFullName = false;
    expect((await leanix.create('Orders')).errors).toBeUndefined();
  });
});

describe('tags', () => {
  const tag = (op: string, ...names: string[]) =>
    leanix.update('Orders', [
      patch(
        op,
        '/tags',
        names.map((name) => ({ tagId: leanix.tagId(name) })),
      ),
    ]);
  const tags = () => leanix.sandbox.state.tagNames(leanix.idOf('Orders'));

  test('they are appended, replaced and taken off', async () => {
    await tag('add', 'Sales', 'Productive');
    expect(tags()).toEqual(['Integration', 'Sales', 'Productive']);
    expect((await tag('add', 'Sales')).data.result.factSheet.rev).toBe(1);
    await tag('remove', 'Sales');
    expect(tags()).toEqual(['Integration', 'Productive']);
    await tag('replace', 'Test', 'Finance');
    expect(tags()).toEqual(['Test', 'Finance']);
  });

  test('a second tag of a single-choice group breaks a constraint', async () => {
    await tag('add', 'Productive');
    expect(typeOf(await tag('add', 'Test'))).toBe('CONSTRAINT_VIOLATION');
  });

  test('a tag of a group for other types is refused', async () => {
    expect(typeOf(await tag('add', 'Core'))).toBe('BUSINESS_LOGIC');
  });

  test('an unknown tag is refused, or made outside of groups if switched so', async () => {
    const unknown = () => leanix.update('Orders', [patch('add', '/tags', [{ tagName: 'Brand new' }])]);
    expect(messageOf(await unknown())).toContain('Brand new');
    expect(messageOf(await leanix.update('Orders', [patch('add', '/tags', [{ tagId: 'nope' }])]))).toContain('nope');
    leanix.sandbox.switches.tagModeCreates = true;
    await unknown();
    expect(tags()).toEqual(['Integration', 'Brand new']);
    expect(leanix.sandbox.state.tagByName('Brand new').tagGroupId).toBeNull();
  });

  test('tags and groups can be made', async () => {
    const group = await leanix.ask('mutation { createTagGroup(name: "Risk", mode: SINGLE) { id name } }');
    const { id } = group.data.createTagGroup;
    const made = await leanix.ask(`mutation {
      a: createTag(name: "High", tagGroupId: "${id}") { name tagGroup { name } }
      b: upsertTag(name: "High", tagGroupName: "Risk", color: "#ff0000") { color }
      c: upsertTag(name: "Loose") { tagGroup { name } } }`);
    expect(made.data).toEqual({
      a: { name: 'High', tagGroup: { name: 'Risk' } },
      b: { color: '#ff0000' },
      c: { tagGroup: null },
    });
    expect(saved).toBe(2);
  });
});
