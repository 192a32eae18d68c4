import { externalIdOf } from '../../../../srv/core/catalog/match.ts';
import { plan } from '../../../../srv/core/catalog/plan.ts';
import type { Tag } from '../../../../srv/core/catalog/types.ts';
import { factSheet, HOST, iflow, link, managed, people, rows, rules, started, stopped } from './data.ts';

const own = externalIdOf(HOST, 'Orders');
const tagIds = (...tags: Tag[]) => tags.map(({ id }) => id);

/** A linked fact sheet that already has its external ID, so that a test sees only what it is about. */
const known = (given: Parameters<typeof factSheet>[0] = {}) => factSheet({ externalId: own, ...given });

describe('tags', () => {
  const given = rules({ mappings: rows('Status > /tags'), defaultTags: [managed] });

  test('of people stay, ours are appended', () => {
    const result = plan(iflow(), link(), known({ tagIds: tagIds(people) }), given);
    expect(result.patches).toEqual([
      { op: 'add', path: '/tags', value: JSON.stringify([{ tagId: managed.id }, { tagId: started.id }]) },
    ]);
    expect(result.changes).toEqual([{ path: '/tags', before: 'Reviewed', after: 'CPI-Managed, Reviewed, Started' }]);
  });

  test.each(['Starting', 'Stopping'] as const)('stay as they are while the status is %s', (status) => {
    const sheet = known({ tagIds: tagIds(managed, started, people) });
    const owned = link({ ownedTags: tagIds(managed, started) });
    const result = plan(iflow({ status }), owned, sheet, given);
    expect(result).toMatchObject({ action: 'none', warnings: [], ownedTags: tagIds(managed, started) });
    expect(plan(iflow({ status }), link(), null, given)).toMatchObject({ warnings: [], ownedTags: tagIds(managed) });
  });

  test('follow the value: the tag that no longer applies goes', () => {
    const sheet = known({ tagIds: tagIds(managed, started, people) });
    const owned = link({ ownedTags: tagIds(managed, started) });
    const result = plan(iflow({ status: 'Stopped' }), owned, sheet, given);
    expect(result.patches).toEqual([
      {
        op: 'replace',
        path: '/tags',
        value: JSON.stringify(tagIds(managed, people, stopped).map((tagId) => ({ tagId }))),
      },
    ]);
    expect(result.ownedTags).toEqual(tagIds(managed, stopped));
  });

  test('that the library lacks are named', () => {
    const result = plan(iflow({ status: 'Error' }), link(), known(), given);
    expect(result.warnings).toEqual([{ code: 'TAG_UNKNOWN', args: ['Error'] }]);
    expect(result.changes).toMatchObject([{ after: 'CPI-Managed' }]);
  });

  test('that LeanIX refuses for the type are neither written nor owned', () => {
    const refused = rules({ ...given, refusedPaths: new Map([['/tags', 'no tags here']]) });
    const owned = link({ ownedTags: tagIds(started) });
    const result = plan(iflow(), owned, known({ tagIds: tagIds(started, people) }), refused);
    expect(result).toMatchObject({ action: 'none', ownedTags: tagIds(started) });
    expect(result.warnings).toEqual([{ code: 'PATH_REFUSED', args: ['/tags', 'no tags here'] }]);
  });
});
