import { findTag, findDefaultTags, planTags, tagNames, type WantedTags } from '../../../../srv/core/catalog/tags.ts';
import type { Tag } from '../../../../srv/core/catalog/types.ts';
import { managed, people, started, status, stopped, tag } from './data.ts';

const library = [started, stopped, managed, people];

describe('finding a tag by its name', () => {
  const inDomain = tag('Sales', { name: 'Domain' });
  const inRegion = tag('Sales', { name: 'Region' });
  const forData = tag('Golden', { name: 'Data', restrictToFactSheetTypes: ['DataObject'] });

  test('takes it in any case, with and without its group', () => {
    expect(findTag(' cpi-managed ', library, 'Interface').tag).toBe(managed);
    expect(findTag('Runtime/Started', library, 'Interface').tag).toBe(started);
    expect(findTag('Region/Sales', [inDomain, inRegion], 'Interface').tag).toBe(inRegion);
  });

  test('goes through a large library once, however many names are looked for', () => {
    let looks = 0;
    const large = Array.from({ length: 1000 }, (_, n) => {
      const { id, group, name } = tag(`Tag ${n}`, { name: 'Group' });
      return {
        id,
        group,
        get name() {
          looks++;
          return name;
        },
      };
    });
    findTag('Tag 1', large, 'Interface');
    looks = 0;
    for (const name of ['Tag 7', 'Group/Tag 8', 'Nope']) findTag(name, large, 'Interface');
    expect(looks).toBeLessThan(20);
  });

  test('a slash may be part of the name itself', () => {
    const slash = tag('Order/Cash');
    expect(findTag('Order/Cash', [slash], 'Interface').tag).toBe(slash);
  });

  test('prefers the exact spelling', () => {
    const lower = tag('sap');
    expect(findTag('sap', [tag('SAP'), lower], 'Interface').tag).toBe(lower);
  });

  test('says why there is none', () => {
    expect(findTag('Nope', library, 'Interface').warning).toEqual({ code: 'TAG_UNKNOWN', args: ['Nope'] });
    expect(findTag('Sales', [inRegion, inDomain], 'Interface').warning).toEqual({
      code: 'TAG_AMBIGUOUS',
      args: ['Sales', 'Domain/Sales, Region/Sales'],
    });
    expect(findTag('Golden', [forData], 'Interface').warning).toEqual({
      code: 'TAG_NOT_ALLOWED',
      args: ['Golden', 'Interface', 'Data'],
    });
    expect(findTag('Golden', [forData], 'DataObject').tag).toBe(forData);
  });

  test('a group that other types have for themselves does not make a name ambiguous', () => {
    const free = tag('Golden', { name: 'Quality' });
    expect(findTag('Golden', [forData, free], 'Interface').tag).toBe(free);
  });

  test('the default tags are a list of names', () => {
    expect(tagNames(' CPI-Managed, ,SAP-Integration,CPI-Managed')).toEqual(['CPI-Managed', 'SAP-Integration']);
    expect(tagNames(null)).toEqual([]);
    expect(findDefaultTags('CPI-Managed, Nope', library, 'Interface')).toEqual({
      tags: [managed],
      warnings: [{ code: 'DEFAULT_TAG_UNKNOWN', args: ['Nope'] }],
    });
  });
});

describe('what is done about the tags of a fact sheet', () => {
  const ids = (...tags: Tag[]) => tags.map(({ id }) => id);
  const decide = (wanted: Partial<WantedTags>, current: Tag[] | null, ours: Tag[] = []) =>
    planTags(
      { owned: [], once: [], unsure: false, ...wanted },
      current && { tagIds: ids(...current) },
      { ownedTags: ids(...ours) },
      library,
      'Interface',
    );

  test('missing tags are appended and owned, those of people stay theirs', () => {
    expect(decide({ owned: [managed, started] }, [people, started])).toEqual({
      added: [managed.id],
      replacement: null,
      owned: [managed.id],
      warnings: [],
    });
  });

  test('an owned tag that no longer applies goes, with the list that was read', () => {
    expect(decide({ owned: [managed, stopped] }, [people, started, managed], [started, managed])).toEqual({
      added: [],
      replacement: ids(people, managed, stopped),
      owned: ids(managed, stopped),
      warnings: [],
    });
  });

  test('an owned tag that people took off is put on again if it is wanted, and forgotten if not', () => {
    expect(decide({ owned: [managed] }, [], [managed])).toMatchObject({ added: [managed.id], owned: [managed.id] });
    expect(decide({}, [people], [managed])).toEqual({ added: [], replacement: null, owned: [], warnings: [] });
  });

  test('a group for one tag that people have filled is left to them', () => {
    expect(decide({ owned: [stopped] }, [started])).toEqual({
      added: [],
      replacement: null,
      owned: [],
      warnings: [{ code: 'TAG_GROUP_TAKEN', args: ['Stopped', 'Runtime', 'Started'] }],
    });
    expect(decide({ owned: [started] }, [started])).toMatchObject({ added: [], warnings: [] });
  });

  test('of two wanted tags of a group for one, the first is put on', () => {
    expect(decide({ owned: [started, stopped] }, null)).toMatchObject({
      added: [started.id],
      warnings: [{ code: 'TAG_GROUP_TAKEN', args: ['Stopped', 'Runtime', 'Started'] }],
    });
  });

  test('while a mapped value is missing, no owned tag is taken off, unless its group holds one tag only', () => {
    expect(decide({ unsure: true }, [started, people], [started])).toEqual({
      added: [],
      replacement: null,
      owned: [started.id],
      warnings: [],
    });
    expect(decide({ unsure: true, owned: [stopped] }, [started, managed], [started, managed])).toMatchObject({
      replacement: ids(managed, stopped),
      owned: ids(managed, stopped),
    });
  });

  test('a tag for the creation only is put on once and not owned', () => {
    expect(decide({ once: [managed] }, null)).toMatchObject({ added: [managed.id], owned: [] });
    expect(decide({ once: [managed] }, [])).toMatchObject({ added: [], replacement: null });
    expect(decide({ once: [managed] }, [managed], [managed])).toMatchObject({ replacement: null, owned: [managed.id] });
  });

  test('a tag that the type may not have is left out', () => {
    const other = tag('Golden', { ...status, name: 'Data', restrictToFactSheetTypes: ['DataObject'] });
    expect(decide({ owned: [other] }, [])).toMatchObject({
      added: [],
      warnings: [{ code: 'TAG_NOT_ALLOWED', args: ['Golden', 'Interface', 'Data'] }],
    });
  });
});
