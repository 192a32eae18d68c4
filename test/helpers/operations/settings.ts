import { ADMINS, type Policy } from './policy.ts';

export const settings: Policy = {
  path: 'settings',
  metadata: ADMINS,
  read: ADMINS,
  writable: ['LeanIXConfigs', 'FieldMappings'],
  readable: [
    'FactSheetTypes',
    'Categories',
    'FieldPaths',
    'Tags',
    'Destinations',
    'IFlowFields',
    'WriteModes',
    'AuditEntries',
    'ConfigChanges',
    'ConfigElements',
    'DraftAdministrativeData',
  ],
  operations: {
    'LeanIXConfigs.testConnection': ADMINS,
    'LeanIXConfigs.storeApiToken': ADMINS,
    'LeanIXConfigs.validateMapping': ADMINS,
    'LeanIXConfigs.deletionImpact': ADMINS,
    'LeanIXConfigs.draftPrepare': ADMINS,
    'LeanIXConfigs.draftActivate': ADMINS,
    'LeanIXConfigs.draftEdit': ADMINS,
    'FieldMappings.draftPrepare': ADMINS,
    exportSettings: ADMINS,
    importSettings: ADMINS,
  },
};
