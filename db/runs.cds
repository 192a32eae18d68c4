namespace leanix;

using {cuid} from '@sap/cds/common';
using {
  leanix.LeanIXConfig,
  leanix.IFlow
} from './schema';

/** A piece of work in the background, and its journal. The second constraint is there for its index. */
@assert.unique: {
  active: [activeKey],
  start : [
    config,
    startedAt,
    ID
  ]
}
@plural: 'SyncRuns'
entity SyncRun : cuid {
  config        : Association to LeanIXConfig;
  kind          : String(20);
  /** The iFlows of the run, as text: the name of one, or their number; null for all of the configuration. */
  scope         : String(500);
  source        : Association to SyncRun;
  status        : String(20);
  total         : Integer default 0;
  done          : Integer default 0;
  created       : Integer default 0;
  updated       : Integer default 0;
  unchanged     : Integer default 0;
  failed        : Integer default 0;
  skipped       : Integer default 0;
  /** Calls made to LeanIX, without those for a token. */
  requests      : Integer default 0;
  startedBy     : String(255);
  startedAt     : Timestamp;
  finishedAt    : Timestamp;
  code          : String(50);
  message       : LargeString;
  /** What the run works on while it is active, null afterwards: the iFlows of a configuration, or its access. */
  activeKey     : String(50);
  /** The worker and the end of its lease. Never null, so that the run of a dead worker can always be claimed. */
  leaseOwner    : String(36);
  leaseUntil    : Timestamp not null;
  /**
   * The same for kinds of runs that earlier versions do not know: they look at `leaseUntil` only, which never comes for
   * these, and leave them alone. Null for other kinds.
   */
  laterUntil    : Timestamp;
  /** Number of attempts, without those that ended with a wait for another system. */
  attempts      : Integer default 0;
  /** How far the run was when a process that worked on it died, and how often one did there, in succession. */
  diedAt        : String(50);
  deaths        : Integer default 0;
  /** JSON: the configuration as it was when the run was started; whoever takes the run over goes on with it. */
  settings      : LargeString;
  /** JSON: the IDs of the iFlows, or of the tasks, that the run is about; null for all of the configuration. */
  selection     : LargeString;
  /** Whether the items have been planned: a run that is taken over goes on with those that are still open. */
  prepared      : Boolean default false;
  /** An admin said that a tenant without any artifact is what is meant. */
  acceptEmpty   : Boolean default false;
  correlationId : String(100);
  /** The id that the caller gave to the request that started it. */
  callerId      : String(100);
  /** Runs that wrote to LeanIX after this one was started. */
  laterWrites   : Association to many SyncRun
                    on  laterWrites.config.ID = $self.config.ID
                    and laterWrites.startedAt > $self.startedAt
                    and laterWrites.kind in ('create', 'update', 'sync', 'apply');
  /** Runs of the same kind that were started after this one. */
  laterAlike    : Association to many SyncRun
                    on  laterAlike.config.ID = $self.config.ID
                    and laterAlike.startedAt > $self.startedAt
                    and laterAlike.kind      = $self.kind;
  /** Runs that repeat this one or carry it out. */
  followUps     : Association to many SyncRun
                    on followUps.source = $self;
  items         : Composition of many SyncItem
                    on items.run = $self;
}

/** What a run does for one iFlow. Ends exactly once: done, failed or skipped. The constraints are indexes too. */
@assert.unique: {
  iflow   : [
    iflow,
    run
  ],
  position: [
    run,
    position
  ]
}
@plural: 'SyncItems'
entity SyncItem : cuid {
  run         : Association to SyncRun;
  iflow       : Association to IFlow;
  position    : Integer;
  artifactId  : String(255);
  name        : String(500);
  action      : String(10);
  status      : String(10);
  factSheetId : String(64);
  code        : String(50);
  message     : LargeString;
  /** When it was first handed to LeanIX: what was sent may have been stored even if no answer came. */
  sentAt      : Timestamp;
  /** What a preview showed, in short: applying it does the same or nothing. */
  fingerprint : String(64);
  /** JSON: ids of the tags that are this configuration's once the item is done. */
  ownedTags   : LargeString;
  changes     : Composition of many SyncItemChange
                  on changes.item = $self;
}

@plural: 'SyncItemChanges'
entity SyncItemChange {
  key item     : Association to SyncItem;
  key position : Integer;
      path     : String(255);
      before   : LargeString;
      after    : LargeString;
}
