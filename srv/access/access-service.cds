using {leanix} from '../../db/schema';
using from '../../db/access';
using from '../../db/codes';

/**
 * The accounts of the LeanIX workspaces and their roles, the requests to change them, and the jobs that execute these.
 */
@path: 'access'
service AccessService {

  @odata.draft.enabled
  @Capabilities: {
    InsertRestrictions.Insertable: false,
    DeleteRestrictions.Deletable : false
  }
  entity AccessConfigs     as
    projection on leanix.AccessConfig {
      *,
      config.name           as name           : String(100),
      config.tokenExpiresOn as tokenExpiresOn : Date
    }
    excluding {
      jobs,
      workspaceId
    };

  entity AccessMappings    as projection on leanix.AccessMapping;

  @readonly
  @cds.redirection.target
  entity Accounts          as
    select from leanix.Account {
      *,
      /** The directory with the people that it can be assigned to. */
      access.peopleDestination as directory : String(200),
      /** Its permission comes from SCIM or single sign-on and is not changed here. */
      (
        case
          when scimManaged = true
               or access.managedElsewhere = true
               then true
          else false
        end
      ) as managedElsewhere : Boolean,
      (
        case
          when dormantFrom < $now
               then true
          else false
        end
      ) as dormant          : Boolean,
      (
        case
          when state = 'suspended'
               then 0
          when dormantFrom < $now
               then 2
          when status = 'ACTIVE'
               then 3
          when status in (
                 'INVITED', 'REQUESTED'
               )
               then 2
          else 0
        end
      ) as criticality      : Integer
    }
    excluding {
      access
    }
    actions {
      /** Requests that the account is enabled again, with a role. */
      action enableAccount(role: String(30), justification: String(1000)) returns ProvisioningTasks;
      /** Requests another role, which replaces the current one, since an account has exactly one. */
      action addAccess(role: String(30), justification: String(1000))     returns ProvisioningTasks;
      /** Requests the lowest role, viewer, since an account always has a role. */
      action removeAccess(justification: String(1000))                    returns ProvisioningTasks;
      /** Requests that the account is archived; LeanIX deletes no accounts. */
      action removeAccount(justification: String(1000))                   returns ProvisioningTasks;
      /** Assigns the account to a person manually. Without a person, the rule decides again. */
      action correlate(person: UUID)                                      returns Accounts;
      /** Removes the assignment; the account is not assigned automatically again. */
      action uncorrelate()                                                returns Accounts;
    };

  @readonly
  @cds.redirection.target
  entity Entitlements      as
    select from leanix.Entitlement {
      *,
      (
        case
          state
          when 'active'
               then 3
          else 0
        end
      ) as criticality : Integer
    };

  @readonly
  entity Assignments       as projection on leanix.Assignment;

  @readonly
  @cds.redirection.target
  entity ProvisioningTasks as
    select from leanix.ProvisioningTask {
      *,
      (
        case
          status
          when 'done'
               then 3
          when 'failed'
               then 1
          when 'running'
               then 5
          when 'open'
               then 2
          else 0
        end
      ) as criticality : Integer,
      (
        case
          when status = 'open'
               and sentAt is null
               then true
          else false
        end
      ) as canCancel   : Boolean,
      /** It waits for the approval of an enterprise admin other than its requester. */
      (
        case
          when status = 'open'
               and approvedBy is null
               and access.fourEyes = true
               then true
          else false
        end
      ) as canApprove  : Boolean,
      (
        case
          status
          when 'failed'
               then true
          else false
        end
      ) as canRetry    : Boolean
    }
    excluding {
      access,
      activeKey,
      toldAt
    }
    actions {
      /** Approves a task of another requester, which can then be executed. */
      action approve()                     returns ProvisioningTasks;
      /** Rejects a task, with the reason. */
      action reject(reason: String(1000))  returns ProvisioningTasks;
      /** Withdraws a task that was not sent to LeanIX yet. */
      action cancel() returns ProvisioningTasks;
      /** Opens a failed task again. */
      action retry()  returns ProvisioningTasks;
    };

  @odata.draft.enabled
  @Capabilities: {
    InsertRestrictions.Insertable: false,
    DeleteRestrictions.Deletable : false
  }
  entity Jobs              as
    projection on leanix.Job {
      *,
      (
        case
          schedule
          when 'off'
               then 0
          else 3
        end
      ) as criticality : Integer
    }
    actions {
      /** Runs the job now, regardless of its schedule. */
      action runNow() returns JobRuns;
    };

  @readonly
  @cds.redirection.target
  entity JobRuns           as
    select from leanix.SyncRun {
      ID,
      config,
      job,
      kind,
      trigger,
      source,
      status,
      total,
      done,
      created,
      updated,
      unchanged,
      removed,
      failed,
      skipped,
      requests,
      startedBy,
      startedAt,
      finishedAt,
      code,
      message,
      confirmReason,
      correlationId,
      callerId,
      tasks,
      accounts,
      people,
      (
        case
          when status in (
                 'requested', 'running', 'cancelRequested'
               )
               then true
          else false
        end
      ) as isActive    : Boolean,
      /** A limit stopped it, and there is no later run of its kind, confirmed or not. */
      (
        case
          when code = 'THRESHOLD_EXCEEDED'
               and not exists laterAlike
               then true
          else false
        end
      ) as canConfirm  : Boolean,
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
      ) as criticality : Integer
    }
    where
         kind in (
        'importPeople', 'importAccounts', 'importAccess', 'importAll', 'provision'
      )
      or job.ID is not null
    actions {
      /** Ends the run after the current step. */
      action cancel()                      returns JobRuns;
      /** Confirms what a limit stopped; a new run executes it. */
      action confirm(reason: String(1000)) returns JobRuns;
    };

  @readonly
  entity People            as
    projection on leanix.Person
    excluding {
      directoryId
    };

  @readonly
  entity Connections       as
    projection on leanix.LeanIXConfig {
      key ID,
          name,
          tokenExpiresOn
    };

  /** Reads the people of the subaccount from their SCIM destination. */
  action   importPeople(config: String)                    returns JobRuns;
  /** Reads all accounts of the workspace; missing ones are suspended. */
  action   importAccounts(config: String)                  returns JobRuns;
  /** Reads the roles of the workspace and their holders. */
  action   importAccess(config: String)                    returns JobRuns;
  /** People, accounts and access, in this order, as one run. */
  action   importAll(config: String)                       returns JobRuns;
  /** Executes the open tasks. */
  action   runProvisioning(config: String)                 returns JobRuns;
  /** Requests an account in the workspace; a role is mandatory. */
  action   requestAccount(config: String,
                          email: String(255),
                          firstName: String(255),
                          lastName: String(255),
                          role: String(30),
                          justification: String(1000),
                          silent: Boolean)                 returns ProvisioningTasks;
  /** The access settings and jobs of all configurations, as JSON text without secrets. */
  function exportConnectionPackage()                       returns LargeString;
  /** Imports such a text completely or not at all. With `dryRun`, it only returns the changes. */
  action   importConnectionPackage(bundle: LargeString,
                                   dryRun: Boolean)        returns PackageResult;

  type PackageResult {
    created : Integer;
    updated : Integer;
    changes : many PackageChange;
  }

  type PackageChange {
    name    : String;
    element : String;
    before  : String;
    after   : String;
  }
}
