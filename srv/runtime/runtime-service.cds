using {leanix} from '../../db/schema';
using from '../../db/runs';

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
  entity IFlows      as
    select from leanix.IFlow {
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
      candidates         as candidates    : redirected to Candidates
    }
    excluding {
      link
    }
    actions {
      /** Creates the fact sheet of this iFlow. */
      action createFactSheet() returns SyncRuns;
      /** Pushes the latest metadata to the linked fact sheet. */
      action updateFactSheet() returns SyncRuns;
      /** A person decides which fact sheet documents this iFlow. */
      action link(factSheetId: String) returns IFlows;
      /** Takes the relation back; the pair is never matched by itself again. */
      action unlink() returns IFlows;
    };

  @readonly
  entity Candidates  as projection on leanix.Candidate;

  @readonly
  entity SyncRuns    as
    projection on leanix.SyncRun {
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
      items
    }
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
  entity SyncItemChanges as projection on leanix.SyncItemChange;

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
