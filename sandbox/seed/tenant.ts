import type { CpiSeed, DesigntimeArtifact, IntegrationPackage, RuntimeArtifact } from '../cpi/state.ts';
import type { ServiceEndpoint } from '../cpi/state.ts';
import { day, deployed, flowOf, nextVersion, opening, otherDesigntime, people, versionOf } from './artifacts.ts';
import { errorTexts } from './errors.ts';
import { processes, systems } from './processes.ts';
import type { Process } from './processes.ts';
import { Random } from './random.ts';

/** Artifact IDs (for `readOnlyPackage` that of the package) by their special case on the tenant. */
export type TenantCases = Record<
  | 'error'
  | 'starting'
  | 'stopping'
  | 'packageGone'
  | 'newerDesignVersion'
  | 'draft'
  | 'notDeployed'
  | 'htmlDescription'
  | 'noDescription'
  | 'otherTypes'
  | 'readOnlyPackage',
  string[]
>;

/** The tenant of the made-up company Halvorsen, a maker of pumps. */
export function tenant(): { seed: CpiSeed; cases: TenantCases } {
  const random = new Random(20_250_602);
  const packages = processes.map((process) => packageOf(process, random));
  const flows = processes.flatMap((process) => process.topics.map((topic) => flowOf(process, topic, random)));
  const designtime = [...flows, ...otherDesigntime(random)];
  const artifacts = designtime.map((it) => deployed(it, random));
  const cases = noCases();

  // Each kind of special case takes other iFlows than the ones before.
  const remaining = random.shuffle(flows);
  const take = (count: number) => remaining.splice(0, count);
  const runtimeOf = ({ id }: DesigntimeArtifact) => artifacts.find((artifact) => artifact.id === id);

  take(errorTexts.length).forEach((flow, index) => {
    Object.assign(runtimeOf(flow) ?? {}, { status: 'ERROR', error: errorTexts[index] });
    cases.error.push(flow.id);
  });
  for (const [status, name] of [
    ['STARTING', 'starting'],
    ['STOPPING', 'stopping'],
  ] as const) {
    for (const flow of take(2)) {
      Object.assign(runtimeOf(flow) ?? {}, { status });
      cases[name].push(flow.id);
    }
  }
  for (const flow of take(10)) {
    flow.version = nextVersion(flow.version);
    flow.modifiedAt += 30 * day;
    cases.newerDesignVersion.push(flow.id);
  }
  for (const flow of take(5)) {
    flow.draft = true;
    cases.draft.push(flow.id);
  }
  for (const flow of take(12)) {
    flow.description = `<p>${flow.description}</p><p>Runs&nbsp;every night; see the <b>run book</b>.</p>`;
    cases.htmlDescription.push(flow.id);
  }
  for (const flow of take(20)) {
    flow.description = '';
    cases.noDescription.push(flow.id);
  }

  const gone = [
    'Legacy_Dealer_Portal_Orders',
    'Legacy_Dealer_Portal_Stock',
    'com.halvorsen.pilot.iot.v1',
    'FaxGateway',
  ];
  artifacts.push(...gone.map((id) => ghost(id, random)));
  const restApis = [
    'Pump Catalog API',
    'Dealer API',
    'Service Booking API',
    'Spare Part API',
    'Invoice API',
    'Partner API',
  ];
  artifacts.push(
    ...restApis.map((name) => ({ ...ghost(name.replaceAll(' ', '_'), random), name, type: 'REST_API_PROVIDER' })),
  );
  const notDeployed = processes
    .slice(0, 15)
    .map((process, index) => flowOf(process, `Archive Cleanup ${index + 1}`, random));
  const endpoints = random
    .shuffle(flows)
    .slice(0, 45)
    .map((flow) => endpointOf(flow, random));

  cases.packageGone = gone;
  cases.notDeployed = notDeployed.map(({ id }) => id);
  cases.otherTypes = artifacts.filter(({ type }) => type !== 'INTEGRATION_FLOW').map(({ id }) => id);
  cases.readOnlyPackage = packages.filter(({ mode }) => mode === 'READ_ONLY').map(({ id }) => id);
  const seed = {
    artifacts: random.shuffle(artifacts),
    packages,
    designtime: [...designtime, ...notDeployed],
    endpoints,
  };
  return { seed: withPackageDates(seed), cases };
}

function noCases(): TenantCases {
  return {
    error: [],
    starting: [],
    stopping: [],
    packageGone: [],
    newerDesignVersion: [],
    draft: [],
    notDeployed: [],
    htmlDescription: [],
    noDescription: [],
    otherTypes: [],
    readOnlyPackage: [],
  };
}

function packageOf({ packageId, name, lineOfBusiness, from, to, prefix }: Process, random: Random): IntegrationPackage {
  const fromSAP = prefix === 'SAP';
  const created = opening + random.integer(0, 500) * day;
  const products = `${systems[from]}, ${systems[to]}`;
  return {
    id: packageId,
    name,
    description:
      `<p>Interfaces of the process <b>${name}</b>&nbsp;between ${systems[from]} and ${systems[to]}.</p>` +
      `<ul><li>Owner: ${lineOfBusiness}</li><li>Naming: ${prefix}</li></ul>`,
    shortText: `${name} (${systems[from]}, ${systems[to]})`,
    version: versionOf(random),
    vendor: fromSAP ? 'SAP' : 'Halvorsen',
    mode: fromSAP ? 'READ_ONLY' : 'EDIT_ALLOWED',
    createdBy: random.pick(people),
    creationDate: created,
    modifiedBy: random.pick(people),
    modifiedDate: created,
    // Tenants send lists with brackets and without.
    products: random.chance(0.5) ? `[${products}]` : 'SAP Cloud Integration',
    keywords: random.chance(0.5) ? '[]' : name,
    lineOfBusiness,
  };
}

/** A package has changed when the last of its artifacts did. */
function withPackageDates(seed: CpiSeed): CpiSeed {
  for (const it of seed.packages) {
    const dates = seed.designtime.filter(({ packageId }) => packageId === it.id).map(({ modifiedAt }) => modifiedAt);
    it.modifiedDate = Math.max(it.modifiedDate, ...dates);
  }
  return seed;
}

/** Something deployed that has no design-time artifact. */
function ghost(id: string, random: Random): RuntimeArtifact {
  const name = id.replace('com.halvorsen.', '').replace(/[_.]/g, ' ');
  const deployedOn = opening + random.integer(0, 200) * day;
  return {
    id,
    version: '1.0.0',
    name,
    type: 'INTEGRATION_FLOW',
    deployedBy: random.pick(people),
    deployedOn,
    status: 'STARTED',
  };
}

function endpointOf(flow: DesigntimeArtifact, random: Random): ServiceEndpoint {
  const protocol = random.pick(['SOAP', 'REST', 'REST', 'ODATAV2', 'AS2'] as const);
  const address = `/${flow.packageId}/${flow.id}`.toLowerCase();
  const { id: name, version, description, modifiedAt: lastUpdated } = flow;
  return { name, address, version, description, lastUpdated, protocol };
}
