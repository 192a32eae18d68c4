import fc from 'fast-check';
import { createIndex, externalIdOf, normalizeName, type MatchOptions } from '../../../../srv/core/catalog/match.ts';
import type { FactSheet, IFlow, Link } from '../../../../srv/core/catalog/types.ts';
import { factSheet, HOST, iflow, link } from './data.ts';

const options: MatchOptions = { tenantHost: HOST, factSheetType: 'Interface', hasExternalId: true };
const own = externalIdOf(HOST, 'Orders');

type MatchInput = { iflows: IFlow[]; links: Map<string, Link>; factSheets: FactSheet[]; options: MatchOptions };

/** All fact sheets in one page. */
function match({ iflows, links, factSheets, options }: MatchInput) {
  const index = createIndex(iflows, links, options);
  index.add(factSheets);
  return index.result();
}

/** Matches the iFlow `Orders` of the test data. */
function matchOne(factSheets: FactSheet[], stored: Partial<Link> = {}, given: Partial<MatchOptions> = {}) {
  const links = new Map([['Orders', link(stored)]]);
  return match({ iflows: [iflow()], links, factSheets, options: { ...options, ...given } }).get('Orders')!;
}

describe('names and external ids', () => {
  test('the external id names tenant and artifact', () => {
    expect(externalIdOf('Acme.example:8443', 'My_Flow')).toBe('cpi:acme.example:8443/My_Flow');
  });

  test.each([
    ['  Order   Replication ', 'order replication'],
    ['ORDER\u00a0REPLICATION', 'order replication'],
    ['Cafe\u0301', 'caf\u00e9'],
    ['STRASSE', 'straße'],
    ['STRA\u1e9eE', 'straße'],
  ])('%j reads the same as %j', (a, b) => {
    expect(normalizeName(a)).toBe(normalizeName(b));
  });

  test('accents and punctuation tell names apart', () => {
    expect(normalizeName('Café')).not.toBe(normalizeName('Cafe'));
    expect(normalizeName('A-B')).not.toBe(normalizeName('A B'));
  });

  test('normalising twice changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(normalizeName(normalizeName(name))).toBe(normalizeName(name));
      }),
    );
  });
});

describe('stored link', () => {
  test('stays, whatever name and type the fact sheet has now, and keeps what it was matched by', () => {
    const renamed = factSheet({ name: 'Something else', type: 'Application' });
    const result = matchOne([renamed], { factSheetId: 'fs-1', matchedBy: 'manual' });
    expect(result).toMatchObject({ status: 'linked', matchedBy: 'manual', factSheetId: 'fs-1', notVisible: false });
    expect(result.factSheet).toEqual(renamed);
  });

  test('goes before a fact sheet with the external id', () => {
    const other = factSheet({ id: 'fs-2', externalId: own });
    const result = matchOne([factSheet({ name: 'Renamed' }), other], { factSheetId: 'fs-1', matchedBy: 'name' });
    expect(result).toMatchObject({ status: 'linked', factSheetId: 'fs-1' });
  });

  test('of an archived fact sheet no longer counts: the next rules do', () => {
    const archived = factSheet({ status: 'ARCHIVED' });
    expect(matchOne([archived], { factSheetId: 'fs-1' })).toMatchObject({ status: 'notLinked', factSheetId: null });
    const again = matchOne([archived, factSheet({ id: 'fs-2' })], { factSheetId: 'fs-1' });
    expect(again).toMatchObject({ status: 'linked', factSheetId: 'fs-2', matchedBy: 'name' });
  });

  test('whose fact sheet could not be seen stays: a failed read is never an absence', () => {
    const result = matchOne([factSheet({ id: 'fs-2' })], { factSheetId: 'fs-1', matchedBy: 'externalId' });
    expect(result).toMatchObject({ status: 'linked', factSheetId: 'fs-1', matchedBy: 'externalId', notVisible: true });
    expect(result.factSheet).toBeNull();
  });
});

describe('external id', () => {
  test('finds the fact sheet under any name', () => {
    const result = matchOne([factSheet({ name: 'Renamed in LeanIX', externalId: own }), factSheet({ id: 'fs-2' })]);
    expect(result).toMatchObject({ status: 'linked', matchedBy: 'externalId', factSheetId: 'fs-1' });
  });

  test('that several fact sheets carry leaves the choice to a person', () => {
    const twins = [factSheet({ id: 'b', externalId: own }), factSheet({ id: 'a', externalId: own })];
    const result = matchOne(twins);
    expect(result).toMatchObject({ status: 'ambiguous', factSheetId: null, matchedBy: null });
    expect(result.candidates.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('does not count on another type, on an archived fact sheet, or where the type has no such field', () => {
    const named = { name: 'Renamed', externalId: own };
    expect(matchOne([factSheet({ ...named, type: 'Application' })]).status).toBe('notLinked');
    expect(matchOne([factSheet({ ...named, status: 'ARCHIVED' })]).status).toBe('notLinked');
    expect(matchOne([factSheet(named)], {}, { hasExternalId: false }).status).toBe('notLinked');
  });

  test('on a fact sheet that a person linked to another iFlow is no match, but a question', () => {
    const iflows = [iflow(), iflow({ artifactId: 'Invoices', name: 'Invoices' })];
    const links = new Map([['Invoices', link({ factSheetId: 'fs-1', matchedBy: 'manual' })]]);
    const results = match({ iflows, links, factSheets: [factSheet({ externalId: own })], options });
    expect(results.get('Invoices')).toMatchObject({ status: 'linked' });
    expect(results.get('Orders')).toMatchObject({ status: 'ambiguous', candidates: [{ id: 'fs-1' }] });
  });
});

describe('name', () => {
  test('finds the only fact sheet of the type with that name', () => {
    const result = matchOne([factSheet({ name: ' order  REPLICATION' }), factSheet({ id: 'x', type: 'Application' })]);
    expect(result).toMatchObject({ status: 'linked', matchedBy: 'name', factSheetId: 'fs-1' });
  });

  test('that several fact sheets have leaves the choice to a person', () => {
    const result = matchOne([factSheet({ id: 'b', description: 'B' }), factSheet({ id: 'a' })]);
    expect(result.status).toBe('ambiguous');
    expect(result.candidates).toEqual([
      { id: 'a', name: 'Order Replication', type: 'Interface', description: null, externalId: null },
      { id: 'b', name: 'Order Replication', type: 'Interface', description: 'B', externalId: null },
    ]);
  });

  test('does not count on a fact sheet of another iFlow, but on one with an external id of people', () => {
    expect(matchOne([factSheet({ externalId: externalIdOf(HOST, 'Other') })]).status).toBe('notLinked');
    expect(matchOne([factSheet({ externalId: externalIdOf('old.example', 'Orders') })]).status).toBe('notLinked');
    expect(matchOne([factSheet({ externalId: 'CMDB-4711' })]).status).toBe('linked');
  });

  test('does not count on a fact sheet that another iFlow or another configuration is linked to', () => {
    const iflows = [iflow(), iflow({ artifactId: 'Copy' })];
    const links = new Map([['Copy', link({ factSheetId: 'fs-1' })]]);
    const results = match({ iflows, links, factSheets: [factSheet()], options });
    expect(results.get('Orders')?.status).toBe('notLinked');
    expect(matchOne([factSheet()], {}, { taken: new Set(['fs-1']) }).status).toBe('notLinked');
  });

  test('that two iFlows share decides for neither', () => {
    const iflows = [iflow(), iflow({ artifactId: 'Copy', name: 'order replication' })];
    const results = match({ iflows, links: new Map(), factSheets: [factSheet()], options });
    for (const result of results.values()) {
      expect(result).toMatchObject({ status: 'ambiguous', candidates: [{ id: 'fs-1' }] });
    }
  });

  test('of nothing but blanks matches nothing', () => {
    const blank = match({
      iflows: [iflow({ name: ' ' })],
      links: new Map(),
      factSheets: [factSheet({ name: '' })],
      options,
    });
    expect(blank.get('Orders')?.status).toBe('notLinked');
  });

  test('is all there is where the type has no external id', () => {
    const result = matchOne([factSheet()], {}, { hasExternalId: false });
    expect(result).toMatchObject({ status: 'linked', matchedBy: 'name' });
  });
});

test('a pair that a person took apart is never matched by itself again, by external id or by name', () => {
  expect(matchOne([factSheet({ externalId: own })], { refused: ['fs-1'] }).status).toBe('notLinked');
  expect(matchOne([factSheet()], { refused: ['fs-1'] }).status).toBe('notLinked');
  const other = matchOne([factSheet(), factSheet({ id: 'fs-2' })], { refused: ['fs-1'] });
  expect(other).toMatchObject({ status: 'linked', factSheetId: 'fs-2' });
  expect(matchOne([factSheet()], { refused: ['fs-1'], factSheetId: 'fs-1' }).status).toBe('linked');
});

describe('page by page', () => {
  test('the index tells which linked fact sheets still have to be read by their id', () => {
    const links = new Map([['Orders', link({ factSheetId: 'fs-9' })]]);
    const index = createIndex([iflow()], links, options);
    index.add([factSheet()]);
    expect(index.missing()).toEqual(['fs-9']);
    expect(index.unsettled()).toBe(0);
    index.add([factSheet({ id: 'fs-9', status: 'ARCHIVED' })]);
    expect(index.missing()).toEqual([]);
    expect(index.unsettled()).toBe(1);
    expect(index.result().get('Orders')).toMatchObject({ status: 'linked', factSheetId: 'fs-1', matchedBy: 'name' });
  });

  test('a fact sheet that two pages bring counts once, with its newest revision', () => {
    const index = createIndex([iflow()], new Map(), options);
    index.add([factSheet({ rev: 2, description: 'new' })]);
    index.add([factSheet({ rev: 1, description: 'old' })]);
    expect(index.result().get('Orders')?.factSheet?.description).toBe('new');
  });
});

describe('whatever the data', () => {
  const names = ['Orders', 'ORDERS', 'Invoices', 'Stock'];
  const artifacts = ['A', 'B', 'C', 'D', 'E'];
  const factSheets = fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('1', '2', '3', '4', '5', '6'),
      name: fc.constantFrom(...names),
      type: fc.constantFrom('Interface', 'Interface', 'Application'),
      status: fc.constantFrom('ACTIVE', 'ACTIVE', 'ACTIVE', 'ARCHIVED'),
      externalId: fc.option(
        fc.oneof(
          fc.constantFrom(...artifacts).map((id) => externalIdOf(HOST, id)),
          fc.constant('CMDB-1'),
        ),
      ),
    }),
    { selector: ({ id }) => id },
  );
  const iflows = fc.uniqueArray(
    fc.record({ artifactId: fc.constantFrom(...artifacts), name: fc.constantFrom(...names) }),
    {
      selector: ({ artifactId }) => artifactId,
    },
  );
  const stored = fc.dictionary(
    fc.constantFrom(...artifacts),
    fc.record({
      factSheetId: fc.option(fc.constantFrom('1', '2', '7'), { freq: 2 }),
      refused: fc.subarray(['1', '2', '3']),
    }),
  );
  const inputs = fc
    .record({ iflows, factSheets, stored, hasExternalId: fc.boolean(), taken: fc.subarray(['3', '4']) })
    .map((given): MatchInput => ({
      iflows: given.iflows.map((one): IFlow => iflow(one)),
      links: new Map(Object.entries(given.stored).map(([id, one]) => [id, link(one)])),
      factSheets: given.factSheets.map((one) => factSheet(one as Partial<FactSheet>)),
      options: { ...options, hasExternalId: given.hasExternalId, taken: new Set(given.taken) },
    }));
  const byId = (input: MatchInput) => [...match(input)].sort(([a], [b]) => (a < b ? -1 : 1));

  test('the order of iFlows, fact sheets and pages makes no difference', () => {
    const shuffled = inputs.chain((input) =>
      fc.record({
        input: fc.constant(input),
        iflows: fc.shuffledSubarray([...input.iflows], { minLength: input.iflows.length }),
        factSheets: fc.shuffledSubarray([...input.factSheets], { minLength: input.factSheets.length }),
        pageSize: fc.integer({ min: 1, max: 3 }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ input, iflows: others, factSheets: sheets, pageSize }) => {
        const index = createIndex(others, input.links, input.options);
        for (let i = 0; i < sheets.length; i += pageSize) index.add(sheets.slice(i, i + pageSize));
        expect([...index.result()].sort(([a], [b]) => (a < b ? -1 : 1))).toEqual(byId(input));
      }),
    );
  });

  test('every iFlow gets an answer, and no fact sheet goes to two iFlows by external id or name', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const results = match(input);
        expect(results.size).toBe(input.iflows.length);
        const found = [...results]
          .filter(([id]) => !holds(input, id))
          .flatMap(([, result]) => result.factSheetId ?? []);
        const held = input.iflows
          .filter(({ ID }) => holds(input, ID))
          .map(({ ID }) => input.links.get(ID)?.factSheetId);
        expect(new Set(found).size).toBe(found.length);
        expect(found.filter((id) => held.includes(id))).toEqual([]);
      }),
    );
  });

  test('a link once made stays, so that renaming never makes a second fact sheet', () => {
    fc.assert(
      fc.property(inputs, fc.string(), fc.string(), (input, iflowName, factSheetName) => {
        const links = new Map(input.links);
        const first = match(input);
        for (const [id, { factSheetId, matchedBy }] of first) {
          if (factSheetId) links.set(id, link({ ...links.get(id), factSheetId, matchedBy }));
        }
        const second = match({
          ...input,
          links,
          iflows: input.iflows.map((one) => ({ ...one, name: iflowName })),
          factSheets: input.factSheets.map((one) => ({ ...one, name: factSheetName })),
        });
        for (const [id, { factSheetId }] of first) {
          if (factSheetId) expect(second.get(id)?.factSheetId).toBe(factSheetId);
        }
      }),
    );
  });

  /** Whether an iFlow keeps its stored link. */
  function holds({ links, factSheets: sheets }: MatchInput, id: string): boolean {
    const stored = links.get(id)?.factSheetId;
    return Boolean(stored) && sheets.find((sheet) => sheet.id === stored)?.status !== 'ARCHIVED';
  }
});
