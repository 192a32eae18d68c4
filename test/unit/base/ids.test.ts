import { nextId } from '../../../srv/base/ids.ts';

const SOME = 20_000;

test('IDs are UUIDs in the order in which they were made, however many are made at once', () => {
  const ids = Array.from({ length: SOME }, nextId);
  expect(ids.filter((id) => !/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toEqual(
    [],
  );
  expect(ids).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(SOME);
});
