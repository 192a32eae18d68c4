import { externalIdOf } from '../../../../srv/core/catalog/match.ts';
import { echoesOf, fingerprint, plan } from '../../../../srv/core/catalog/plan.ts';
import type { Tag } from '../../../../srv/core/catalog/types.ts';
import { factSheet, HOST, iflow, link, managed, people, rows, rules } from './data.ts';

const own = externalIdOf(HOST, 'Orders');
const tagIds = (...tags: Tag[]) => tags.map(({ id }) => id);

/** A linked fact sheet that already has its external ID, so that a test sees only what it is about. */
const known = (given: Parameters<typeof factSheet>[0] = {}) => factSheet({ externalId: own, ...given });

describe('echoes: what LeanIX made of a value', () => {
  const computed = rules({ mappings: rows('package_id > /displayName') });

  test('a field that LeanIX computes itself is not written over and over', () => {
    const sheet = known({ displayName: 'Order Replication' });
    const first = plan(iflow(), link(), sheet, computed);
    expect(first.patches).toEqual([{ op: 'replace', path: '/displayName', value: 'Sales' }]);
    const echoes = echoesOf(first, sheet, computed, { '/name': { sent: 'a', got: 'b' } });
    expect(echoes).toEqual({
      '/name': { sent: 'a', got: 'b' },
      '/displayName': { sent: 'Sales', got: 'Order Replication' },
    });
    expect(plan(iflow(), link({ echoes }), sheet, computed).action).toBe('none');
    expect(plan(iflow({ packageId: 'Moved' }), link({ echoes }), sheet, computed).action).toBe('update');
    expect(plan(iflow(), link({ echoes }), known({ displayName: 'By people' }), computed).action).toBe('update');
  });

  test('a value that LeanIX took as it is leaves no echo, and ends an older one', () => {
    const first = plan(iflow(), link(), known({ displayName: 'x' }), computed);
    expect(
      echoesOf(first, known({ displayName: 'Sales' }), computed, { '/displayName': { sent: 'a', got: 'b' } }),
    ).toEqual({});
  });

  test('a field that cannot be read is written once', () => {
    const unknown = rules({ mappings: rows('id > /inventory/number') });
    const first = plan(iflow(), link(), known(), unknown);
    expect(first.patches).toEqual([{ op: 'replace', path: '/inventory/number', value: 'Orders' }]);
    const echoes = echoesOf(first, known(), unknown, {});
    expect(plan(iflow(), link({ echoes }), known(), unknown).action).toBe('none');
    expect(echoesOf(first, null, unknown, echoes)).toEqual({});
  });

  test('the name that a fact sheet was created with counts too', () => {
    const given = rules({ mappings: rows('name > /name') });
    const created = plan(iflow(), link(), null, given);
    const stored = known({ name: 'Order Replication (1)' });
    const echoes = echoesOf(created, stored, given, {});
    expect(echoes).toMatchObject({ '/name': { sent: 'Order Replication', got: 'Order Replication (1)' } });
    expect(plan(iflow(), link({ echoes }), stored, given).action).toBe('none');
  });
});

describe('comparing a plan with the one that was shown', () => {
  const given = rules({ mappings: rows('name > /name'), defaultTags: [managed] });
  const shown = fingerprint(plan(iflow(), link(), known({ name: 'Old' }), given));
  const again = (...made: Parameters<typeof plan>) => fingerprint(plan(...made));

  test('tags that others put on meanwhile make no difference', () => {
    expect(again(iflow(), link(), known({ name: 'Old', tagIds: tagIds(people) }), given)).toBe(shown);
  });

  test('another value, before or after, does', () => {
    expect(again(iflow(), link(), known({ name: 'Other' }), given)).not.toBe(shown);
    expect(again(iflow({ name: 'New' }), link(), known({ name: 'Old' }), given)).not.toBe(shown);
    expect(again(iflow(), link(), null, given)).not.toBe(shown);
  });

  test('the time of the standard block does not', () => {
    const later = rules({ now: '2027-01-01T00:00:00.000Z' });
    expect(again(iflow(), link(), null, later)).toBe(again(iflow(), link(), null, rules()));
  });
});
