using {leanix} from '../../db/schema';
using from '../../db/runs';
using from '../../db/codes';
using from '../../db/landscape';

/** What is deployed, how it is documented in LeanIX, and the runs that keep the two together. */
@path: 'runtime'
service RuntimeService {

  @readonly
  entity Connections as
    select from leanix.LeanIXConfig {
      key ID,
          name,
          (
            case
              when leanixHost is not null
                   and leanixDestination is not null
                   and cpiDestination is not null
                   and factSheetType is not null
                   then true
              else false
            end
          ) as configured : Boolean
    };

  @odata.singleton
  @readonly
  @cds.persistence.skip
  entity Me {
    isAdmin           : Boolean;
    isEnterpriseAdmin : Boolean;
    configured        : Boolean;
  }

  @readonly
  @cds.redirection.target
  @Capabilities.ExpandRestrictions.NonExpandableProperties: [endpoints]
  entity IFlows      as
    select from leanix.IFlow
    mixin {
      history        : Association to many SyncItems
                         on history.iflow.ID = $projection.ID;
      endpoints      : Association to many Endpoints
                         on endpoints.iflow_ID = $projection.ID;
    }
    into {
      *,
      coalesce(
        link.status, 'unknown'
      )                  as linkStatus    : String(20),
      link.matchedBy     as matchedBy,
      link.factSheetId   as factSheetId,
      link.factSheetName as factSheetName,
      link.factSheetUrl  as factSheetUrl,
      link.code          as linkCode,
      link.message       as linkMessage,
      link.lastSyncedAt  as lastSyncedAt,
      (
        case
          link.status
          when 'linked'
               then 3
          when 'notLinked'
               then 2
          when 'ambiguous'
               then 2
          else 0
        end
      )                  as criticality   : Integer,
      coalesce(
        model.state, 'notRead'
      )                  as modelState    : String(20),
      model.message      as modelMessage,
      model.role         as role,
      model.pattern      as pattern,
      candidates         as candidates    : redirected to Candidates,
      history,
      endpoints
    }
    excluding {
      link,
      model
    }
    actions {
      /** Creates the fact sheet of this iFlow. */
      action createFactSheet() returns SyncRuns;
      /** Pushes the latest metadata to the linked fact sheet. */
      action updateFactSheet() returns SyncRuns;
      /** Shows what a sync would change for this iFlow, and changes nothing. */
      action previewFactSheet() returns SyncRuns;
      /** A person decides which fact sheet documents this iFlow: by its id, or by its address in LeanIX. */
      action link(factSheetId: String) returns IFlows;
      /** Takes the relation back; the pair is never matched by itself again. */
      action unlink() returns IFlows;
      /** What a sync would change for this iFlow now. Starts no run. */
      function syncPlan() returns SyncPlan;
      /** Fact sheets of the configured type that LeanIX finds by a text: the first twenty. */
      function findFactSheets(search: String) returns many FoundFactSheet;
    };

  /** `code` and `message` say why nothing would be done, or what would be left out. */
  type SyncPlan {
    action  : String(10);
    status  : String(20);
    code    : String(50);
    message : LargeString;
    changes : many {
      path   : String(200);
      before : LargeString;
      after  : LargeString;
    };
  }

  type FoundFactSheet {
    factSheetId : String(64);
    name        : String(1000);
    type        : String(100);
  }

  /** The addresses at which an iFlow can be called. Read from Cloud Integration when they are asked for, never stored. */
  @readonly
  @cds.persistence.skip
  @Capabilities: {
    FilterRestrictions.Filterable: false,
    SortRestrictions.Sortable    : false
  }
  entity Endpoints {
    key iflow_ID       : UUID;
    key position       : Integer;
        name           : String(500);
        url            : String(2000);
        type           : String(50);
        protocol       : String(50);
        lastUpdated    : Timestamp;
        apiDefinitions : many {
          name : String(500);
          url  : String(2000);
        };
  }

  @readonly
  entity Candidates  as projection on leanix.Candidate;

  /** What an iFlow connects, as its model says. */
  @readonly
  entity Channels    as
    projection on leanix.Channel {
      ID,
      iflow,
      position,
      direction,
      adapter,
      participant,
      kind,
      host,
      locationId,
      access,
      addressState,
      auxiliary
    };

  /** Which iFlow calls which, by ProcessDirect or a queue. */
  @readonly
  entity Calls       as
    projection on leanix.Call {
      ID,
      caller,
      called,
      via,
      address,
      status
    };

  @readonly
  entity SyncRuns    as
    select from leanix.SyncRun
    mixin {
      allText    : Association to leanix.Code
                     on  allText.list = 'runScope'
                     and allText.code = 'all';
      changes    : Association to many SyncItemChanges
                     on changes.runID = $projection.ID;
    }
    into {
      ID,
      config,
      kind,
      coalesce(
        scope, allText.localized.name, allText.name
      ) as scope             : String(500),
      source,
      status,
      total,
      done,
      created,
      updated,
      unchanged,
      failed,
      skipped,
      requests,
      startedBy,
      startedAt,
      finishedAt,
      code,
      message,
      correlationId,
      callerId,
      items,
      (
        case
          when status in (
                 'requested', 'running', 'cancelRequested'
               )
               then true
          else false
        end
      ) as isActive          : Boolean,
      /** Nothing was started for the configuration since, previews and reading aside. */
      (
        case
          when kind in (
                 'refresh', 'match', 'preview', 'analyze'
               )
               then false
          when exists laterWrites
               then false
          else true
        end
      ) as isLast            : Boolean,
      (
        case
          when failed > 0
               and finishedAt is not null
               and kind in (
                 'create', 'update', 'sync', 'apply'
               )
               then true
          else false
        end
      ) as canRetry          : Boolean,
      (
        case
          when kind = 'preview'
               and status = 'completed'
               and created + updated > 0
               then true
          else false
        end
      ) as canApply          : Boolean,
      (
        case
          when status = 'canceled'
               then true
          else false
        end
      ) as canResume         : Boolean,
      changes
    }
    where
      kind in (
        'refresh', 'match', 'create', 'update', 'sync', 'preview', 'apply', 'analyze'
      )
    actions {
      /** Ends the run after the batch that is under way. */
      action cancel() returns SyncRuns;
      /** A new run for the items that failed. */
      action retryFailed() returns SyncRuns;
      /** Carries out exactly what a preview showed. */
      action apply() returns SyncRuns;
      /** A new run for what a canceled one did not reach. */
      action resume() returns SyncRuns;
    };

  @readonly
  entity SyncItems   as
    projection on leanix.SyncItem {
      ID,
      run,
      iflow,
      position,
      artifactId,
      name,
      action,
      status,
      factSheetId,
      code,
      message,
      changes
    };

  @readonly
  entity SyncItemChanges as
    projection on leanix.SyncItemChange {
      *,
      item.run.ID as runID,
      item.name   as itemName
    };

  /** Reads the deployed artifacts again. `acceptEmpty`, of admins only: a tenant that shows none at all is meant so. */
  action refresh(config: String, acceptEmpty: Boolean) returns SyncRuns;
  /** Reads what the iFlows connect, of those that were deployed since their models were read. */
  action analyze(config: String) returns SyncRuns;
  /** Finds the fact sheet of every artifact. */
  action match(config: String) returns SyncRuns;
  /** Creates fact sheets for the iFlows that have none. */
  action createAllNew(config: String) returns SyncRuns;
  /** Matches, creates what is missing and updates what is linked. */
  action syncAll(config: String) returns SyncRuns;
  /** Shows what a sync would change, and changes nothing. */
  action preview(config: String) returns SyncRuns;
  /** Creates the fact sheets of these iFlows, as one run. */
  action createFactSheets(iflows: many String) returns SyncRuns;
  /** Updates the fact sheets of these iFlows, as one run. */
  action updateFactSheets(iflows: many String) returns SyncRuns;
}
