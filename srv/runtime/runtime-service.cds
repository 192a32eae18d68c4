using {leanix} from '../../db/schema';
using from '../../db/runs';
using from '../../db/codes';

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
  entity IFlows      as
    select from leanix.IFlow
    mixin {
      statusText     : Association to ArtifactStatuses
                         on statusText.code = $projection.status;
      linkStatusText : Association to LinkStatuses
                         on linkStatusText.code = $projection.linkStatus;
      matchedByText  : Association to MatchKinds
                         on matchedByText.code = $projection.matchedBy;
      history        : Association to many SyncItems
                         on history.iflow.ID = $projection.ID;
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
      (
        case
          status
          when 'Started'
               then 3
          when 'Error'
               then 1
          when 'Starting'
               then 2
          when 'Stopping'
               then 2
          else 0
        end
      )                  as statusCriticality : Integer,
      candidates         as candidates    : redirected to Candidates,
      statusText,
      linkStatusText,
      matchedByText,
      history
    }
    excluding {
      link
    }
    actions {
      /** Creates the fact sheet of this iFlow. */
      action createFactSheet() returns SyncRuns;
      /** Pushes the latest metadata to the linked fact sheet. */
      action updateFactSheet() returns SyncRuns;
      /** Shows what a sync would change for this iFlow, and changes nothing. */
      action previewFactSheet() returns SyncRuns;
      /** A person decides which fact sheet documents this iFlow. */
      action link(factSheetId: String) returns IFlows;
      /** Takes the relation back; the pair is never matched by itself again. */
      action unlink() returns IFlows;
    };

  @readonly
  entity Candidates  as projection on leanix.Candidate;

  @readonly
  entity SyncRuns    as
    select from leanix.SyncRun
    mixin {
      kindText   : Association to RunKinds
                     on kindText.code = $projection.kind;
      statusText : Association to RunStatuses
                     on statusText.code = $projection.status;
      changes    : Association to many SyncItemChanges
                     on changes.runID = $projection.ID;
    }
    into {
      ID,
      config,
      kind,
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
                 'refresh', 'match', 'preview'
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
          status
          when 'completed'
               then 3
          when 'completedWithError'
               then 2
          when 'cancelRequested'
               then 2
          when 'failed'
               then 1
          when 'running'
               then 5
          when 'requested'
               then 5
          else 0
        end
      ) as statusCriticality : Integer,
      kindText,
      statusText,
      changes
    }
    where
      kind in (
        'refresh', 'match', 'create', 'update', 'sync', 'preview', 'apply'
      )
    actions {
      /** Ends the run after the batch that is under way. */
      action cancel() returns SyncRuns;
      /** A new run for the items that failed. */
      action retryFailed() returns SyncRuns;
      /** Carries out exactly what a preview showed. */
      action apply() returns SyncRuns;
    };

  @readonly
  entity SyncItems   as
    select from leanix.SyncItem
    mixin {
      actionText  : Association to ItemActions
                      on actionText.code = $projection.action;
      statusText  : Association to ItemStatuses
                      on statusText.code = $projection.status;
    }
    into {
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
      changes,
      (
        case
          status
          when 'done'
               then 3
          when 'failed'
               then 1
          when 'skipped'
               then 2
          else 0
        end
      ) as statusCriticality : Integer,
      actionText,
      statusText
    };

  @readonly
  entity SyncItemChanges as
    projection on leanix.SyncItemChange {
      *,
      item.run.ID as runID,
      item.name   as itemName
    };

  /** For value helps: what occurs among the iFlows. */
  @readonly
  entity Packages        as
    select from leanix.IFlow {
      key packageId,
          max(packageName) as packageName : String(500)
    }
    where
      packageId is not null
    group by
      packageId;

  @readonly
  entity ArtifactTypes   as
    select from leanix.IFlow {
      key type
    }
    where
      type is not null
    group by
      type;

  @readonly
  entity ArtifactStatuses as
    projection on leanix.Code {
      key code,
          name
    }
    where
      list = 'artifactStatus';

  @readonly
  entity LinkStatuses as
    projection on leanix.Code {
      key code,
          name
    }
    where
      list = 'linkStatus';

  @readonly
  entity MatchKinds as
    projection on leanix.Code {
      key code,
          name
    }
    where
      list = 'matchedBy';

  @readonly
  entity RunKinds as
    projection on leanix.Code {
      key code,
          name
    }
    where
      list = 'runKind';

  @readonly
  entity RunStatuses as
    projection on leanix.Code {
      key code,
          name
    }
    where
      list = 'runStatus';

  @readonly
  entity ItemActions as
    projection on leanix.Code {
      key code,
          name
    }
    where
      list = 'itemAction';

  @readonly
  entity ItemStatuses as
    projection on leanix.Code {
      key code,
          name
    }
    where
      list = 'itemStatus';

  /** Reads the deployed artifacts again. `acceptEmpty`: a tenant that shows none at all is meant so. */
  action refresh(config: String, acceptEmpty: Boolean) returns SyncRuns;
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
