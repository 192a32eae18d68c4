import fc from 'fast-check';
import { placePeople, type DirectoryEntry, type StoredPerson } from '../../../../srv/core/access/people.ts';

const entry = (id: string, email: string | null, active = true, managerId: string | null = null): DirectoryEntry => ({
  id,
  email,
  active,
  managerId,
});
const stored = (ID: string, directoryId: string | null, email: string | null, active = true): StoredPerson => ({
  ID,
  directoryId,
  email,
  active,
});
const place = (rows: StoredPerson[], read: DirectoryEntry[]) => placePeople(rows, read, () => 'new');
const shown = (rows: StoredPerson[], read: DirectoryEntry[]) =>
  place(rows, read).people.map(({ ID, email, entry: { id }, ambiguous }) => [ID, id, email, ambiguous]);

test('people are known by their id when the e-mail changes', () => {
  const plan = place([stored('row', '1', 'ada@old.example')], [entry('1', 'ada@new.example')]);
  expect(plan).toMatchObject({ people: [{ ID: 'row', email: 'ada@new.example' }], gone: [], leavers: [] });
  expect(plan.moved).toEqual(['row']);
});

test.each([null, 'of before'])('and by their e-mail where the id (%p) says nothing', (directoryId) => {
  expect(shown([stored('row', directoryId, 'Ada@x.example')], [entry('1', 'ada@X.example')])).toEqual([
    ['row', '1', 'ada@X.example', false],
  ]);
});

test('two who change e-mails with each other keep their rows', () => {
  const rows = [stored('a', '1', 'one@x.example'), stored('b', '2', 'two@x.example')];
  const plan = place(rows, [entry('1', 'two@x.example'), entry('2', 'one@x.example')]);
  expect(plan.people.map(({ ID, email }) => [ID, email])).toEqual([
    ['a', 'two@x.example'],
    ['b', 'one@x.example'],
  ]);
  expect(plan).toMatchObject({ moved: ['a', 'b'], leavers: [] });
});

test('who has left gives the e-mail to whoever has it now', () => {
  const rows = [stored('a', '1', 'one@x.example'), stored('b', '2', 'two@x.example')];
  const plan = place(rows, [entry('2', 'one@x.example')]);
  expect(plan.people).toMatchObject([{ ID: 'b', email: 'one@x.example' }]);
  expect(plan).toMatchObject({ gone: ['a'], leavers: ['a'], moved: ['a', 'b'] });
});

const DOUBLE = [entry('1', 'ada@x.example', false), entry('2', 'ada@x.example')];

test.each([[DOUBLE], [DOUBLE.toReversed()]])('of two with one e-mail the active one has it: %j', (read) => {
  expect(shown([], read)).toEqual([['new', '2', 'ada@x.example', false]]);
  // The row is kept, with the accounts assigned to it.
  for (const known of ['1', '2', null]) {
    expect(shown([stored('row', known, 'ada@x.example')], read)).toEqual([['row', '2', 'ada@x.example', false]]);
  }
});

test('several active ones are ambiguous, and the one of before keeps the row', () => {
  const both = [entry('1', 'ada@x.example'), entry('2', 'ada@x.example')];
  expect(shown([], both)).toEqual([['new', '1', 'ada@x.example', true]]);
  expect(shown([stored('row', '2', 'ada@x.example')], both.toReversed())).toEqual([
    ['row', '2', 'ada@x.example', true],
  ]);
});

test('who is inactive and was never known is left out, as a manager too', () => {
  const read = [entry('1', 'boss@x.example', false), entry('2', 'ada@x.example', true, '1')];
  expect(place([], read).people).toMatchObject([{ entry: { id: '2' }, managerId: null }]);
});

test('whatever is read in whatever order: one row for an e-mail, each row once, and nobody active is lost', () => {
  const emails = fc.constantFrom(null, 'a@x', 'B@x', 'b@x', 'c@x');
  const ids = fc.constantFrom('1', '2', '3', '4');
  const read = fc.uniqueArray(
    fc.tuple(ids, emails, fc.boolean()).map(([id, email, active]) => entry(id, email, active)),
    { selector: ({ id }) => id },
  );
  fc.assert(
    fc.property(read, read, fc.nat(3), (first, second, turn) => {
      let next = 0;
      const newId = () => `row ${next++}`;
      const before = placePeople([], first, newId).people;
      const rows = before.map(({ ID, entry: { id, active }, email }) => stored(ID, id, email, active));
      const { people, gone, leavers } = placePeople(rows, second, newId);
      const keys = people.flatMap(({ email }) => (email ? [email.toLowerCase()] : []));
      expect(new Set(keys).size).toBe(keys.length);
      expect(new Set(people.map(({ ID }) => ID)).size).toBe(people.length);
      const active = second.filter(({ email, active }) => active && email).map(({ email }) => email!.toLowerCase());
      expect(keys).toEqual(expect.arrayContaining(active));
      for (const row of rows) {
        const now = people.find(({ ID }) => ID === row.ID);
        expect(gone.includes(row.ID)).toBe(!now);
        expect(leavers.includes(row.ID)).toBe(row.active && !now?.entry.active);
      }
      const turned = [...second.slice(turn), ...second.slice(0, turn)];
      const again = placePeople(rows, turned, newId).people;
      const pairs = (of: typeof people) => of.map(({ entry: { id }, email }) => `${id} ${email}`).sort();
      expect(pairs(again)).toEqual(pairs(people));
    }),
  );
});
