import type { Outcome } from '../base/outcome.ts';
import type { Job } from './job.ts';

/** How runs of one kind are executed. */
export type KindOfRun = {
  work: (job: Job) => Promise<Outcome>;
  /** One run per lane and configuration is active at a time. Runs about iFlows have the lane without a name. */
  lane: string;
  /** What a new run stores besides its connection. Read in the transaction that creates the run. */
  settings?: (configId: string) => Promise<object>;
  /** Runs in the transaction that ends the run. */
  ended?: (configId: string) => Promise<void>;
  /**
   * Version 0.1.0 does not know this kind: its instances, which run beside this one during an upgrade, never claim
   * these runs.
   */
  isNew?: boolean;
  /** If it follows another run, it is created however that run ended. */
  followsAnyEnd?: boolean;
};

/** A run that ends: its kind, its configuration and its user. */
export type EndingRun = {
  kind: string;
  configId: string;
  status: Outcome['status'];
  startedBy: string;
  trigger: string;
};

/** A job of a connection: the kind of its run, and of the run that follows if that one succeeds. */
export type KindOfJob = { kind: string; followUp?: string };

/** Deletes some rows in the caller's transaction. @returns whether there may be more */
export type Deletion = () => Promise<boolean>;

/**
 * What a feature contributes to the runs. The front door registers features, so that this folder knows none. Everything
 * but the kinds of runs is optional.
 */
export type Feature = {
  kinds?: Record<string, KindOfRun>;
  /** By the kind of the job. People come before accounts, and accounts before access. */
  jobs?: Record<string, KindOfJob>;
  /** Called in the transaction that ends a run of any feature. */
  whenEnding?: (run: EndingRun) => Promise<void>;
  /** Called by each sweep. */
  watch?: () => Promise<void>;
  /** Called after a run of any feature has ended. Never throws. */
  afterRun?: (runId: string) => Promise<void>;
  /** Deletes the data of a configuration, but not the configuration, in the caller's transaction. */
  deleteConfigData?: (configId: string) => Promise<void>;
  /** Deletions of outdated rows. Each is called until nothing is left. */
  deletions?: Deletion[];
};

let registered: readonly Feature[] = [];

/** Call this once, before runs are created or executed. */
export function registerFeatures(features: readonly Feature[]): void {
  registered = features;
}

export const features = (): readonly Feature[] => registered;

/** @throws Error for a kind that no feature has */
export function kindOfRun(kind: string): KindOfRun {
  const found = registered.map(({ kinds }) => kinds?.[kind]).find(Boolean);
  if (!found) throw new Error(`No feature carries out runs of kind ${kind}`);
  return found;
}

/** The kinds of runs in a lane. */
export function kindsOfLane(lane: string): string[] {
  const kinds = registered.flatMap((feature) => Object.entries(feature.kinds ?? {}));
  return kinds.filter(([, kind]) => kind.lane === lane).map(([name]) => name);
}

/** The jobs of all features by kind, in the order in which jobs due at the same time start. */
export function kindsOfJobs(): Map<string, KindOfJob> {
  return new Map(registered.flatMap((feature) => Object.entries(feature.jobs ?? {})));
}
