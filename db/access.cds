/** Access to LeanIX workspaces: accounts and their roles, the tasks that change them, and scheduled jobs. */
namespace leanix;

using {
  cuid,
  managed
} from '@sap/cds/common';
using {leanix.LeanIXConfig} from './schema';
using {leanix.SyncRun} from './runs';

/** Access settings of one configuration. They are created with the configuration and have its ID. */
@plural: 'AccessConfigs'
entity AccessConfig : managed {
  key ID                  : UUID;
      config              : Association to LeanIXConfig
                              on config.ID = ID;
      /** Carries a task out at once when it is requested. */
      instantProvisioning : Boolean default false;
      /** Invites without a mail. */
      silentInvite        : Boolean default false;
      /** Permissions come from single sign-on: nothing is changed here. */
      managedElsewhere    : Boolean default false;
      /** A task is carried out only after an enterprise admin other than its requester has approved it. */
      fourEyes            : Boolean default false;
      /** Name of the BTP destination of a SCIM 2.0 service that knows the people of the subaccount. */
      peopleDestination   : String(200);
      correlateBy         : String(20) enum {
        email;
        userName;
        none;
      } default 'email';
      /** Days without a login after which an account counts as dormant. */
      dormantDays         : Integer default 90;
      /** Most accounts that one import may suspend, and one job may remove or create; null: no limit. */
      maxSuspended        : Integer default 10;
      maxSuspendedPercent : Integer default 10;
      maxRemoved          : Integer default 5;
      maxRemovedPercent   : Integer default 5;
      maxCreated          : Integer default 20;
      maxCreatedPercent   : Integer default 10;
      /** Most people who may leave in one import. */
      maxLeavers          : Integer;
      maxLeaversPercent   : Integer default 5;
      /** Most roles that may be given or taken, accounts that may be enabled, and administrators made, in 24 hours. */
      maxRolesGiven       : Integer;
      maxRolesGivenPercent : Integer default 5;
      maxRolesTaken       : Integer;
      maxRolesTakenPercent : Integer default 5;
      maxEnabled          : Integer;
      maxEnabledPercent   : Integer default 5;
      maxAdmins           : Integer default 2;
      maxAdminsPercent    : Integer;
      /** The one whose accounts are stored; null before the first. Not served, so that nobody changes it. */
      workspaceId         : String(64);
      mappings            : Composition of many AccessMapping
                              on mappings.access = $self;
      jobs                : Association to many Job
                              on jobs.config.ID = ID;
}

/** One attribute of an account, or of what is sent to LeanIX, as an expression. */
@plural: 'AccessMappings'
entity AccessMapping : cuid {
  access     : Association to AccessConfig;
  direction  : String(10) enum {
    ![import];
    provision;
  };
  target     : String(50);
  expression : String(1000);
  position   : Integer;
}

/** Somebody whom a directory knows. Configurations that name the same directory share its people. */
@assert.unique.email: [
  directory,
  email
]
@plural: 'People'
entity Person : cuid {
  /** Name of the BTP destination that they are read from. */
  directory     : String(200);
  /** The id that the directory gives; null where none was read yet. */
  directoryId   : String(255);
  userName      : String(255);
  email         : String(255);
  firstName     : String(255);
  lastName      : String(255);
  department    : String(255);
  manager       : Association to Person;
  active        : Boolean default true;
  /** Several active people of the directory have this e-mail, so no account is related to them automatically. */
  ambiguous     : Boolean default false;
  /** They are kept for `leanix.auditDays` from then on, and as long as an account is theirs. */
  inactiveSince : Timestamp;
  /** The import that would have made them inactive, and that a limit stopped. */
  stoppedRun    : Association to SyncRun;
}

/** One permission in a workspace, with its user. Accounts are never deleted; those gone from LeanIX are suspended. */
@assert.unique.user: [
  config,
  userId
]
@plural: 'Accounts'
entity Account : cuid {
  config       : Association to LeanIXConfig;
  userId       : String(64);
  permissionId : String(64);
  userName     : String(255);
  email        : String(255);
  firstName    : String(255);
  lastName     : String(255);
  displayName  : String(255);
  department   : String(255);
  /** Names as in LeanIX. */
  role         : String(30);
  status       : String(30);
  state        : String(10) enum {
    active;
    suspended;
  } default 'active';
  suspendedOn  : Timestamp;
  lastLogin    : Timestamp;
  /** From when on it counts as dormant; null for accounts that never do. */
  dormantFrom  : Timestamp;
  technical    : Boolean default false;
  scimManaged  : Boolean default false;
  /** This service uses the API token of this account. */
  own          : Boolean default false;
  person       : Association to Person;
  /** `none`: a person removed the relation, and it is not related automatically again. */
  correlatedBy : String(10) enum {
    email;
    userName;
    manual;
    none;
  };
  importedAt   : Timestamp;
  /** The import that would have suspended it, or taken its role away, and that a limit stopped. */
  stoppedRun   : Association to SyncRun;
  access       : Association to AccessConfig
                   on access.ID = config.ID;
  assignments  : Association to many Assignment
                   on assignments.account = $self;
  tasks        : Association to many ProvisioningTask
                   on tasks.account = $self;
}

/** A permission role of a workspace. */
@assert.unique.role: [
  config,
  name
]
@plural: 'Entitlements'
entity Entitlement : cuid {
  config      : Association to LeanIXConfig;
  name        : String(30);
  description : String(500);
  state       : String(10) enum {
    active;
    inactive;
  } default 'active';
  /** Whether a task can give it to an account. */
  requestable : Boolean default false;
}

/** Present and former roles of an account; at most one is open. Former ones are kept for `leanix.auditDays`. */
@plural: 'Assignments'
entity Assignment : cuid {
  account     : Association to Account;
  entitlement : Association to Entitlement;
  validFrom   : Timestamp;
  validTo     : Timestamp;
  changedBy   : String(10) enum {
    ![import];
    task;
  };
  task        : Association to ProvisioningTask;
  /** Whose it was, which role, and of which connection: set when the connection is deleted, and its accounts with it. */
  email       : String(255);
  role        : String(30);
  configName  : String(100);
}

/** A requested change of access, with its plan and its result. Kept as long as assignments. */
@assert.unique.active: [activeKey]
@plural: 'ProvisioningTasks'
entity ProvisioningTask : cuid {
  config        : Association to LeanIXConfig;
  kind          : String(20) enum {
    createAccount;
    enableAccount;
    addAccess;
    removeAccess;
    removeAccount;
  };
  account       : Association to Account;
  email         : String(255);
  firstName     : String(255);
  lastName      : String(255);
  /** The role that was asked for. */
  role          : String(30);
  silent        : Boolean default false;
  status        : String(10) enum {
    open;
    running;
    done;
    failed;
    canceled;
  } default 'open';
  requester     : String(255);
  justification : String(1000);
  /** Who has approved it, and when; needed where `fourEyes` is on. */
  approvedBy    : String(255);
  approvedAt    : Timestamp;
  /** The plan; of an account that LeanIX does not have, there is nothing before. */
  roleBefore    : String(30);
  statusBefore  : String(20);
  roleAfter     : String(30);
  statusAfter   : String(20);
  /** As read back from LeanIX afterwards. */
  roleResult    : String(30);
  statusResult  : String(20);
  code          : String(50);
  message       : LargeString;
  requestedAt   : Timestamp;
  /** When it was last sent to LeanIX. It may have been stored even if no response came; null if it certainly was not. */
  sentAt        : Timestamp;
  finishedAt    : Timestamp;
  /** When a notification about this or other waiting tasks was sent. */
  toldAt        : Timestamp;
  run           : Association to SyncRun;
  access        : Association to AccessConfig
                    on access.ID = config.ID;
  /** Name of the connection, set when it is deleted. */
  configName    : String(100);
  /** Configuration and e-mail while it is open, null afterwards: one open task per account. */
  activeKey     : String(300);
}

/** A scheduled job. Created with the configuration, switched off. */
@assert.unique.kind: [
  config,
  kind
]
@plural: 'Jobs'
entity Job : cuid {
  config     : Association to LeanIXConfig;
  kind       : String(20) enum {
    catalog;
    importPeople;
    importAccounts;
    importAccess;
    importAll;
    provision;
  };
  schedule   : String(10) enum {
    off;
    hours;
    daily;
    weekly;
  } default 'off';
  everyHours : Integer default 24;
  atTime     : Time default '02:00:00';
  weekday    : String(10) enum {
    monday;
    tuesday;
    wednesday;
    thursday;
    friday;
    saturday;
    sunday;
  } default 'monday';
  timeZone   : String(50) default 'UTC';
  nextRunAt  : Timestamp;
  lastRunAt  : Timestamp;
  runs       : Association to many SyncRun
                 on runs.job = $self;
}

/** A run of the background may have been started by a job, or for a request. */
extend SyncRun with {
  job           : Association to Job;
  trigger       : String(10) enum {
    person;
    schedule;
    request;
  } default 'person';
  /** The kind of the run that is filed where this one ends as it should. */
  followUp      : String(20);
  /** Who asked for that one, where it is not who started this one. */
  followUpBy    : String(255);
  /** Accounts or roles that were taken away, suspended or became inactive. */
  removed       : Integer default 0;
  /** JSON: of a run that was stopped by a limit, what it would have done, with the IDs of the accounts, tasks or people. */
  limits        : LargeString;
  confirmReason : String(1000);
  /** The workspace that the run changes, or its host. Other runs that change it wait until this one has ended. */
  workspaceId   : String(64);
  tasks         : Association to many ProvisioningTask
                    on tasks.run = $self;
  /** Runs of the same job that were started after this one, and have ended. */
  laterOfJob    : Association to many SyncRun
                    on  laterOfJob.job.ID     = $self.job.ID
                    and laterOfJob.startedAt  > $self.startedAt
                    and laterOfJob.finishedAt is not null;
  /** Those that it would have suspended, or taken the role from, had a limit not stopped it. */
  accounts      : Association to many Account
                    on accounts.stoppedRun = $self;
  /** Those that it would have made inactive, had a limit not stopped it. */
  people        : Association to many Person
                    on people.stoppedRun = $self;
}
