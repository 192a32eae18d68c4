import { externalIdOf } from '../../../../srv/core/catalog/match.ts';
import { plan } from '../../../../srv/core/catalog/plan.ts';
import { factSheet, HOST, iflow, link, rows, rules } from './data.ts';

const own = externalIdOf(HOST, 'Orders');
const ownId = { op: 'add', path: '/externalId', value: JSON.stringify({ type: 'ExternalId', externalId: own }) };

/** A linked fact sheet that already has its external ID, so that a test sees only what it is about. */
const known = (given: Parameters<typeof factSheet>[0] = {}) => factSheet({ externalId: own, ...given });

describe('an external id from before locations were told apart', () => {
  const given = rules({ tenantHost: `${HOST}/location/edge1`, mappings: rows('name > /name once') });
  const sheet = known();
  const ours = link({ factSheetId: sheet.id });

  test('is replaced on the fact sheet that is linked', () => {
    const externalId = `cpi:${HOST}/location/edge1/Orders`;
    expect(plan(iflow(), ours, sheet, given).patches).toEqual([
      { op: 'replace', path: '/externalId', value: JSON.stringify({ type: 'ExternalId', externalId }) },
    ]);
    expect(plan(iflow(), ours, known({ externalId }), given).action).toBe('none');
  });

  test('stays where another connection is linked too, where it is of another iFlow, and without a location', () => {
    const elsewhere = rules({ ...given, linkedElsewhere: new Set([sheet.id]) });
    expect(plan(iflow(), ours, sheet, elsewhere).action).toBe('none');
    expect(plan(iflow(), ours, known({ externalId: `cpi:${HOST}/Invoices` }), given).action).toBe('none');
    expect(plan(iflow(), ours, sheet, rules({ mappings: given.mappings })).action).toBe('none');
  });
});

describe('external id', () => {
  const mapped = rules({ mappings: rows('id > /alias once') });

  test('is written where the fact sheet has none', () => {
    for (const externalId of [null, ' ']) {
      expect(plan(iflow(), link(), factSheet({ externalId }), mapped).patches).toEqual([ownId]);
    }
  });

  test.each(['CMDB-4711', externalIdOf(HOST, 'Other'), own.toUpperCase(), own])(
    '%s is never replaced',
    (externalId) => {
      expect(plan(iflow(), link(), factSheet({ externalId }), mapped).action).toBe('none');
    },
  );
});
