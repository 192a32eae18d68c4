import { checkMappings, iflowFields, valueOf } from '../../../../srv/core/catalog/mapping.ts';
import { iflow, rows } from './data.ts';

const codes = (...lines: string[]) => checkMappings(rows(...lines)).map(({ code, index }) => `${index} ${code}`);

test('the usual rows are fine', () => {
  const usual = ['name > /name', 'description > /description', 'package_id > /displayName', 'Status > /tags'];
  expect(codes(...usual, 'type > /tags', 'version > /alias once', 'deployed_on > /lifecycle/active')).toEqual([]);
});

test('each bad row is named with its reason', () => {
  expect(checkMappings(rows('owner > /alias', 'name > alias', 'id > /externalId', 'name > /x', 'id > /x'))).toEqual([
    { code: 'MAPPING_FIELD_UNKNOWN', args: ['owner', Object.keys(iflowFields).join(', ')], index: 0 },
    { code: 'MAPPING_PATH_INVALID', args: ['alias'], index: 1 },
    { code: 'MAPPING_PATH_RESERVED', args: ['/externalId'], index: 2 },
    { code: 'MAPPING_PATH_DUPLICATE', args: ['/x'], index: 4 },
  ]);
});

test.each(['', '/', '//name', '/name/', '/na me', '/näme', '/name?x', 'name', '/../name'])(
  'the path %j is refused',
  (path) => {
    const [row] = rows('name > x');
    expect(checkMappings([{ ...row!, leanixPath: path }])).toMatchObject([{ code: 'MAPPING_PATH_INVALID' }]);
  },
);

test('names that every JavaScript object has are no iFlow fields', () => {
  expect(codes('constructor > /alias', 'toString > /name')).toEqual([
    '0 MAPPING_FIELD_UNKNOWN',
    '1 MAPPING_FIELD_UNKNOWN',
  ]);
  expect(valueOf(iflow(), 'constructor')).toBeNull();
});

test('the value of a field is text without white space around it, or null', () => {
  expect(valueOf(iflow({ artifactId: 'Orders' }), 'id')).toBe('Orders');
  expect(valueOf(iflow({ status: 'Error' }), 'Status')).toBe('Error');
  expect(valueOf(iflow({ description: '  Two\r\nlines \n' }), 'description')).toBe('Two\nlines');
  for (const description of [null, '', ' \r\n\t']) expect(valueOf(iflow({ description }), 'description')).toBeNull();
});
