namespace leanix;

using {cuid} from '@sap/cds/common';
using {
  leanix.LeanIXConfig,
  leanix.IFlow
} from './schema';

/** A piece of work in the background, and its journal. The second constraint serves as an index. */
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
   * The same for kinds of runs that earlier versions do not know. These versions look only at `leaseUntil`, which never
   * expires for such runs, and leave them alone. Null for other kinds.
   */
  laterUntil    : Timestamp;
  /** Number of attempts, without those that ended with a wait for another system. */
  attempts      : Integer default 0;
  /** How far the run was when its process died, and how often in succession one died there. */
  diedAt        : String(50);
  deaths        : Integer default 0;
  /** JSON: the configuration when the run was started. A worker that takes over the run continues with it. */
  settings      : LargeString;
  /** JSON: the IDs of the iFlows or tasks of the run; null for all of the configuration. */
  selection     : LargeString;
  /** Whether the items are planned. A worker that takes over the run continues with those that are still open. */
  prepared      : Boolean default false;
  /** An admin confirmed that the tenant has no artifacts. */
  acceptEmpty   : Boolean default false;
  correlationId : String(100);
  /** The ID that the caller gave to the request that started it. */
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
  /** Runs that repeat, apply or continue this one. */
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
  /** When it was first sent to LeanIX, which may have stored it even without an answer. */
  sentAt      : Timestamp;
  /** A digest of what a preview showed: applying it does the same or nothing. */
  fingerprint : String(64);
  /** JSON: IDs of the tags that belong to this configuration after the item is done. */
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
