import fc from 'fast-check';
import {
  findBlock,
  mergeBlock,
  sameBlock,
  standardBlock,
  withoutTime,
} from '../../../../srv/core/catalog/standard-block.ts';
import { HOST, iflow, NOW } from './data.ts';

const block = standardBlock(iflow(), HOST, NOW);
const LATER = '2026-12-01T06:00:00.000Z';

test('the block names iFlow, package, tenant and time between two marker lines', () => {
  const lines = block.split('\n');
  expect(lines.slice(1, -1)).toEqual([
    'iFlow: Order Replication',
    'Package: Sales Processes',
    `Tenant: ${HOST}`,
    `Last sync: ${NOW}`,
  ]);
  expect(standardBlock(iflow({ packageName: null }), HOST, NOW)).toContain('Package: Sales\n');
  expect(standardBlock(iflow({ packageName: null, packageId: null }), HOST, NOW)).not.toContain('Package');
});

test('a name cannot end the block early', () => {
  const end = block.split('\n').at(-1)!;
  const tricky = standardBlock(iflow({ name: `Orders\n${end}` }), HOST, NOW);
  expect(findBlock(tricky)).toBe(tricky);
});

test('the block is appended after a blank line, and replaced where it stands', () => {
  expect(mergeBlock(null, block)).toBe(block);
  expect(mergeBlock(' \n', block)).toBe(block);
  expect(mergeBlock('By people', block)).toBe(`By people\n\n${block}`);
  expect(mergeBlock('By people\n', block)).toBe(`By people\n\n${block}`);
  const newer = standardBlock(iflow({ name: 'Renamed' }), HOST, LATER);
  expect(mergeBlock(`Above\r\n${block}\r\nbelow  `, newer)).toBe(`Above\r\n${newer}\r\nbelow  `);
});

test('a marker line without its partner is people’s text', () => {
  const [begin] = block.split('\n');
  const broken = `${begin}\nhalf a block`;
  expect(findBlock(broken)).toBeNull();
  const merged = mergeBlock(broken, block);
  expect(merged).toBe(`${broken}\n\n${block}`);
  expect(findBlock(merged)).toBe(block);
});

test('the time alone is no difference, anything else is', () => {
  const later = standardBlock(iflow(), HOST, LATER);
  expect(sameBlock(block, later)).toBe(true);
  expect(sameBlock(block, later.replaceAll('\n', ' \r\n'))).toBe(true);
  expect(sameBlock(block, standardBlock(iflow({ name: 'Renamed' }), HOST, NOW))).toBe(false);
  expect(sameBlock(block, null)).toBe(false);
  expect(withoutTime(`Above\n\n${block}`)).toBe(withoutTime(`Above\n\n${later}`));
  expect(withoutTime('Last sync: yesterday')).toBe('Last sync: yesterday');
});

describe('whatever people wrote', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(fc.constantFrom('\n', '\r\n', ' ', 'word', '$&', ...block.split('\n'))).map((parts) => parts.join('')),
  );
  const anIFlow = fc.record({ name: fc.string(), packageName: fc.option(fc.string()) }).map(iflow);

  test('it stays byte for byte, and writing the block twice changes nothing', () => {
    fc.assert(
      fc.property(text, anIFlow, (existing, one) => {
        const given = standardBlock(one, HOST, NOW);
        const merged = mergeBlock(existing, given);
        expect(mergeBlock(merged, given)).toBe(merged);
        expect(sameBlock(findBlock(merged), given)).toBe(true);
        const old = findBlock(existing);
        if (existing.trim() === '') expect(merged).toBe(given);
        else if (old === null) expect(merged.startsWith(existing)).toBe(true);
        else expect(mergeBlock(merged, old)).toBe(existing);
      }),
    );
  });
});
