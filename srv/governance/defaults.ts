import cds from '@sap/cds';
import { AccessConfigs, AccessMappings, Jobs, LeanIXConfigs } from '#cds-models/leanix';
import type { AccessMapping } from './settings.ts';

/** The mappings of a new configuration. */
export const DEFAULT_MAPPINGS: readonly AccessMapping[] = [
  { direction: 'import', target: 'userName', expression: 'leanix.user.userName' },
  { direction: 'import', target: 'email', expression: 'leanix.user.email' },
  { direction: 'import', target: 'firstName', expression: 'leanix.user.firstName' },
  { direction: 'import', target: 'lastName', expression: 'leanix.user.lastName' },
  { direction: 'import', target: 'displayName', expression: 'leanix.user.displayName' },
  { direction: 'import', target: 'department', expression: 'leanix.user.department' },
  { direction: 'provision', target: 'role', expression: 'task.role' },
  { direction: 'provision', target: 'firstName', expression: 'task.firstName' },
  { direction: 'provision', target: 'lastName', expression: 'task.lastName' },
];

export const JOB_KINDS = [
  'catalog',
  'importPeople',
  'importAccounts',
  'importAccess',
  'importAll',
  'provision',
] as const;
export type JobKind = (typeof JOB_KINDS)[number];

/**
 * Gives access settings, default mappings and jobs (switched off) to every configuration without them, in the caller's
 * transaction.
 */
export async function addMissingAccess(): Promise<void> {
  const configs = await SELECT.from(LeanIXConfigs).columns('ID');
  const present = await SELECT.from(AccessConfigs).columns('ID');
  const has = new Set(present.map(({ ID }) => ID));
  const missing = configs.flatMap(({ ID }) => (has.has(ID) ? [] : [ID!]));
  if (!missing.length) return;
  await INSERT.into(AccessConfigs).entries(missing.map((ID) => ({ ID })));
  await INSERT.into(AccessMappings).entries(
    missing.flatMap((access_ID) =>
      DEFAULT_MAPPINGS.map((mapping, index) => ({ ID: cds.utils.uuid(), access_ID, ...mapping, position: index + 1 })),
    ),
  );
  await INSERT.into(Jobs).entries(
    missing.flatMap((config_ID) => JOB_KINDS.map((kind) => ({ ID: cds.utils.uuid(), config_ID, kind }))),
  );
}
