import cds from '@sap/cds';
import type { User } from '../app/app.ts';

/** Parameters that let jobs check their slots often. */
export const WAITS = { settleSeconds: 0.3, busySeconds: 1, sweepSeconds: 0.2, leaseSeconds: 5, perSecond: 30 };

/**
 * Helpers for tests about jobs.
 * @param enterprise an enterprise admin of the app
 */
export function jobsOf(enterprise: User) {
  const jobOf = async (kind: string) => {
    const { body } = await enterprise.get(`access/Jobs?$filter=kind eq '${kind}'&$expand=runs`);
    return body.value[0];
  };
  const plan = async (kind: string, schedule: object) => {
    const { ID } = await jobOf(kind);
    return enterprise.patch(`access/Jobs(ID=${ID},IsActiveEntity=true)`, schedule);
  };
  /** Moves a job's slot into the past, as if it had been missed. */
  const missed = async (kind: string, minutes: number) => {
    const { ID } = await jobOf(kind);
    const nextRunAt = new Date(Date.now() - minutes * 60_000).toISOString();
    await cds.tx(() => UPDATE.entity('leanix.Job').set({ nextRunAt }).where({ ID }));
  };
  return { jobOf, plan, missed };
}

/** A daily slot half a day away, which never comes while a test runs. */
export const daily = { schedule: 'daily', atTime: new Date(Date.now() + 12 * 3_600_000).toISOString().slice(11, 19) };

export const until = async <T>(read: () => Promise<T> | T, done: (value: T) => boolean): Promise<T> => {
  for (;;) {
    const value = await read();
    if (done(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
export const hasEnded = ({ runs }: any) => runs.some(({ isActive }: any) => !isActive);
