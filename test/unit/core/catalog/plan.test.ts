import { externalIdOf } from '../../../../srv/core/catalog/match.ts';
import { echoesOf, fieldsToRead, plan } from '../../../../srv/core/catalog/plan.ts';
import type { Tag } from '../../../../srv/core/catalog/types.ts';
import { factSheet, HOST, iflow, link, managed, rows, rules, started } from './data.ts';

const own = externalIdOf(HOST, 'Orders');
const ownId = { op: 'add', path: '/externalId', value: JSON.stringify({ type: 'ExternalId', externalId: own }) };
const tagIds = (...tags: Tag[]) => tags.map(({ id }) => id);
const paths = (patches: { path: string }[]) => patches.map(({ path }) => path);

/** A linked fact sheet that already has its external ID, so that a test sees only what it is about. */
const known = (given: Parameters<typeof factSheet>[0] = {}) => factSheet({ externalId: own, ...given });

describe('creating a fact sheet', () => {
  test('sends the mapped values of both write modes, category, tags and external id', () => {
    const given = rules({
      mappings: rows('name > /name', 'description > /description', 'version > /alias once', 'Status > /tags'),
      category: 'API',
      defaultTags: [managed],
    });
    expect(plan(iflow(), link(), null, given)).toEqual({
      action: 'create',
      name: 'Order Replication',
      patches: [
        { op: 'add', path: '/description', value: 'Sends orders to the ERP' },
        { op: 'add', path: '/alias', value: '1.0.3' },
        { op: 'add', path: '/category', value: 'api' },
        { op: 'add', path: '/tags', value: JSON.stringify([{ tagId: managed.id }, { tagId: started.id }]) },
        ownId,
      ],
      changes: [
        { path: '/name', before: null, after: 'Order Replication' },
        { path: '/description', before: null, after: 'Sends orders to the ERP' },
        { path: '/alias', before: null, after: '1.0.3' },
        { path: '/category', before: null, after: 'API' },
        { path: '/tags', before: null, after: 'CPI-Managed, Started' },
        { path: '/externalId', before: null, after: own },
      ],
      warnings: [],
      ownedTags: tagIds(managed, started),
    });
  });

  test('always has a name: the mapped one, else the iFlow’s, else its id', () => {
    const byId = rules({ mappings: rows('id > /name once') });
    expect(plan(iflow(), link(), null, byId).name).toBe('Orders');
    expect(plan(iflow(), link(), null, rules({ mappings: rows('version > /alias') })).name).toBe('Order Replication');
    expect(plan(iflow({ description: ' ' }), link(), null, rules({ mappings: rows('description > /name') })).name).toBe(
      'Order Replication',
    );
    expect(plan(iflow({ name: ' ' }), link(), null, rules()).name).toBe('Orders');
  });

  test('without any mapping writes the standard block, and no other field', () => {
    const { patches } = plan(iflow(), link(), null, rules({ hasExternalId: false }));
    expect(paths(patches)).toEqual(['/description']);
    expect(patches[0]?.value).toContain('Package: Sales Processes');
  });

  test('leaves the external id out where the type has no such field', () => {
    const { patches } = plan(iflow(), link(), null, rules({ hasExternalId: false, mappings: rows('id > /alias') }));
    expect(paths(patches)).toEqual(['/alias']);
  });
});

describe('updating a fact sheet', () => {
  const mapped = rules({ mappings: rows('name > /name', 'description > /description', 'id > /alias once') });

  test('replaces what differs, and nothing else', () => {
    const sheet = known({ name: 'Old name', description: 'Sends orders to the ERP' });
    expect(plan(iflow(), link(), sheet, mapped)).toEqual({
      action: 'update',
      name: null,
      patches: [{ op: 'replace', path: '/name', value: 'Order Replication' }],
      changes: [{ path: '/name', before: 'Old name', after: 'Order Replication' }],
      warnings: [],
      ownedTags: [],
    });
  });

  test('does nothing where everything is as wanted', () => {
    const sheet = known({ description: 'Sends orders to the ERP\r\n' });
    expect(plan(iflow(), link(), sheet, mapped)).toMatchObject({ action: 'none', patches: [], changes: [] });
  });

  test('leaves the name to people unless it is mapped with `always`', () => {
    const sheet = known({ name: 'Named by people' });
    expect(plan(iflow(), link(), sheet, rules({ mappings: rows('name > /name once') })).action).toBe('none');
    expect(plan(iflow(), link(), sheet, rules({ mappings: rows('id > /alias once') })).action).toBe('none');
  });

  test.each([null, '', '  \n'])('never erases a field: %j is no value', (description) => {
    const sheet = known({ description: 'Written by people' });
    expect(plan(iflow({ description }), link(), sheet, mapped).action).toBe('none');
  });

  test('compares selects by key, lists as sets, numbers and dates by value', () => {
    const given = rules({
      mappings: rows(
        'sender > /category',
        'receiver > /protocols',
        'version > /size',
        'deployed_on > /lifecycle/active',
      ),
    });
    const one = iflow({ sender: 'API', receiver: 'soap, odata', version: '07' });
    const same = { category: 'api', protocols: ['odata', 'soap'], size: 7 };
    const phases = [{ phase: 'active', startDate: '2026-03-01' }];
    expect(plan(one, link(), known({ fields: { ...same, lifecycle: { phases } } }), given).action).toBe('none');
    const other = known({
      fields: { category: 'logicalInterface', protocols: ['odata'], size: null, lifecycle: null },
    });
    expect(plan(one, link(), other, given)).toMatchObject({
      patches: [
        { path: '/category', value: 'api' },
        { path: '/protocols', value: '["soap","odata"]' },
        { path: '/size', value: '7' },
        { path: '/lifecycle/active', value: '2026-03-01' },
      ],
      changes: [
        { before: 'Logical Interface', after: 'API' },
        { before: 'OData', after: 'OData, SOAP' },
        { before: null, after: '7' },
        { before: null, after: '2026-03-01' },
      ],
    });
  });

  test('names a value that the field cannot hold, and writes the others', () => {
    const given = rules({ mappings: rows('Status > /category', 'id > /alias') });
    const { patches, warnings } = plan(iflow(), link(), known({ fields: { category: 'api', alias: null } }), given);
    expect(paths(patches)).toEqual(['/alias']);
    expect(warnings).toEqual([{ code: 'VALUE_NOT_AN_OPTION', args: ['/category', 'Started', 'SINGLE_SELECT'] }]);
  });
});

describe('category', () => {
  const sheet = (category: string | null) => known({ fields: { category } });
  const noBlock = { mappings: rows('id > /alias once') };

  test('is written by key or label, where it differs', () => {
    expect(plan(iflow(), link(), sheet('api'), rules({ ...noBlock, category: 'API' })).action).toBe('none');
    expect(plan(iflow(), link(), sheet(null), rules({ ...noBlock, category: 'API' })).patches).toEqual([
      { op: 'replace', path: '/category', value: 'api' },
    ]);
  });

  test('may be one that the token cannot see', () => {
    const { patches, warnings } = plan(iflow(), link(), sheet(null), rules({ ...noBlock, category: 'eventBroker' }));
    expect(patches).toMatchObject([{ value: 'eventBroker' }]);
    expect(warnings).toEqual([]);
  });

  test('left blank leaves the field alone', () => {
    for (const category of [null, '', ' ']) {
      expect(plan(iflow(), link(), sheet('api'), rules({ ...noBlock, category })).action).toBe('none');
    }
  });

  test('only fills in where a row maps the field', () => {
    const given = (line: string) => rules({ mappings: rows(line), category: 'logicalInterface' });
    const one = iflow({ sender: 'api' });
    expect(plan(one, link(), sheet('api'), given('sender > /category')).action).toBe('none');
    expect(plan(one, link(), sheet('api'), given('sender > /category once')).action).toBe('none');
    expect(plan(iflow(), link(), sheet('api'), given('sender > /category')).patches).toMatchObject([
      { value: 'logicalInterface' },
    ]);
  });
});

describe('without any mapping', () => {
  test('the block follows people’s text, and the time alone is no change', () => {
    const first = plan(iflow(), link(), known({ description: 'By people' }), rules());
    const description = first.patches[0]!.value!;
    expect(description.startsWith('By people\n\n')).toBe(true);
    const later = rules({ now: '2027-01-01T00:00:00.000Z' });
    expect(plan(iflow(), link(), known({ description }), later).action).toBe('none');
    expect(plan(iflow({ name: 'Renamed' }), link(), known({ description }), later).patches).toMatchObject([
      { op: 'replace', path: '/description' },
    ]);
  });

  test('a description that LeanIX changed on its way is not written again', () => {
    const first = plan(iflow(), link(), known(), rules());
    const stored = known({ description: first.patches[0]!.value!.replaceAll('[', '(') });
    const echoes = echoesOf(first, stored, rules(), {});
    const later = rules({ now: '2027-01-01T00:00:00.000Z' });
    expect(plan(iflow(), link({ echoes }), stored, later).action).toBe('none');
    expect(plan(iflow({ name: 'Renamed' }), link({ echoes }), stored, later).action).toBe('update');
  });
});

test('a path that LeanIX refuses is left out with its reason, the others are written', () => {
  const refusedPaths = new Map([['/alias', 'The path is invalid']]);
  const given = rules({ mappings: rows('id > /alias', 'name > /name'), refusedPaths });
  const result = plan(iflow(), link(), known({ name: 'x', fields: { alias: null } }), given);
  expect(paths(result.patches)).toEqual(['/name']);
  expect(result.warnings).toEqual([{ code: 'PATH_REFUSED', args: ['/alias', 'The path is invalid'] }]);
});

test('a linked fact sheet of another type gets what all types have, and its own identity stays', () => {
  const given = rules({
    mappings: rows('name > /name', 'id > /alias', 'package_id > /displayName'),
    category: 'api',
    defaultTags: [managed],
  });
  const result = plan(iflow(), link(), factSheet({ type: 'Application', name: 'x' }), given);
  expect(paths(result.patches)).toEqual(['/name', '/displayName', '/tags']);
  expect(result.warnings).toEqual([{ code: 'FACT_SHEET_TYPE_DIFFERS', args: ['Application', 'Interface'] }]);
});

test('the client is asked for what has to be compared, and for nothing that the type lacks', () => {
  const lines = [
    'name > /name',
    'id > /alias once',
    'Status > /lifecycle/active',
    'sender > /relX/new_1',
    'id > /size',
  ];
  expect(fieldsToRead(rules({ mappings: rows(...lines, 'id > /displayName', 'id > /size'), category: 'api' }))).toEqual(
    {
      description: false,
      tags: true,
      externalId: true,
      displayName: true,
      names: ['category', 'lifecycle', 'size'],
    },
  );
  expect(fieldsToRead(rules({ hasExternalId: false }))).toEqual({
    description: true,
    tags: true,
    externalId: false,
    displayName: false,
    names: [],
  });
});
