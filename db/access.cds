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
      /** Executes a task immediately when it is requested. */
      instantProvisioning : Boolean default false;
      /** Invites without an e-mail. */
      silentInvite        : Boolean default false;
      /** Permissions come from single sign-on: nothing is changed here. */
      managedElsewhere    : Boolean default false;
      /** A task is executed only after an enterprise admin other than its requester has approved it. */
      fourEyes            : Boolean default false;
      /** Name of the BTP destination of a SCIM 2.0 service with the people of the subaccount. */
      peopleDestination   : String(200);
      correlateBy         : String(20) enum {
        email;
        userName;
        none;
      } default 'email';
      /** Days without a login after which an account counts as dormant. */
      dormantDays         : Integer default 90;
      /** Maximum number of accounts that an import may suspend, and a job may remove or create; null: no limit. */
      maxSuspended        : Integer default 10;
      maxSuspendedPercent : Integer default 10;
      maxRemoved          : Integer default 5;
      maxRemovedPercent   : Integer default 5;
      maxCreated          : Integer default 20;
      maxCreatedPercent   : Integer default 10;
      /** Maximum number of people who may leave in one import. */
      maxLeavers          : Integer;
      maxLeaversPercent   : Integer default 5;
      /** Maximum number of roles granted or removed, accounts enabled, and new administrators in 24 hours. */
      maxRolesGiven       : Integer;
      maxRolesGivenPercent : Integer default 5;
      maxRolesTaken       : Integer;
      maxRolesTakenPercent : Integer default 5;
      maxEnabled          : Integer;
      maxEnabledPercent   : Integer default 5;
      maxAdmins           : Integer default 2;
      maxAdminsPercent    : Integer;
      /**
       * The workspace of the stored accounts; null before the first import. Not served, so that nobody can change it.
       */
      workspaceId         : String(64);
      mappings            : Composition of many AccessMapping
                              on mappings.access = $self;
      jobs                : Association to many Job
                              on jobs.config.ID = ID;
}

/** One attribute of an account, or of a request to LeanIX, as an expression. */
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

/** A person in a directory. Configurations with the same directory share its people. */
@assert.unique.email: [
  directory,
  email
]
@plural: 'People'
entity Person : cuid {
  /** Name of the BTP destination of the directory. */
  directory     : String(200);
  /** The directory's own ID; null if none was read yet. */
  directoryId   : String(255);
  userName      : String(255);
  email         : String(255);
  firstName     : String(255);
  lastName      : String(255);
  department    : String(255);
  manager       : Association to Person;
  active        : Boolean default true;
  /** Several active people of the directory have this e-mail, so no account is assigned to them automatically. */
  ambiguous     : Boolean default false;
  /** People are kept for `leanix.auditDays` from then on, and as long as they own an account. */
  inactiveSince : Timestamp;
  /** The stopped import that would have made them inactive. */
  stoppedRun    : Association to SyncRun;
}

/** One permission in a workspace, with its user. Accounts are never deleted; those missing in LeanIX are suspended. */
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
  /** When it becomes dormant; null for accounts that never do. */
  dormantFrom  : Timestamp;
  technical    : Boolean default false;
  scimManaged  : Boolean default false;
  /** This service uses the API token of this account. */
  own          : Boolean default false;
  person       : Association to Person;
  /** `none`: a user removed the assignment, and no rule restores it. */
  correlatedBy : String(10) enum {
    email;
    userName;
    manual;
    none;
  };
  importedAt   : Timestamp;
  /** The stopped import that would have suspended it or taken its role. */
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
  /** Whether a task can grant it. */
  requestable : Boolean default false;
}

/** Current and former roles of an account; at most one is current. Former ones are kept for `leanix.auditDays`. */
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
  /** E-mail, role and connection: set when the connection and its accounts are deleted. */
  email       : String(255);
  role        : String(30);
  configName  : String(100);
}

/** A requested change of access, with its plan and result. Kept as long as assignments. */
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
  /** The requested role. */
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
  /** Who approved it, and when; required with `fourEyes`. */
  approvedBy    : String(255);
  approvedAt    : Timestamp;
  /** The plan. The values before are null if LeanIX has no account. */
  roleBefore    : String(30);
  statusBefore  : String(20);
  roleAfter     : String(30);
  statusAfter   : String(20);
  /** As read back from LeanIX. */
  roleResult    : String(30);
  statusResult  : String(20);
  code          : String(50);
  message       : LargeString;
  requestedAt   : Timestamp;
  /**
   * When it was last sent to LeanIX, which may have stored it even without an answer; null if it certainly was not
   * stored.
   */
  sentAt        : Timestamp;
  finishedAt    : Timestamp;
  /** When a notification about this or other waiting tasks was sent. */
  toldAt        : Timestamp;
  run           : Association to SyncRun;
  access        : Association to AccessConfig
                    on access.ID = config.ID;
  /** Name of the connection, set when it is deleted. */
  configName    : String(100);
  /** Configuration and e-mail of an open task, null afterwards: one open task for each account. */
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

/** Runs may also be started by a job, or for a request. */
extend SyncRun with {
  job           : Association to Job;
  trigger       : String(10) enum {
    person;
    schedule;
    request;
  } default 'person';
  /** The kind of run to create if this one is successful. */
  followUp      : String(20);
  /** The user who requested that run, if not `startedBy`. */
  followUpBy    : String(255);
  /** Accounts that were removed or suspended, roles that were removed, people who became inactive. */
  removed       : Integer default 0;
  /** JSON: what a stopped run would have done, with the IDs of the accounts, tasks or people. */
  limits        : LargeString;
  confirmReason : String(1000);
  /** The workspace that the run changes, or its host. Other runs that change it wait until this one has ended. */
  workspaceId   : String(64);
  tasks         : Association to many ProvisioningTask
                    on tasks.run = $self;
  /** Later runs of the same job that have ended. */
  laterOfJob    : Association to many SyncRun
                    on  laterOfJob.job.ID     = $self.job.ID
                    and laterOfJob.startedAt  > $self.startedAt
                    and laterOfJob.finishedAt is not null;
  /** Accounts that a stopped run would have suspended, or whose role it would have taken. */
  accounts      : Association to many Account
                    on accounts.stoppedRun = $self;
  /** People whom a stopped run would have made inactive. */
  people        : Association to many Person
                    on people.stoppedRun = $self;
}
