import cds from '@sap/cds';
import { AccessConfigs, AccessMappings, Jobs, LeanIXConfigs } from '#cds-models/leanix';
import { DEFAULT_MAPPINGS } from './settings.ts';

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
 * Gives every configuration that has none its access settings, with mappings that fit, and its jobs, switched off; in
 * the caller's transaction.
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
