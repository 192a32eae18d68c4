import { convert, readable, readValue, sameText } from '../../../../srv/core/catalog/values.ts';
import { factSheet, fields } from './data.ts';

const sent = (path: string, text: string) => convert(path, text, fields).value?.sent ?? null;
const warned = (path: string, text: string) => convert(path, text, fields).warnings;

test('a select field takes the key of an option, or its label, whatever the case', () => {
  for (const text of ['logicalInterface', 'LOGICALINTERFACE', ' logical interface ']) {
    expect(sent('/category', text)).toBe('logicalInterface');
  }
  expect(sent('/category', 'Queue')).toBeNull();
  expect(warned('/category', 'Queue')).toEqual([
    { code: 'VALUE_NOT_AN_OPTION', args: ['/category', 'Queue', 'SINGLE_SELECT'] },
  ]);
});

test('a select field whose options are not visible takes what was typed', () => {
  const hidden = new Map([['category', { name: 'category', type: 'SINGLE_SELECT', values: [] }]]);
  expect(convert('/category', 'queue', hidden)).toMatchObject({ value: { sent: 'queue' }, warnings: [] });
});

test('a list field takes several options, and warns about each that it does not know', () => {
  expect(sent('/protocols', 'SOAP, odata')).toBe('["soap","odata"]');
  expect(sent('/protocols', 'REST, plain')).toBe('["rest"]');
  expect(convert('/protocols', 'soap, ftp,', fields)).toMatchObject({
    value: { sent: '["soap"]' },
    warnings: [{ code: 'VALUE_NOT_AN_OPTION', args: ['/protocols', 'ftp', 'MULTIPLE_SELECT'] }],
  });
  expect(sent('/protocols', 'ftp')).toBeNull();
});

test.each([
  ['/size', '007', '7'],
  ['/size', '+5', '5'],
  ['/ratio', '1.50', '1.5'],
  ['/ratio', '2e3', '2000'],
  ['/lifecycle/active', '2026-03-01T08:30:00.000Z', '2026-03-01'],
  ['/artifactNo', 'A-1', '{"externalId":"A-1"}'],
  ['/alias', 'any text', 'any text'],
  ['/unknownField', 'any text', 'any text'],
])('%s takes %j as %j', (path, text, value) => {
  expect(sent(path, text)).toBe(value);
});

test.each([
  ['/size', '1.0.3', 'VALUE_NOT_A_NUMBER', 'INTEGER'],
  ['/ratio', '1.0.3', 'VALUE_NOT_A_NUMBER', 'DOUBLE'],
  ['/ratio', '0x10', 'VALUE_NOT_A_NUMBER', 'DOUBLE'],
  ['/lifecycle/active', 'Started', 'VALUE_NOT_A_DATE', 'LIFECYCLE'],
  ['/lifecycle/active', '2026-13-40', 'VALUE_NOT_A_DATE', 'LIFECYCLE'],
  ['/lifecycle', '2026-03-01', 'VALUE_NOT_A_DATE', 'LIFECYCLE'],
])('%s does not take %j: %s', (path, text, code, type) => {
  expect(sent(path, text)).toBeNull();
  expect(warned(path, text)).toEqual([{ code, args: [path, text, type] }]);
});

test('what was read is compared in the same form', () => {
  const sheet = factSheet({
    fields: {
      category: 'api',
      protocols: ['soap', 'odata'],
      size: 7,
      ratio: '1.50',
      lifecycle: { asString: 'active', phases: [{ phase: 'active', startDate: '2026-03-01' }] },
      artifactNo: { externalId: 'A-1' },
      alias: null,
    },
  });
  for (const [path, text] of [
    ['/category', 'API'],
    ['/protocols', 'odata, soap'],
    ['/size', '7'],
    ['/ratio', '1.5'],
    ['/lifecycle/active', '2026-03-01'],
    ['/artifactNo', 'A-1'],
  ] as const) {
    expect(readValue(path, sheet, fields)).toBe(convert(path, text, fields).value?.plain);
  }
  expect(readValue('/alias', sheet, fields)).toBeNull();
  expect(readValue('/lifecycle/endOfLife', sheet, fields)).toBeNull();
});

test('of a field that was not read nothing is known', () => {
  expect(readValue('/alias', factSheet(), fields)).toBeUndefined();
  expect(readValue('/relA/new_1', factSheet({ fields: { relA: {} } }), fields)).toBeUndefined();
});

test('line breaks and white space at line ends are no difference, anything else is', () => {
  expect(sameText('a \r\nb\n', 'a\nb')).toBe(true);
  expect(sameText(null, '  ')).toBe(true);
  expect(sameText('a\n\nb', 'a\nb')).toBe(false);
  expect(sameText('a', ' a')).toBe(false);
});

test('people read the labels of options', () => {
  expect(readable('/category', 'logicalInterface', fields)).toBe('Logical Interface');
  expect(readable('/protocols', '["odata","gone"]', fields)).toBe('OData, gone');
  expect(readable('/alias', null, fields)).toBeNull();
});
