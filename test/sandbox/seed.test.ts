import { company, companyCases } from '../../sandbox/seed/company.ts';
import { scaled } from '../../sandbox/seed/scaled.ts';
import type { SeedFactSheet } from '../../sandbox/leanix/state.ts';

const host = '127.0.0.1:4006';
const { cpi, leanix } = company(host);
const cases = companyCases();
const factSheets = leanix.factSheets ?? [];
const fold = (text: string) => text.trim().toLowerCase();
const deployed = (id: string) => cpi.artifacts.find((artifact) => artifact.id === id);
const byExternalId = (id: string) => factSheets.filter(({ externalId }) => externalId === `cpi:${host}/${id}`);
const byName = (id: string) =>
  factSheets.filter(({ type, name }) => type === 'Interface' && fold(name) === fold(deployed(id)?.name ?? ''));
const isActive = ({ status }: SeedFactSheet) => status !== 'ARCHIVED';

test('the company is the same each time', () => {
  expect(company(host)).toEqual({ cpi, leanix });
});

describe('the tenant', () => {
  test('has the size of a company', () => {
    const flows = cpi.artifacts.filter(({ type }) => type === 'INTEGRATION_FLOW');
    expect(cpi.artifacts.length).toBeGreaterThan(290);
    expect(flows.length).toBeGreaterThan(260);
    expect(cpi.packages).toHaveLength(40);
    expect(new Set(cpi.artifacts.map(({ id }) => fold(id))).size).toBe(cpi.artifacts.length);
    expect(new Set(flows.map(({ name }) => fold(name))).size).toBe(flows.length);
  });

  test('has artifacts in all states', () => {
    const statusOf = (ids: string[]) => [...new Set(ids.map((id) => deployed(id)?.status))];
    expect(statusOf(cases.error)).toEqual(['ERROR']);
    expect(statusOf(cases.starting)).toEqual(['STARTING']);
    expect(statusOf(cases.stopping)).toEqual(['STOPPING']);
    expect(cases.error.every((id) => deployed(id)?.error)).toBe(true);
    expect(statusOf(cases.notDeployed)).toEqual([undefined]);
  });

  test('has what makes the join with packages difficult', () => {
    const designed = (id: string) => cpi.designtime.find((artifact) => artifact.id === id);
    expect(cases.packageGone.map(designed)).toEqual([undefined, undefined, undefined, undefined]);
    expect(cases.newerDesignVersion).toHaveLength(10);
    for (const id of cases.newerDesignVersion) expect(designed(id)?.version).not.toBe(deployed(id)?.version);
    for (const id of cases.htmlDescription) expect(designed(id)?.description).toContain('&nbsp;');
    expect(cpi.packages.filter(({ mode }) => mode === 'READ_ONLY')).toHaveLength(1);
  });
});

describe('the workspace', () => {
  test('has 1,500 fact sheets of all types', () => {
    expect(factSheets).toHaveLength(1500);
    expect(new Set(factSheets.map(({ type }) => type)).size).toBe(12);
  });

  test('has unique full names and no unknown tags, as LeanIX wants it', () => {
    const names = factSheets.filter(isActive).map(({ type, name, fields }) => [type, name, fields?.release].join('|'));
    expect(new Set(names).size).toBe(names.length);
    const known = [...(leanix.tags ?? []), ...(leanix.tagGroups ?? []).flatMap((group) => group.tags)];
    expect(known).toEqual(expect.arrayContaining(factSheets.flatMap(({ tags }) => tags ?? [])));
  });

  test('documents each iFlow in exactly one way', () => {
    const documented = [
      ...cases.linkedByExternalId,
      ...cases.renamedInLeanIX,
      ...cases.linkedByName,
      ...cases.nameDiffersInCase,
      ...cases.nameDiffersInWhitespace,
      ...cases.nameTwice,
      ...cases.archivedWithExternalId,
      ...cases.archivedByName,
      ...cases.takenByAnotherTenant,
      ...cases.foreignExternalId,
      ...cases.restricted,
    ];
    const flows = cpi.artifacts.filter(({ type }) => type === 'INTEGRATION_FLOW').map(({ id }) => id);
    expect([...documented, ...cases.notDocumented].sort()).toEqual(flows.sort());
    expect(documented).toHaveLength(115);
  });

  test('knows iFlows by external id', () => {
    const ids = [...cases.linkedByExternalId, ...cases.renamedInLeanIX];
    expect(ids).toHaveLength(60);
    for (const id of ids) expect(byExternalId(id).filter(isActive)).toHaveLength(1);
    for (const id of cases.renamedInLeanIX) expect(byName(id)).toEqual([]);
  });

  test('knows iFlows by name alone', () => {
    const ids = [...cases.linkedByName, ...cases.nameDiffersInCase, ...cases.nameDiffersInWhitespace];
    expect(ids).toHaveLength(40);
    for (const id of ids) expect(byName(id).map(({ externalId }) => externalId)).toEqual([undefined]);
  });

  test('has the cases that need care', () => {
    for (const id of cases.nameTwice) expect(byName(id).filter(isActive)).toHaveLength(2);
    for (const id of cases.archivedWithExternalId) expect(byExternalId(id).map(isActive)).toEqual([false]);
    for (const id of cases.archivedByName) expect(byName(id).map(isActive)).toEqual([false]);
    for (const id of cases.takenByAnotherTenant) expect(byName(id)[0]?.externalId).toMatch(/^cpi:other-tenant.*\//);
    for (const id of cases.foreignExternalId) expect(byName(id)[0]?.externalId).toMatch(/^SNOW-/);
    for (const id of cases.restricted) expect(byExternalId(id)[0]?.restricted).toBe(true);
    for (const id of cases.notDocumented) expect([...byName(id), ...byExternalId(id)]).toEqual([]);
  });
});

test('a tenant of any size can be made', () => {
  const { cpi: content, leanix: workspace } = scaled(host, { iflows: 600, factSheets: 2000 });
  expect([content.artifacts.length, content.packages.length, workspace.factSheets?.length]).toEqual([600, 12, 2000]);
});
