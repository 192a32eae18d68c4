using {leanix} from '../../db/schema';
using from '../../db/access';
using from '../../db/codes';

/** Who may do what in the LeanIX workspaces, who asked for it, and the jobs that carry it out. */
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
      /** Whose people it can be related to. */
      access.peopleDestination as directory : String(200),
      /** Its permission comes from SCIM or single sign-on, and is not changed here. */
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
      /** Asks for the account to be enabled again, with a role. */
      action enableAccount(role: String(30), justification: String(1000)) returns ProvisioningTasks;
      /** Asks for another role; it takes the place of the one before, since an account has exactly one. */
      action addAccess(role: String(30), justification: String(1000))     returns ProvisioningTasks;
      /** Asks for the basic role, viewer: an account can't be without one. */
      action removeAccess(justification: String(1000))                    returns ProvisioningTasks;
      /** Asks for the account to be archived; LeanIX deletes none. */
      action removeAccount(justification: String(1000))                   returns ProvisioningTasks;
      /** A person decides whose account it is, or without any leaves it to the rule again. */
      action correlate(person: UUID)                                      returns Accounts;
      /** Takes that back; the account is not related to anybody by itself again. */
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
      /** It waits for the approval of another enterprise admin than its requester. */
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
      /** Says that the task may be carried out, as somebody else than its requester. */
      action approve()                     returns ProvisioningTasks;
      /** Ends a task that is not wanted, with the reason. */
      action reject(reason: String(1000))  returns ProvisioningTasks;
      /** Withdraws a task that was not handed to LeanIX yet. */
      action cancel() returns ProvisioningTasks;
      /** Opens a task again that failed. */
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
      /** Runs the job now, whatever its schedule. */
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
      /** It was stopped by a limit, and there is no later run of its kind, whether by a confirmation or not. */
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
      /** Ends the run after the step that is under way. */
      action cancel()                      returns JobRuns;
      /** Says once that what a limit stopped is meant so; a new run does it. */
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

  /** Reads the people that the subaccount knows from their SCIM destination. */
  action   importPeople(config: String)                    returns JobRuns;
  /** Reads all accounts of the workspace; those that are gone are suspended. */
  action   importAccounts(config: String)                  returns JobRuns;
  /** Reads the roles of the workspace, and who has which. */
  action   importAccess(config: String)                    returns JobRuns;
  /** People, accounts and access, in this order, as one run. */
  action   importAll(config: String)                       returns JobRuns;
  /** Carries out the open tasks. */
  action   runProvisioning(config: String)                 returns JobRuns;
  /** Asks for an account in the workspace; a role is mandatory. */
  action   requestAccount(config: String,
                          email: String(255),
                          firstName: String(255),
                          lastName: String(255),
                          role: String(30),
                          justification: String(1000),
                          silent: Boolean)                 returns ProvisioningTasks;
  /** How access is governed, of all configurations, as JSON text without any secret. */
  function exportConnectionPackage()                       returns LargeString;
  /** Brings in such a text, all of it or nothing. With `dryRun` it says what it would change. */
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
