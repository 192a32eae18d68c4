import fc from 'fast-check';
import { findBlock, sameBlock, standardBlock } from '../../../../srv/core/catalog/standard-block.ts';
import { iflowFields } from '../../../../srv/core/catalog/mapping.ts';
import { echoesOf, plan } from '../../../../srv/core/catalog/plan.ts';
import type { FactSheet, IFlow, Link, Patch, Plan, Rules } from '../../../../srv/core/catalog/types.ts';
import { factSheet, fields, HOST, iflow, link, managed, people, rows, rules, started, stopped } from './data.ts';

/**
 * A small model of how LeanIX applies patches. `clean` represents the small changes that LeanIX makes to a text when it
 * stores it.
 */
function apply(sheet: FactSheet, { name, patches }: Plan, clean: (text: string) => string): FactSheet {
  const next: FactSheet = { ...structuredClone(sheet), rev: sheet.rev + 1 };
  if (name !== null) next.name = name;
  for (const patch of patches) applyPatch(next, patch, clean);
  return next;
}

function applyPatch(sheet: FactSheet, { op, path, value = '' }: Patch, clean: (text: string) => string): void {
  const [, field = '', phase] = path.split('/');
  const type = fields.get(field)?.type;
  if (path === '/tags') {
    const ids = (JSON.parse(value) as { tagId: string }[]).map(({ tagId }) => tagId);
    sheet.tagIds = op === 'replace' ? ids : [...new Set([...sheet.tagIds, ...ids])];
  } else if (path === '/externalId') {
    sheet.externalId = (JSON.parse(value) as { externalId: string }).externalId;
  } else if (path === '/name') sheet.name = clean(value);
  else if (path === '/description') sheet.description = clean(value);
  else if (path === '/displayName') sheet.displayName = sheet.name;
  else if (type === 'MULTIPLE_SELECT') sheet.fields[field] = (JSON.parse(value) as string[]).reverse();
  else if (type === 'INTEGER' || type === 'DOUBLE') sheet.fields[field] = Number(value);
  else if (type === 'LIFECYCLE') sheet.fields[field] = { phases: [{ phase, startDate: value }] };
  else if (type === 'EXTERNAL_ID') sheet.fields[field] = JSON.parse(value);
  else if (type === 'SINGLE_SELECT') sheet.fields[field] = value;
  else if (fields.has(field)) sheet.fields[field] = clean(value);
}

const allTags = [started, stopped, managed, people];
const optional = (arbitrary: fc.Arbitrary<string>) => fc.option(arbitrary, { freq: 3 });
const word = fc.oneof(
  fc.constantFrom('api', 'Logical Interface', 'soap, odata', '42', '1.5', '2026-03-01', 'Started', 'Reviewed', ' ', ''),
  fc.string({ unit: 'grapheme' }),
);
const someTags = fc.subarray(allTags.map(({ id }) => id));

const anIFlow: fc.Arbitrary<IFlow> = fc
  .record({
    name: word,
    version: optional(word),
    description: optional(word),
    packageId: optional(word),
    packageName: optional(word),
    status: fc.constantFrom('Started', 'Stopped', 'Error'),
    sender: optional(word),
    receiver: optional(word),
    deployedOn: fc.constantFrom(null, '2026-03-01T08:30:00.000Z'),
  })
  .map((given) => iflow(given as Partial<IFlow>));

const aSheet: fc.Arbitrary<FactSheet> = fc
  .record({
    name: word,
    description: optional(word),
    displayName: optional(word),
    externalId: fc.constantFrom(null, 'CMDB-1', `cpi:${HOST}/Orders`, `cpi:${HOST}/Other`),
    tagIds: someTags,
    fields: fc.record({
      alias: optional(word),
      category: fc.constantFrom(null, 'api', 'gone'),
      protocols: fc.constantFrom(null, [], ['soap'], ['odata', 'soap']),
      size: fc.constantFrom(null, 42),
      ratio: fc.constantFrom(null, 1.5),
      lifecycle: fc.constantFrom(null, { phases: [{ phase: 'active', startDate: '2020-01-01' }] }),
      artifactNo: fc.constantFrom(null, { externalId: 'A' }),
    }),
  })
  .map(factSheet);

const paths = ['/name', '/description', '/displayName', '/alias', '/category', '/protocols', '/size', '/ratio'];
const rest = ['/lifecycle/active', '/artifactNo', '/tags', '/tags', '/notInTheModel'];
const aRow = fc
  .tuple(fc.constantFrom(...Object.keys(iflowFields)), fc.constantFrom(...paths, ...rest), fc.constantFrom('', ' once'))
  .map(([field, path, once]) => `${field} > ${path}${once}`);

const someRules: fc.Arbitrary<Rules> = fc
  .record({
    mappings: fc.array(aRow, { maxLength: 8 }).map((lines) => rows(...lines)),
    category: fc.constantFrom(null, 'API', 'free text'),
    defaultTags: fc.subarray([managed, started]),
    hasExternalId: fc.boolean(),
    refusedPaths: fc
      .subarray(['/alias', '/tags', '/description'])
      .map((all) => new Map(all.map((p) => [p, 'refused']))),
  })
  .map(rules);

const aLink: fc.Arbitrary<Link> = someTags.map((ownedTags) => link({ ownedTags }));
const cleaners = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => text.trim(),
  (text) => text.replaceAll('&', '&amp;').replaceAll('[', '('),
);

test('the second run writes nothing, whatever LeanIX makes of the values', () => {
  fc.assert(
    fc.property(anIFlow, aLink, fc.option(aSheet), someRules, cleaners, (one, stored, sheet, given, clean) => {
      const first = plan(one, stored, sheet, given);
      const after = apply(sheet ?? factSheet({ name: '', fields: emptyFields() }), first, clean);
      const echoes = echoesOf(first, after, given, stored.echoes);
      const later = { ...given, now: '2030-01-01T00:00:00.000Z' };
      const second = plan(one, { ...stored, echoes, ownedTags: first.ownedTags }, after, later);
      expect(second).toMatchObject({ patches: [], changes: [] });
      expect(second.ownedTags).toEqual(first.ownedTags);
    }),
    { numRuns: 1000 },
  );
});

test('tags, fields and the external id of other people survive', () => {
  fc.assert(
    fc.property(anIFlow, aLink, aSheet, someRules, (one, stored, sheet, given) => {
      const { patches, ownedTags } = plan(one, stored, sheet, given);
      const after = apply(sheet, { patches, name: null } as Plan, (text) => text);
      const foreign = sheet.tagIds.filter((id) => !stored.ownedTags.includes(id));
      expect(after.tagIds).toEqual(expect.arrayContaining(foreign));
      expect(ownedTags.filter((id) => foreign.includes(id))).toEqual([]);
      if (sheet.externalId !== null) expect(after.externalId).toBe(sheet.externalId);

      const allowed = new Set(given.mappings.filter((row) => row.writeMode === 'always').map((row) => row.leanixPath));
      if (given.mappings.length === 0) allowed.add('/description');
      if (given.category !== null) allowed.add('/category');
      const others = patches.filter(({ path }) => !allowed.has(path) && path !== '/tags' && path !== '/externalId');
      expect(others).toEqual([]);
      expect(patches.filter(({ path }) => given.refusedPaths.has(path))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('no value never erases: each patch carries a value, and an iFlow that says nothing changes nothing', () => {
  const empty = iflow({
    name: ' ',
    version: '',
    description: null,
    packageId: null,
    packageName: null,
    sender: '\n',
    receiver: null,
    deployedBy: null,
    deployedOn: null,
  });
  fc.assert(
    fc.property(anIFlow, aLink, aSheet, someRules, (one, stored, sheet, given) => {
      for (const { op, value } of plan(one, stored, sheet, given).patches) {
        expect(op).not.toBe('remove');
        // Replacing the list of tags by an empty one removes tags that were all added by us.
        expect(value?.trim()).toBeTruthy();
      }
      const silent = given.mappings.filter(({ iflowField }) => !['id', 'type', 'Status'].includes(iflowField));
      const { patches } = plan(empty, stored, sheet, { ...given, mappings: silent, category: null, defaultTags: [] });
      const fieldsOnly = patches.filter(({ path }) => path !== '/tags' && path !== '/externalId');
      expect(silent.length === 0 ? [] : fieldsOnly).toEqual([]);
      const asksForTags = silent.some(({ leanixPath, writeMode }) => leanixPath === '/tags' && writeMode === 'always');
      if (asksForTags) expect(patches.filter(({ path }) => path === '/tags')).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('without any mapping, what people wrote in the description stays byte for byte', () => {
  fc.assert(
    fc.property(anIFlow, aSheet, (one, sheet) => {
      const given = rules({ mappings: [] });
      const after = apply(sheet, plan(one, link(), sheet, given), (text) => text);
      expect(sameBlock(findBlock(after.description), standardBlock(one, HOST, given.now))).toBe(true);
      if (sheet.description?.trim()) expect(after.description?.startsWith(sheet.description)).toBe(true);
    }),
  );
});

function emptyFields(): Record<string, unknown> {
  return Object.fromEntries([...fields.keys()].map((name) => [name, null]));
}
