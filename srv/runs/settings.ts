import cds from '@sap/cds';

/** Operating parameters, with their defaults; set them under `leanix` in the CAP configuration. */
export type EngineSettings = {
  /** Mutations in one request to LeanIX, 50 at most are advised. */
  batchSize: number;
  /** Seconds a worker may be silent before another one takes its run over. */
  leaseSeconds: number;
  /** Seconds between two looks for runs that nobody works on. */
  sweepSeconds: number;
  /** Seconds until a run goes on that a system has kept refusing because of too many requests. */
  busySeconds: number;
  /** Seconds to wait before something is looked up whose answer was lost: lists of LeanIX may lag behind writes. */
  settleSeconds: number;
  /** How often an item is planned again after a revision clash or a lost answer. */
  attempts: number;
  /** Days that the journal of a run is kept. */
  journalDays: number;
  /** Days that it is kept who did what: audit entries, ended tasks, roles that accounts had, people who have left. */
  auditDays: number;
  /** Seconds between two looks for what is to be deleted. */
  cleanUpSeconds: number;
  /** Name of the BTP destination of SAP Alert Notification service; empty where nobody is notified. */
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
  // With less than one of them, no run would ever end.
  return { ...settings, batchSize: Math.max(1, Math.floor(batchSize)), attempts: Math.max(1, Math.floor(attempts)) };
}
