using {leanix} from '../../db/schema';
using from '../../db/codes';
using {AccessService} from './access-service';

/** Only for the screens: texts of codes in the user's language, and value helps. */
extend service AccessService with {

  /** Numbers for the launchpad. */
  @odata.singleton
  @readonly
  @cds.persistence.skip
  entity Overview {
    openTasks         : Integer;
    failedTasks       : Integer;
    /** Active administrators who have not signed in for long. */
    dormantAdmins     : Integer;
    /** Configurations whose API token has expired or expires within 14 days. */
    tokensExpiring    : Integer;
    /** Jobs whose last run failed. */
    failedJobs        : Integer;
    /** Runs that a limit stopped and nobody confirmed. */
    runsToConfirm     : Integer;
    isEnterpriseAdmin : Boolean;
  }

  @readonly
  entity AccountStatuses   as
    select from leanix.Code {
      key code,
          name
    }
    where list = 'accountStatus';

  @readonly
  entity AccountStates     as
    select from leanix.Code {
      key code,
          name
    }
    where list = 'accountState';

  @readonly
  entity EntitlementStates as
    select from leanix.Code {
      key code,
          name
    }
    where list = 'entitlementState';

  /** The roles that LeanIX knows. */
  @readonly
  entity Roles             as
    select from leanix.Code {
      key code,
          name
    }
    where list = 'role';

  /** The roles that a task can grant. */
  @readonly
  entity RequestableRoles  as
    select from leanix.Code {
      key code,
          name
    }
    where list = 'role'
      and code in (
        'VIEWER', 'MEMBER', 'ADMIN'
      );

  @readonly
  entity CorrelationKinds  as
    select from leanix.Code {
      key code,
          name
    }
    where list = 'correlatedBy';

  @readonly
  entity CorrelationRules  as
    select from leanix.Code {
      key code,
          name
    }
    where list = 'correlateBy';

  @readonly
  entity ChangeKinds       as
    select from leanix.Code {
      key code,
          name
    }
    where list = 'changedBy';

  @readonly
  entity TaskKinds         as
    select from leanix.Code {
      key code,
          name
    }
    where list = 'taskKind';

  @readonly
  entity TaskStatuses      as
    select from leanix.Code {
      key code,
          name
    }
    where list = 'taskStatus';

  @readonly
  entity JobKinds          as
    select from leanix.Code {
      key code,
          name
    }
    where list = 'jobKind';

  @readonly
  entity RunKinds          as
    select from leanix.Code {
      key code,
          name
    }
    where
      list = 'runKind'
      and code in (
        'importPeople', 'importAccounts', 'importAccess', 'importAll', 'provision'
      );

  @readonly
  entity RunStatuses       as
    select from leanix.Code {
      key code,
          name
    }
    where list = 'runStatus';

  @readonly
  entity RunTriggers       as
    select from leanix.Code {
      key code,
          name
    }
    where list = 'trigger';

  @readonly
  entity Schedules         as
    select from leanix.Code {
      key code,
          name
    }
    where list = 'schedule';

  @readonly
  entity Weekdays          as
    select from leanix.Code {
      key code,
          name
    }
    where list = 'weekday';

  @readonly
  entity Directions        as
    select from leanix.Code {
      key code,
          name
    }
    where list = 'direction';

  @readonly
  entity MappingTargets    as
    select from leanix.Code {
      key code,
          name
    }
    where list = 'mappingTarget';

  /** The known time zones, by their IANA names. */
  @readonly
  @cds.persistence.skip
  entity TimeZones {
    key name : String(50);
  }
}

extend projection AccessService.AccessConfigs with {
  correlateByText : Association to AccessService.CorrelationRules
                      on correlateByText.code = correlateBy,
  /** The expiry of the API token as text, and in the colors of Fiori elements. */
  virtual null as tokenText        : String(100),
  virtual null as tokenCriticality : Integer
}

extend projection AccessService.AccessMappings with {
  directionText : Association to AccessService.Directions
                    on directionText.code = direction,
  targetText    : Association to AccessService.MappingTargets
                    on targetText.code = target
}

extend projection AccessService.Connections with {
  /** Whether anything can be imported through it. */
  (
    case
      when leanixHost is not null
           and leanixDestination is not null
           then true
      else false
    end
  ) as configured : Boolean
}

extend projection AccessService.Accounts with {
  /** Whether a task can change it, as far as known. */
  (
    case
      when state = 'suspended'
           or own = true
           or scimManaged = true
           or access.managedElsewhere = true
           then false
      else true
    end
  ) as canChange : Boolean,
  /** Whether a task can enable it. */
  (
    case
      when state = 'active'
           or status = 'ANONYMIZED'
           or own = true
           or scimManaged = true
           or access.managedElsewhere = true
           then false
      else true
    end
  ) as canEnable : Boolean,
  roleText         : Association to AccessService.Roles
                       on roleText.code = role,
  statusText       : Association to AccessService.AccountStatuses
                       on statusText.code = status,
  stateText        : Association to AccessService.AccountStates
                       on stateText.code = state,
  correlatedByText : Association to AccessService.CorrelationKinds
                       on correlatedByText.code = correlatedBy
}

extend projection AccessService.Entitlements with {
  nameText  : Association to AccessService.Roles
                on nameText.code = name,
  stateText : Association to AccessService.EntitlementStates
                on stateText.code = state
}

extend projection AccessService.Assignments with {
  changedByText : Association to AccessService.ChangeKinds
                    on changedByText.code = changedBy
}

extend projection AccessService.ProvisioningTasks with {
  kindText         : Association to AccessService.TaskKinds
                       on kindText.code = kind,
  statusText       : Association to AccessService.TaskStatuses
                       on statusText.code = status,
  roleText         : Association to AccessService.Roles
                       on roleText.code = role,
  roleBeforeText   : Association to AccessService.Roles
                       on roleBeforeText.code = roleBefore,
  roleAfterText    : Association to AccessService.Roles
                       on roleAfterText.code = roleAfter,
  roleResultText   : Association to AccessService.Roles
                       on roleResultText.code = roleResult,
  statusBeforeText : Association to AccessService.AccountStatuses
                       on statusBeforeText.code = statusBefore,
  statusAfterText  : Association to AccessService.AccountStatuses
                       on statusAfterText.code = statusAfter,
  statusResultText : Association to AccessService.AccountStatuses
                       on statusResultText.code = statusResult
}

extend projection AccessService.Jobs with {
  kindText     : Association to AccessService.JobKinds
                   on kindText.code = kind,
  scheduleText : Association to AccessService.Schedules
                   on scheduleText.code = schedule,
  weekdayText  : Association to AccessService.Weekdays
                   on weekdayText.code = weekday
}

extend projection AccessService.JobRuns with {
  kindText    : Association to AccessService.RunKinds
                  on kindText.code = kind,
  statusText  : Association to AccessService.RunStatuses
                  on statusText.code = status,
  triggerText : Association to AccessService.RunTriggers
                  on triggerText.code = trigger
}
