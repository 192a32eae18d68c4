import {
  errorTextsToRead,
  packagesToRead,
  remember,
  toIFlows,
  type CollectionRead,
  type Inventory,
  type InventoryRow,
  type KnownDesign,
} from '../../../srv/cpi/inventory.ts';
import type { DesigntimeArtifact, IntegrationPackage, RuntimeArtifact } from '../../../srv/cpi/types.ts';
import { iflow } from '../core/catalog/data.ts';

const FLOWS = 'IntegrationDesigntimeArtifacts';
const MAPPINGS = 'ValueMappingDesigntimeArtifacts';

const runtime = (id: string, given: Partial<RuntimeArtifact> = {}): RuntimeArtifact => ({
  id,
  name: id,
  version: '1.0.0',
  type: 'INTEGRATION_FLOW',
  status: 'Started',
  deployedBy: 'jane',
  deployedOn: '2026-03-01T08:30:00.000Z',
  ...given,
});
const packaged = (id: string, modifiedAt: string | null = '2026-01-01T00:00:00.000Z'): IntegrationPackage => ({
  id,
  name: `Package ${id}`,
  modifiedAt,
});
const design = (id: string, packageId: string, given: Partial<DesigntimeArtifact> = {}): DesigntimeArtifact => ({
  id,
  packageId,
  kind: FLOWS,
  version: '1.0.0',
  description: `About ${id}`,
  sender: null,
  receiver: 'ERP',
  ...given,
});
const read = (packageId: string, ...artifacts: DesigntimeArtifact[]): CollectionRead => ({
  packageId,
  kind: FLOWS,
  artifacts,
});
const failed = (packageId: string): CollectionRead => ({ packageId, kind: FLOWS, artifacts: null });
const row = (artifactId: string, given: Partial<InventoryRow> = {}): InventoryRow => ({
  ...iflow({ artifactId, name: artifactId, version: '1.0.0', ...given }),
  errorText: given.errorText ?? null,
});

const nothing: KnownDesign = { packages: [], artifacts: [] };
const sales = packaged('Sales');
const orders = runtime('Orders');
const known = remember(nothing, [sales], [read('Sales', design('Orders', 'Sales'))], [orders]);

describe('which packages have to be read', () => {
  test('all that are new, none that is unchanged', () => {
    expect(packagesToRead(nothing, [FLOWS], [sales, packaged('B')], [])).toEqual(['Sales', 'B']);
    expect(packagesToRead(known, [FLOWS], [sales], [orders])).toEqual([]);
  });

  test('one that was modified, or that does not tell', () => {
    expect(packagesToRead(known, [FLOWS], [packaged('Sales', '2026-02-01T00:00:00.000Z')], [orders])).toEqual([
      'Sales',
    ]);
    const silent = remember(nothing, [packaged('Sales', null)], [read('Sales')], []);
    expect(packagesToRead(silent, [FLOWS], [packaged('Sales', null)], [])).toEqual(['Sales']);
  });

  test('one that could not be read last time, and one of which more is wanted now', () => {
    const partly = remember(known, [packaged('Sales', '2026-02-01')], [failed('Sales')], [orders]);
    expect(packagesToRead(partly, [FLOWS], [packaged('Sales', '2026-02-01')], [orders])).toEqual(['Sales']);
    expect(packagesToRead(known, [FLOWS, MAPPINGS], [sales], [orders])).toEqual(['Sales']);
    expect(packagesToRead(known, [], [sales, packaged('B')], [orders])).toEqual([]);
  });

  test('the owner of an artifact of which another version was deployed since, until it has been read once', () => {
    const deployed = [runtime('Orders', { version: '1.0.1' })];
    expect(packagesToRead(known, [FLOWS], [sales], deployed)).toEqual(['Sales']);
    const again = remember(known, [sales], [read('Sales', design('Orders', 'Sales', { version: 'Active' }))], deployed);
    expect(packagesToRead(again, [FLOWS], [sales], deployed)).toEqual([]);
    expect(packagesToRead(known, [FLOWS], [sales], [])).toEqual([]);
    const otherKind = { ...known, artifacts: known.artifacts.map((one) => ({ ...one, kind: MAPPINGS }) as const) };
    expect(packagesToRead(otherKind, [FLOWS], [sales], deployed)).toEqual([]);
  });
});

describe('what is remembered', () => {
  test('a collection that could not be read keeps what was known of it', () => {
    const after = remember(known, [sales], [failed('Sales')], [orders]);
    expect(after.artifacts).toEqual(known.artifacts);
    expect(after.packages).toMatchObject([{ id: 'Sales', kinds: [] }]);
  });

  test('an artifact that is gone from its package is forgotten, one that was found elsewhere has moved', () => {
    expect(remember(known, [sales], [read('Sales')], [orders]).artifacts).toEqual([]);
    const moved = remember(
      known,
      [sales, packaged('B')],
      [failed('Sales'), read('B', design('Orders', 'B'))],
      [orders],
    );
    expect(moved.artifacts).toMatchObject([{ id: 'Orders', packageId: 'B' }]);
  });

  test('a deleted package takes its artifacts with it', () => {
    expect(remember(known, [], [], [orders])).toEqual(nothing);
  });
});

describe('which error texts have to be read', () => {
  const inError = runtime('Orders', { status: 'Error' });
  const toRead = (rows: InventoryRow[], list: RuntimeArtifact[], now = '2026-11-21T21:00:00.000Z') =>
    errorTextsToRead(rows, list, now);

  test('those that are new: not yet known, or deployed again', () => {
    expect(toRead([], [inError, runtime('Fine')])).toEqual(['Orders']);
    expect(toRead([row('Orders')], [inError])).toEqual(['Orders']);
    const last = row('Orders', { status: 'Error', errorText: 'No credentials' });
    expect(toRead([last], [inError])).toEqual([]);
    expect(toRead([{ ...last, deployedOn: '2026-03-01T08:30:00Z' }], [inError])).toEqual([]);
    expect(toRead([last], [{ ...inError, deployedOn: '2026-03-02T08:30:00.000Z' }])).toEqual(['Orders']);
    expect(toRead([{ ...last, errorText: null }], [inError])).toEqual(['Orders']);
  });

  test('one that had nothing to say is asked again soon after its deployment only', () => {
    const silent = row('Orders', { status: 'Error', errorText: '' });
    expect(toRead([silent], [inError], '2026-03-01T09:00:00.000Z')).toEqual(['Orders']);
    expect(toRead([silent], [inError], '2026-03-01T10:00:00.000Z')).toEqual([]);
  });
});

describe('the rows after a refresh', () => {
  const join = (given: Partial<Inventory> = {}) =>
    toIFlows({
      rows: [],
      runtime: [orders],
      types: ['INTEGRATION_FLOW'],
      design: known,
      errorTexts: new Map(),
      newId: () => 'new',
      ...given,
    });

  test('join what is deployed with its design', () => {
    expect(join()).toEqual([
      {
        ID: 'new',
        artifactId: 'Orders',
        name: 'Orders',
        version: '1.0.0',
        description: 'About Orders',
        packageId: 'Sales',
        packageName: 'Package Sales',
        type: 'INTEGRATION_FLOW',
        status: 'Started',
        sender: null,
        receiver: 'ERP',
        deployedBy: 'jane',
        deployedOn: '2026-03-01T08:30:00.000Z',
        errorText: null,
      },
    ]);
  });

  test('keep their ID, and what is no longer deployed stays as Undeployed', () => {
    const rows = [row('Orders', { ID: '1' }), row('Gone', { ID: '2', status: 'Error', errorText: 'x' })];
    expect(join({ rows })).toMatchObject([
      { ID: '1', status: 'Started' },
      { ID: '2', artifactId: 'Gone', status: 'Undeployed', packageId: 'Sales', errorText: null },
    ]);
  });

  test('take in the configured types, and keep what is there already up to date', () => {
    const mapping = runtime('Units', { type: 'VALUE_MAPPING', version: '2' });
    expect(join({ runtime: [orders, mapping] })).toHaveLength(1);
    expect(join({ runtime: [mapping], rows: [row('Units', { type: 'VALUE_MAPPING' })] })).toMatchObject([
      { artifactId: 'Units', version: '2', status: 'Started', packageId: 'Sales' },
    ]);
    expect(join({ runtime: [mapping], types: ['VALUE_MAPPING'] })).toMatchObject([{ packageId: null }]);
  });

  test('an artifact without a design has no package', () => {
    const lonely = { runtime: [runtime('Lonely')], rows: [row('Lonely')] };
    expect(join(lonely)).toMatchObject([{ packageId: null, packageName: null, description: null, receiver: null }]);
    expect(join({ ...lonely, design: nothing })).toMatchObject([{ packageId: null }]);
    const api = runtime('Api', { type: 'REST_API_PROVIDER' });
    expect(join({ runtime: [api], types: ['REST_API_PROVIDER'] })).toMatchObject([{ packageId: null }]);
  });

  test('what a failed read could not tell keeps its last known value', () => {
    const last = { runtime: [runtime('Lonely')], rows: [row('Lonely', { description: 'Last known' })] };
    const kept = [{ packageId: 'Sales', packageName: 'Sales Processes', description: 'Last known' }];
    expect(join({ ...last, design: null })).toMatchObject(kept);
    const partly = remember(known, [sales, packaged('B')], [failed('B')], [orders]);
    expect(join({ ...last, design: partly })).toMatchObject(kept);
    expect(join({ design: remember(known, [sales], [failed('Sales')], [orders]) })).toMatchObject([
      { packageId: 'Sales', description: 'About Orders' },
    ]);
  });

  test('an error text comes with the error and goes with it', () => {
    const inError = [runtime('Orders', { status: 'Error' })];
    const rows = [row('Orders', { status: 'Error', errorText: 'Old' })];
    expect(join({ runtime: inError, errorTexts: new Map([['Orders', 'New']]) })).toMatchObject([{ errorText: 'New' }]);
    expect(join({ runtime: inError, rows })).toMatchObject([{ errorText: 'Old' }]);
    expect(join({ runtime: inError, rows, errorTexts: new Map([['Orders', null]]) })).toMatchObject([
      { errorText: '' },
    ]);
    expect(join({ rows })).toMatchObject([{ errorText: null }]);
  });
});
