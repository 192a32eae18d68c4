import { companyCases } from '../../../sandbox/seed/company.ts';
import { externalIdOf } from '../../../sandbox/seed/types.ts';
import { launchRuntime, MAPPINGS } from '../../helpers/runtime/runtime.ts';

const app = await launchRuntime({ seed: 'company' });
const { leanix, cpi } = app.sandbox;
const cases = companyCases();

let rows: Map<string, any>;
const load = async () => (rows = new Map((await app.iflows()).map((row) => [row.artifactId, row])));
const of = (ids: string[]) => ids.map((id) => rows.get(id));
const interfaces = () => [...leanix.state.factSheets.values()].filter(({ type }) => type === 'Interface').length;

beforeAll(async () => {
  await app.configure({ category: 'api', defaultTags: 'CPI-Managed', mappings: MAPPINGS });
  await app.run('refresh');
});

test('a match costs few requests, and writes nothing in LeanIX', async () => {
  const before = app.snapshot();
  const { result: run, ...seen } = await app.traffic(() => app.run('match'));
  expect(run).toMatchObject({ kind: 'match', status: 'completed', total: 269, done: 269, requests: seen.requests });
  expect(seen.requests).toBeLessThanOrEqual(Math.ceil(interfaces() / 1000) + 3);
  expect(seen.mutations).toBe(0);
  expect(app.changedSince(before)).toEqual([]);
  expect(await app.items(run)).toEqual([]);
  await load();
});

test('a fact sheet with the external id of an iFlow is linked to it, whatever its name', () => {
  for (const row of of([...cases.linkedByExternalId, ...cases.renamedInLeanIX])) {
    const factSheet = leanix.state.factSheets.get(row.factSheetId);
    expect(row).toMatchObject({ linkStatus: 'linked', matchedBy: 'externalId', criticality: 3 });
    expect(factSheet?.fields['externalId']).toMatchObject({ externalId: externalIdOf(cpi.host, row.artifactId) });
    expect(row.factSheetName).toBe(factSheet?.name);
    expect(row.factSheetUrl).toBe(`${leanix.url}/halvorsen/factsheet/Interface/${row.factSheetId}`);
  }
});

test('else the only fact sheet of the same name is, whatever its case and white space', () => {
  const byName = [...cases.linkedByName, ...cases.nameDiffersInCase, ...cases.nameDiffersInWhitespace];
  for (const row of of([...byName, ...cases.foreignExternalId])) {
    expect(row).toMatchObject({ linkStatus: 'linked', matchedBy: 'name' });
    expect(row.factSheetName.trim().toLowerCase()).toBe(row.name.toLowerCase());
  }
});

test('where two fact sheets have the name, both are shown for a person to choose from', () => {
  for (const row of of(cases.nameTwice)) {
    expect(row).toMatchObject({ linkStatus: 'ambiguous', matchedBy: null, factSheetId: null, factSheetUrl: null });
    expect(row.candidates).toHaveLength(2);
    for (const candidate of row.candidates) {
      const { id, name, type, description } = leanix.state.factSheets.get(candidate.factSheetId)!;
      const url = `${leanix.url}/halvorsen/factsheet/Interface/${id}`;
      expect(candidate).toMatchObject({ factSheetId: id, name, type, description, url });
    }
    const descriptions = row.candidates.map(({ description }: any) => description);
    expect(descriptions).toContain('Copied from the old workspace.');
  }
});

test('archived, restricted and foreign fact sheets are no match', () => {
  const { archivedWithExternalId, archivedByName, takenByAnotherTenant, restricted, notDocumented } = cases;
  const none = [archivedWithExternalId, archivedByName, takenByAnotherTenant, restricted, notDocumented].flat();
  for (const row of of(none)) {
    expect(row).toMatchObject({ linkStatus: 'notLinked', matchedBy: null, factSheetId: null, candidates: [] });
  }
});

test('a sync then documents every iFlow once, within the budget, and says what it left out', async () => {
  const before = app.snapshot();
  const toCreate = [...rows.values()].filter(({ linkStatus }) => linkStatus === 'notLinked').length;
  const { result: run, ...seen } = await app.traffic(() => app.run('syncAll'));
  expect(run).toMatchObject({ status: 'completed', total: 269, done: 269, failed: 0, requests: seen.requests });
  expect(run).toMatchObject({ created: toCreate, skipped: cases.nameTwice.length });
  expect(run.created + run.updated + run.unchanged + run.skipped).toBe(269);
  const changed = run.created + run.updated;
  expect(seen.writes).toBe(Math.ceil(changed / 50));
  expect(seen.requests).toBeLessThanOrEqual(Math.ceil(interfaces() / 1000) + 3 + Math.ceil(changed / 50) + 3);
  expect(app.changedSince(before)).toHaveLength(changed);
  for (const id of cases.nameTwice) {
    const item = await app.itemOf(run, id);
    expect(item).toMatchObject({ status: 'skipped', code: 'AMBIGUOUS', action: 'none' });
    expect(item.message).toContain(item.name);
  }
});

test('an external id that somebody else gave is never replaced', async () => {
  for (const id of cases.foreignExternalId) {
    const { fields } = await app.factSheetOf(id);
    expect(fields['externalId']).toMatchObject({ externalId: expect.stringMatching(/^SNOW-/) });
    expect(fields['release']).toBe((await app.iflow(id)).version);
  }
});

test('a fact sheet that was found by name gets our external id', async () => {
  const [id] = cases.nameDiffersInCase;
  const { fields } = await app.factSheetOf(id!);
  expect(fields['externalId']).toMatchObject({ externalId: externalIdOf(cpi.host, id!) });
});
