import type { ModelSpec } from '../cpi/models/spec.ts';
import type { CpiSeed } from '../cpi/state.ts';
import type { SeedFactSheet } from '../leanix/state.ts';
import { oldInterfaces } from './landscape.ts';
import { Random } from './random.ts';
import { externalIdOf } from './types.ts';
import type { Seed } from './types.ts';
import { access, tagGroups, tags } from './workspace-frame.ts';

const start = Date.UTC(2025, 0, 6);
const perPackage = 50;
const author = 'ines.integration@halvorsen.example';

/**
 * A tenant and a workspace of any size, for measurements: of the iFlows, one third is known by external id and one
 * sixth by name. All fact sheets are interfaces.
 */
export function scaled(
  tenantHost: string,
  { iflows, factSheets, modelSize }: { iflows: number; factSheets: number; modelSize?: number },
): Seed {
  const flows = Array.from({ length: iflows }, (_, index) => {
    const number = String(index + 1).padStart(5, '0');
    return { id: `Scaled_Flow_${number}`, name: `Scaled Flow ${number}`, packageId: packageIdOf(index) };
  });
  const documented = flows.flatMap(({ id, name }, index): SeedFactSheet[] => {
    const fields = { category: 'logicalInterface' };
    if (index % 3 === 0) return [{ type: 'Interface', name, fields, externalId: externalIdOf(tenantHost, id) }];
    return index % 6 === 1 ? [{ type: 'Interface', name, fields }] : [];
  });
  const filler = oldInterfaces(Math.max(0, factSheets - documented.length), new Random(1));
  return {
    cpi: contentOf(flows, modelSize),
    leanix: { ...access, tagGroups, tags, factSheets: [...documented, ...filler] },
  };
}

function contentOf(flows: { id: string; name: string; packageId: string }[], modelSize?: number): CpiSeed {
  const packageIds = [...new Set(flows.map(({ packageId }) => packageId))];
  return {
    artifacts: flows.map(({ id, name }) => ({
      id,
      name,
      version: '1.0.0',
      type: 'INTEGRATION_FLOW',
      deployedBy: author,
      deployedOn: start,
      status: 'STARTED',
    })),
    packages: packageIds.map((id) => ({
      id,
      name: id.replace('Package', 'Package '),
      description: '<p>One of many.</p>',
      shortText: 'One of many',
      version: '1.0.0',
      vendor: 'Halvorsen',
      mode: 'EDIT_ALLOWED',
      createdBy: author,
      creationDate: start,
      modifiedBy: author,
      modifiedDate: start,
      products: '[]',
      keywords: '[]',
      lineOfBusiness: '',
    })),
    designtime: flows.map((flow) => ({
      set: 'IntegrationDesigntimeArtifacts',
      ...flow,
      version: '1.0.0',
      description: `Moves the data of ${flow.name}.`,
      sender: 'S/4HANA',
      receiver: 'Salesforce',
      createdBy: author,
      createdAt: start,
      modifiedBy: author,
      modifiedAt: start,
      ...(modelSize !== undefined && { model: modelOf(flow.id, modelSize) }),
    })),
    endpoints: [],
  };
}

function packageIdOf(index: number): string {
  return `Package${String(Math.floor(index / perPackage) + 1).padStart(4, '0')}`;
}

/** A timer that reads one of forty systems and writes to another one. */
function modelOf(id: string, size: number): ModelSpec {
  const number = Number(id.slice(-5));
  const host = (n: number) => `https://system${n % 40}.halvorsen.test/api`;
  const end = (name: string, httpMethod: string, address: string) => ({
    name,
    adapter: 'HTTP',
    properties: { httpAddressWithoutQuery: address, httpMethod },
  });
  return {
    timer: true,
    senders: [],
    receivers: [end('Source', 'GET', host(number)), end('Target', 'PUT', '{{Target address}}')],
    parameters: { 'Target address': host(number + 1) },
    size,
  };
}
