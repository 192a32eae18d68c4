/** The kinds of limits: for people who leave, accounts and roles. */
export const LIMIT_KINDS = [
  'suspended',
  'removed',
  'created',
  'leavers',
  'rolesGiven',
  'rolesTaken',
  'enabled',
  'admins',
] as const;
export type LimitKind = (typeof LIMIT_KINDS)[number];

/** The elements of the access settings that hold a limit: the number, and the percentage. */
export const limitElements = (kind: LimitKind): [number: string, percent: string] => {
  const number = `max${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
  return [number, `${number}Percent`];
};

/** The maximum for one run: as a number, and in percent of all; null for no limit. */
export type Limit = { number: number | null; percent: number | null };
export type Limits = Record<LimitKind, Limit>;

/** The number of accounts, roles or people that a run affects. */
export type Counts = { [kind in LimitKind]?: number };

export type Excess = { kind: LimitKind; count: number; of: number; allowed: number };

/**
 * The limits that a run would exceed. A percentage always allows one change.
 * @param all the total number
 */
export function exceeded(counts: Counts, all: number, limits: Limits): Excess[] {
  return LIMIT_KINDS.flatMap((kind) => {
    const count = counts[kind] ?? 0;
    const allowed = allowedOf(limits[kind], all);
    return count > allowed ? [{ kind, count, of: all, allowed }] : [];
  });
}

function allowedOf({ number, percent }: Limit, all: number): number {
  const share = percent === null ? Infinity : percent === 0 ? 0 : Math.max(1, Math.floor((all * percent) / 100));
  return Math.min(number ?? Infinity, share);
}
