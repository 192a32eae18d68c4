import cds from '@sap/cds';

/** Operating parameters, with their defaults; set them under `leanix` in the CAP configuration. */
export type EngineSettings = {
  /** Mutations in one request to LeanIX. LeanIX advises at most 50. */
  batchSize: number;
  /** Seconds that a worker may be silent before another one takes over its run. */
  leaseSeconds: number;
  /** Seconds between two checks for runs without a worker. */
  sweepSeconds: number;
  /** Seconds until a run continues after a system kept refusing requests because there were too many. */
  busySeconds: number;
  /** Seconds to wait before looking up a write whose answer was lost: lists of LeanIX may lag behind writes. */
  settleSeconds: number;
  /** How often an item is planned again after a revision clash or a lost answer. */
  attempts: number;
  /** Days for which the journal of a run is kept. */
  journalDays: number;
  /** Days for which evidence is kept: audit entries, ended tasks, former roles of accounts, people who have left. */
  auditDays: number;
  /** Seconds between two checks for outdated rows. */
  cleanUpSeconds: number;
  /** Name of the BTP destination of SAP Alert Notification service; empty for no notifications. */
  alertDestination: string;
};

const DEFAULTS: EngineSettings = {
  batchSize: 50,
  leaseSeconds: 10,
  sweepSeconds: 3,
  busySeconds: 60,
  settleSeconds: 10,
  attempts: 3,
  journalDays: 90,
  auditDays: 730,
  cleanUpSeconds: 3600,
  alertDestination: '',
};

export function engineSettings(): EngineSettings {
  const settings = { ...DEFAULTS, ...(cds.env as { leanix?: Partial<EngineSettings> }).leanix };
  const { batchSize, attempts } = settings;
  // With a value below one, no run would ever end.
  return { ...settings, batchSize: Math.max(1, Math.floor(batchSize)), attempts: Math.max(1, Math.floor(attempts)) };
}
