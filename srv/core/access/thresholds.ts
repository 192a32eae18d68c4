/** Most accounts that one job may treat so: as a number, and in percent of all; null for no limit. */
export type Limit = { number: number | null; percent: number | null };
export type Limits = { suspended: Limit; removed: Limit; created: Limit };

/** How many accounts a job would suspend, remove or create. */
export type Counts = { suspended?: number; removed?: number; created?: number };

export type Excess = { kind: keyof Counts; count: number; of: number; allowed: number };

const KINDS = ['suspended', 'removed', 'created'] as const;

/**
 * Which limits a job would go beyond. A percentage always leaves room for one account: in a small workspace that is
 * more than any, and a single change is not what the limits are against.
 * @param accounts how many there are
 */
export function exceeded(counts: Counts, accounts: number, limits: Limits): Excess[] {
  return KINDS.flatMap((kind) => {
    const count = counts[kind] ?? 0;
    const allowed = allowedOf(limits[kind], accounts);
    return count > allowed ? [{ kind, count, of: accounts, allowed }] : [];
  });
}

function allowedOf({ number, percent }: Limit, accounts: number): number {
  const share = percent === null ? Infinity : percent === 0 ? 0 : Math.max(1, Math.floor((accounts * percent) / 100));
  return Math.min(number ?? Infinity, share);
}
