import type { SeedFactSheet } from '../leanix/state.ts';
import { processes, systems } from './processes.ts';
import { Random } from './random.ts';

const countries = [
  'Germany',
  'Norway',
  'France',
  'Italy',
  'Poland',
  'Spain',
  'USA',
  'Mexico',
  'Brazil',
  'China',
  'India',
  'Japan',
];
const units = [
  'Sales',
  'Purchasing',
  'Finance',
  'Human Resources',
  'IT',
  'Logistics',
  'Production',
  'Service',
  'Engineering',
  'Quality',
];

const legacySystems = [
  'ECC Plant Bergen', 'ECC Plant Gdansk', 'Dealer Portal', 'AS/400 Spare Parts', 'Pump Configurator', 'Print Server',
  'Tooling Database', 'Access Control', 'Fleet Manager', 'Weighbridge', 'Energy Monitor', 'Intranet', 'Call Center Suite',
  'Document Archive', 'Lab System', 'Price Optimizer', 'Budget Planner', 'Cash Manager', 'Export Control', 'Visitor Desk',
  'Test Bench Control', 'Spend Analytics', 'Quality Cockpit', 'Forecast Workbench', 'Contract Archive', 'Trade Show App',
  'Safety Register', 'Training Planner', 'Ticket Kiosk', 'Yard Manager',
]; // prettier-ignore

const objects = [
  'Customer', 'Sales Order', 'Quotation', 'Delivery', 'Invoice', 'Payment', 'Material', 'Bill of Material', 'Routing',
  'Production Order', 'Purchase Order', 'Supplier', 'Contract', 'Stock', 'Employee', 'Time Record', 'Cost Center',
  'GL Account', 'Asset', 'Service Order', 'Equipment', 'Measurement', 'Quality Record', 'Drawing', 'Price', 'Forecast',
  'Shipment', 'Customs Document', 'Bank Account', 'Tax Code', 'Project', 'Budget', 'Campaign', 'Lead', 'Consent', 'User',
  'Role', 'Certificate', 'Emission', 'Energy Reading',
]; // prettier-ignore

const capabilities: Record<string, string[]> = {
  'Customer Management': [
    'Customer Acquisition',
    'Customer Data',
    'Customer Service',
    'Customer Insight',
    'Complaint Handling',
  ],
  'Sales Management': ['Pricing', 'Quotation Handling', 'Order Handling', 'Channel Management', 'Sales Planning'],
  'Supply Chain': ['Demand Planning', 'Inventory Management', 'Warehousing', 'Transportation', 'Customs Handling'],
  Manufacturing: ['Production Planning', 'Shop Floor Control', 'Quality Management', 'Maintenance', 'Tool Management'],
  Procurement: ['Sourcing', 'Supplier Management', 'Operational Purchasing', 'Invoice Handling', 'Contract Management'],
  Finance: ['Accounting', 'Treasury', 'Tax', 'Controlling', 'Consolidation'],
  'Human Resources': ['Recruiting', 'Payroll', 'Time Recording', 'Learning', 'Workforce Planning'],
  'Research and Development': ['Product Design', 'Product Data', 'Testing', 'Compliance', 'Portfolio Planning'],
  'Corporate Services': ['Facility Management', 'Legal', 'Sustainability', 'Travel', 'Communication'],
  'IT Management': ['Integration', 'Identity Management', 'Service Desk', 'Architecture', 'Security'],
};

const vendors = [
  'SAP', 'Salesforce', 'Microsoft', 'Siemens', 'Oracle', 'IBM', 'ServiceNow', 'OpenText', 'Amazon Web Services', 'Red Hat',
  'Cisco', 'VMware', 'Dell', 'HPE', 'NetApp', 'Snowflake', 'Elastic', 'MongoDB', 'Atlassian', 'Splunk',
]; // prettier-ignore

const products = [
  'Database',
  'Application Server',
  'Message Broker',
  'Storage Array',
  'Firewall',
  'Backup Service',
  'API Gateway',
];

/** Fact sheets unrelated to the tenant: about `count`, most of them interfaces. */
export function landscape(count: number): SeedFactSheet[] {
  const random = new Random(4711);
  const others = [
    ...applications(random),
    ...itComponents(random),
    ...dataObjects(random),
    ...organizations(),
    ...businessCapabilities(random),
    ...vendors.map((name): SeedFactSheet => ({ type: 'Provider', name, description: `Supplier of ${name} products.` })),
    ...strategy(),
  ];
  return [...others, ...oldInterfaces(Math.max(0, count - others.length), random)];
}

/** Interfaces from before Cloud Integration; their names are never those of iFlows. */
export function oldInterfaces(count: number, random: Random): SeedFactSheet[] {
  const techniques = ['IDoc', 'File', 'MQ', 'SOAP', 'Database Link', 'RFC', 'SFTP', 'Mail', 'CSV Upload', 'ETL'];
  return Array.from({ length: count }, (_, index): SeedFactSheet => {
    const from = legacySystems[index % legacySystems.length] ?? '';
    const object = objects[Math.floor(index / legacySystems.length) % objects.length] ?? '';
    const round = Math.floor(index / legacySystems.length / objects.length);
    const technique = random.pick(techniques);
    const to = random.pick(Object.values(systems));
    const frequency = random.pick(['hourly', 'daily', 'weekly', 'realtime']);
    return {
      type: 'Interface',
      name: `${from} ${object} Export ${round + 1} (${technique})`,
      description: random.chance(0.7) ? `${object} data from ${from} to ${to}, by ${technique}.` : undefined,
      tags: random.chance(0.15) ? [random.pick(['Needs Review', 'EDI', 'SOX', 'GDPR'])] : [],
      fields: { category: random.pick(['api', 'logicalInterface']), frequency, ...lifecycle(random) },
    };
  });
}

function applications(random: Random): SeedFactSheet[] {
  const modules = ['Core', 'Analytics', 'Mobile', 'Portal'];
  const names = [
    ...Object.values(systems),
    ...legacySystems,
    ...legacySystems.flatMap((system) => modules.map((module) => `${system} ${module}`)),
  ];
  return names.map((name) => ({
    type: 'Application',
    name,
    description: `${name}, used by ${random.pick(units)}.`,
    tags: random.chance(0.3) ? [random.pick(['Retain', 'Rehost', 'Replatform', 'Retire'])] : [],
    fields: {
      category: random.chance(0.85) ? 'businessApplication' : 'microservice',
      businessCriticality: random.pick([
        'administrativeService',
        'businessOperational',
        'businessCritical',
        'missionCritical',
      ]),
      ...lifecycle(random),
    },
  }));
}

function itComponents(random: Random): SeedFactSheet[] {
  const categories = ['saas', 'paas', 'iaas', 'software', 'hardware', 'service'];
  return vendors.flatMap((vendor) =>
    products.map((product) => ({
      type: 'ITComponent',
      name: `${vendor} ${product}`,
      description: `${product} by ${vendor}.`,
      fields: { category: random.pick(categories), release: `${random.integer(1, 14)}.${random.integer(0, 9)}` },
    })),
  );
}

function dataObjects(random: Random): SeedFactSheet[] {
  return objects
    .flatMap((object) => [object, `${object} History`, `${object} Attachment`])
    .map((name) => ({
      type: 'DataObject',
      name,
      tags: random.chance(0.1) ? ['Golden Source'] : [],
      fields: { dataClassification: random.pick(['public', 'sensitive', 'restricted', 'confidential']) },
    }));
}

function organizations(): SeedFactSheet[] {
  const legal = countries.map((country) => organization(`Halvorsen ${country}`, 'legalEntity'));
  const teams = countries
    .slice(0, 4)
    .flatMap((country) => units.map((unit) => organization(`${unit} ${country}`, 'team')));
  return [...legal, ...units.map((unit) => organization(unit, 'businessUnit')), ...teams];
}

function organization(name: string, category: string): SeedFactSheet {
  return { type: 'Organization', name, fields: { category } };
}

function businessCapabilities(random: Random): SeedFactSheet[] {
  const names = Object.entries(capabilities).flatMap(([group, members]) => [
    group,
    ...members.map((member) => `${group} / ${member}`),
  ]);
  return names.map((name) => ({
    type: 'BusinessCapability',
    name,
    fields: { currentMaturity: random.pick(['adhoc', 'repeatable', 'defined', 'managed', 'optimized']) },
  }));
}

function strategy(): SeedFactSheet[] {
  const named = (type: string, names: string[], fields = {}) =>
    names.map((name): SeedFactSheet => ({ type, name, fields }));
  return [
    ...named('Objective', [
      'Faster Deliveries',
      'One Source of Master Data',
      'Net Zero 2035',
      'Lower Integration Cost',
    ]),
    ...named('Initiative', ['Move to S/4HANA', 'Retire Process Orchestration', 'Peppol Roll-out'], {
      category: 'program',
    }),
    ...named('Platform', ['Integration Platform', 'Data Platform', 'Identity Platform', 'Commerce Platform']),
    ...named(
      'BusinessContext',
      processes.map(({ name }) => name),
      { category: 'process' },
    ),
    ...named('TechnicalStack', ['Cloud Integration', 'Databases', 'Operating Systems', 'Network', 'Frontends']),
  ];
}

function lifecycle(random: Random) {
  const year = random.integer(2012, 2024);
  return { lifecycle: { active: `${year}-01-01`, ...(random.chance(0.2) && { endOfLife: '2027-12-31' }) } };
}
