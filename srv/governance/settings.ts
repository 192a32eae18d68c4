import { AccessConfigs } from '#cds-models/leanix';
import { ATTRIBUTES } from '../core/access/accounts.ts';
import type { CorrelateBy } from '../core/access/correlation.ts';
import { limitElements, LIMIT_KINDS, type LimitKind, type Limits } from '../core/access/limits.ts';
import type { Job } from '../runs/job.ts';

export type Direction = 'import' | 'provision';
export type AccessMapping = { direction: Direction; target: string; expression: string };

/** The access settings of a configuration. */
export type AccessSettings = {
  instantProvisioning: boolean;
  silentInvite: boolean;
  managedElsewhere: boolean;
  /** A task is executed only after an enterprise admin other than its requester has approved it. */
  fourEyes: boolean;
  peopleDestination: string | null;
  correlateBy: CorrelateBy;
  dormantDays: number;
  limits: Limits;
  /** The workspace whose accounts are stored; null before the first. */
  workspaceId: string | null;
  /** In their order. */
  mappings: AccessMapping[];
};

/** The access settings at the start of the run. */
export const accessOf = ({ run }: Pick<Job, 'run'>): AccessSettings => run.settings['access'] as AccessSettings;

/** The targets of mappings: attributes of an imported account, and values sent to LeanIX. */
export const TARGETS: Record<Direction, readonly string[]> = {
  import: ATTRIBUTES,
  provision: ['role', 'firstName', 'lastName', 'message'],
};

/** Reads the access settings of a configuration, in the caller's transaction. */
export async function readAccess(configId: string): Promise<AccessSettings> {
  const row = await SELECT.one
    .from(AccessConfigs, (config) => {
      config('*');
      config.mappings((mapping) => mapping('*'));
    })
    .where({ ID: configId });
  const values = (row ?? {}) as Record<string, number | null | undefined>;
  const limitOf = (kind: LimitKind) => {
    const [number, percent] = limitElements(kind);
    return [kind, { number: values[number] ?? null, percent: values[percent] ?? null }];
  };
  return {
    instantProvisioning: row?.instantProvisioning ?? false,
    silentInvite: row?.silentInvite ?? false,
    managedElsewhere: row?.managedElsewhere ?? false,
    fourEyes: row?.fourEyes ?? false,
    peopleDestination: row?.peopleDestination?.trim() || null,
    correlateBy: row?.correlateBy ?? 'email',
    dormantDays: row?.dormantDays ?? 90,
    limits: Object.fromEntries(LIMIT_KINDS.map(limitOf)) as Limits,
    workspaceId: row?.workspaceId ?? null,
    mappings: [...(row?.mappings ?? [])]
      .sort((a, b) => (a.position ?? 0) - (b.position ?? 0))
      .map(({ direction, target, expression }) => ({
        direction: direction as Direction,
        target: target!,
        expression: expression!,
      })),
  };
}
