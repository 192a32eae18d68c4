import type { DesigntimeArtifact, IntegrationPackage, RuntimeArtifact } from '../cpi/state.ts';
import { externalIdOf } from './types.ts';
import type { Seed } from './types.ts';
import { access, tagGroups, tags } from './workspace-frame.ts';

const monday = Date.UTC(2025, 5, 2, 9, 30);

/** Three iFlows in two packages and four fact sheets: one linked, one of the same name, one not documented. */
export function tiny(tenantHost: string): Seed {
  return {
    cpi: {
      artifacts: [
        deployed('O2C_SalesOrder_Create', '1.2.0', 'Sales Order Create', 'STARTED'),
        deployed('O2C_Invoice_Send', '1.0.3', 'Invoice Send', 'STARTED'),
        deployed('com.halvorsen.hr.employee.v1', '2.0.0', 'Employee Replication', 'STARTED'),
      ],
      packages: [
        integrationPackage('OrderToCash', 'Order to Cash'),
        integrationPackage('HireToRetire', 'Hire to Retire'),
      ],
      designtime: [
        designed('O2C_SalesOrder_Create', '1.2.0', 'Sales Order Create', 'OrderToCash'),
        designed('O2C_Invoice_Send', '1.0.3', 'Invoice Send', 'OrderToCash'),
        designed('com.halvorsen.hr.employee.v1', '2.0.0', 'Employee Replication', 'HireToRetire'),
      ],
      endpoints: [
        {
          name: 'O2C_SalesOrder_Create',
          address: '/o2c/orders',
          version: '1.2.0',
          description: 'Takes sales orders.',
          lastUpdated: monday,
          protocol: 'SOAP',
        },
      ],
    },
    leanix: {
      ...access,
      tagGroups,
      tags,
      factSheets: [
        {
          type: 'Interface',
          name: 'Sales Order Create',
          externalId: externalIdOf(tenantHost, 'O2C_SalesOrder_Create'),
          tags: ['CPI-Managed'],
        },
        { type: 'Interface', name: 'Invoice Send', description: 'Written by the team of the billing system.' },
        { type: 'Interface', name: 'Price List Import' },
        { type: 'Application', name: 'SAP S/4HANA' },
      ],
    },
  };
}

function deployed(id: string, version: string, name: string, status: string): RuntimeArtifact {
  const deployedBy = 'ines.integration@halvorsen.example';
  return { id, version, name, type: 'INTEGRATION_FLOW', deployedBy, deployedOn: monday, status };
}

function designed(id: string, version: string, name: string, packageId: string): DesigntimeArtifact {
  return {
    set: 'IntegrationDesigntimeArtifacts',
    id,
    version,
    packageId,
    name,
    description: `${name}, in use since 2024.`,
    sender: '',
    receiver: '',
    createdBy: 'ines.integration@halvorsen.example',
    createdAt: monday,
    modifiedBy: 'ines.integration@halvorsen.example',
    modifiedAt: monday,
  };
}

function integrationPackage(id: string, name: string): IntegrationPackage {
  return {
    id,
    name,
    description: `<p>${name}&nbsp;of Halvorsen.</p>`,
    shortText: name,
    version: '1.0.0',
    vendor: 'Halvorsen',
    mode: 'EDIT_ALLOWED',
    createdBy: 'ines.integration@halvorsen.example',
    creationDate: monday,
    modifiedBy: 'ines.integration@halvorsen.example',
    modifiedDate: monday,
    products: '',
    keywords: '',
    lineOfBusiness: '',
  };
}
