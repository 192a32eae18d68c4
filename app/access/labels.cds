/** The names of the elements of access governance, with hints for input fields. */
using {leanix} from '../../db/access';
using {AccessService} from '../../srv/access/screen';

annotate leanix.Account with @title: '{i18n>Account}' {
  ID           @UI.Hidden;
  config       @title: '{i18n>Connection}';
  userId       @title: '{i18n>UserId}';
  permissionId @UI.Hidden;
  userName     @title: '{i18n>UserName}';
  email        @title: '{i18n>Email}';
  firstName    @title: '{i18n>FirstName}';
  lastName     @title: '{i18n>LastName}';
  displayName  @title: '{i18n>Account}';
  department   @title: '{i18n>Department}';
  role         @title: '{i18n>Role}';
  status       @title: '{i18n>AccountStatus}';
  state        @title: '{i18n>State}';
  suspendedOn  @title: '{i18n>SuspendedOn}';
  lastLogin    @title: '{i18n>LastLogin}';
  dormantFrom  @title: '{i18n>DormantFrom}';
  technical    @title: '{i18n>TechnicalUser}';
  scimManaged  @title: '{i18n>ScimManaged}';
  own          @title: '{i18n>Own}';
  person       @title: '{i18n>Person}';
  correlatedBy @title: '{i18n>CorrelatedBy}';
  importedAt   @title: '{i18n>ImportedAt}';
  stoppedRun   @UI.Hidden;
};

annotate AccessService.Accounts with {
  directory        @title: '{i18n>PeopleDestination}';
  managedElsewhere @title: '{i18n>ManagedElsewhere}';
  dormant          @title: '{i18n>Dormant}';
  canChange        @UI.Hidden;
  canEnable        @UI.Hidden;
  criticality      @UI.Hidden;
};

annotate leanix.Person with @title: '{i18n>Person}' {
  ID         @UI.Hidden  @Common: {Text: email, TextArrangement: #TextOnly};
  userName   @title: '{i18n>UserName}';
  email      @title: '{i18n>Email}';
  firstName  @title: '{i18n>FirstName}';
  lastName   @title: '{i18n>LastName}';
  department @title: '{i18n>Department}';
  manager    @title: '{i18n>Manager}';
  active     @title: '{i18n>Active}';
  directory     @title: '{i18n>PeopleDestination}';
  inactiveSince @title: '{i18n>InactiveSince}';
  ambiguous     @title: '{i18n>Ambiguous}';
  directoryId   @UI.Hidden;
  stoppedRun    @UI.Hidden;
};

annotate leanix.Entitlement with @title: '{i18n>Role}' {
  ID          @UI.Hidden;
  config      @title: '{i18n>Connection}';
  name        @title: '{i18n>Role}';
  description @title: '{i18n>Description}';
  state       @title: '{i18n>State}';
  requestable @title: '{i18n>Requestable}';
};

annotate leanix.Assignment with @title: '{i18n>Assignment}' {
  ID          @UI.Hidden;
  account     @UI.Hidden;
  entitlement @title: '{i18n>Role}';
  validFrom   @title: '{i18n>ValidFrom}';
  validTo     @title: '{i18n>ValidTo}';
  changedBy   @title: '{i18n>ChangedBy}';
  task        @UI.Hidden;
  email       @title: '{i18n>Email}';
  role        @title: '{i18n>Role}';
  configName  @UI.Hidden;
};

annotate leanix.ProvisioningTask with @title: '{i18n>Task}' {
  ID            @UI.Hidden;
  config        @title: '{i18n>Connection}';
  kind          @title: '{i18n>TaskKind}';
  account       @title: '{i18n>Account}';
  email         @title: '{i18n>Email}';
  firstName     @title: '{i18n>FirstName}';
  lastName      @title: '{i18n>LastName}';
  role          @title: '{i18n>RequestedRole}';
  silent        @title: '{i18n>Silent}'  @Common.QuickInfo: '{i18n>Silent.hint}';
  status        @title: '{i18n>Status}';
  requester     @title: '{i18n>Requester}';
  approvedBy    @title: '{i18n>ApprovedBy}';
  approvedAt    @title: '{i18n>ApprovedAt}';
  configName    @UI.Hidden;
  justification @title: '{i18n>Justification}'  @UI.MultiLineText;
  roleBefore    @title: '{i18n>RoleBefore}';
  statusBefore  @title: '{i18n>StatusBefore}';
  roleAfter     @title: '{i18n>RoleAfter}';
  statusAfter   @title: '{i18n>StatusAfter}';
  roleResult    @title: '{i18n>RoleResult}';
  statusResult  @title: '{i18n>StatusResult}';
  code          @UI.Hidden;
  message       @title: '{i18n>Message}'  @UI.MultiLineText;
  requestedAt   @title: '{i18n>RequestedAt}';
  sentAt        @title: '{i18n>SentAt}';
  finishedAt    @title: '{i18n>FinishedAt}';
  run           @title: '{i18n>Run}';
};

annotate AccessService.ProvisioningTasks with {
  criticality @UI.Hidden;
  canApprove  @title: '{i18n>CanApprove}';
  canCancel   @UI.Hidden;
  canRetry    @UI.Hidden;
};

annotate leanix.Job with @title: '{i18n>Job}' {
  ID         @UI.Hidden;
  config     @title: '{i18n>Connection}';
  kind       @title: '{i18n>Job}';
  schedule   @title: '{i18n>Schedule}';
  everyHours @title: '{i18n>EveryHours}';
  atTime     @title: '{i18n>AtTime}';
  weekday    @title: '{i18n>Weekday}';
  timeZone   @title: '{i18n>TimeZone}';
  nextRunAt  @title: '{i18n>NextRunAt}';
  lastRunAt  @title: '{i18n>LastRunAt}';
};

annotate AccessService.Jobs with {
  criticality @UI.Hidden;
};

annotate AccessService.JobRuns with @title: '{i18n>Run}' {
  done          @title: '{i18n>RunDone}';
  trigger       @title: '{i18n>Trigger}';
  removed       @title: '{i18n>Removed}';
  confirmReason @title: '{i18n>ConfirmReason}';
  canConfirm    @title: '{i18n>CanConfirm}';
  isActive      @title: '{i18n>RunningNow}';
  job           @title: '{i18n>Job}';
  criticality   @UI.Hidden;
};

annotate leanix.AccessConfig with @title: '{i18n>Governance}' {
  ID                  @UI.Hidden;
  config              @UI.Hidden;
  instantProvisioning @title: '{i18n>InstantProvisioning}'  @Common.QuickInfo: '{i18n>InstantProvisioning.hint}';
  silentInvite        @title: '{i18n>SilentInvite}'         @Common.QuickInfo: '{i18n>SilentInvite.hint}';
  managedElsewhere    @title: '{i18n>SingleSignOn}'         @Common.QuickInfo: '{i18n>SingleSignOn.hint}';
  peopleDestination   @title: '{i18n>PeopleDestination}'    @Common.QuickInfo: '{i18n>PeopleDestination.hint}';
  correlateBy         @title: '{i18n>CorrelateBy}'          @Common.QuickInfo: '{i18n>CorrelateBy.hint}';
  dormantDays         @title: '{i18n>DormantDays}'          @Common.QuickInfo: '{i18n>DormantDays.hint}';
  maxSuspended        @title: '{i18n>MaxSuspended}'         @Common.QuickInfo: '{i18n>Limit.hint}';
  maxSuspendedPercent @title: '{i18n>MaxSuspendedPercent}'  @Common.QuickInfo: '{i18n>LimitPercent.hint}';
  maxRemoved          @title: '{i18n>MaxRemoved}'           @Common.QuickInfo: '{i18n>Limit.hint}';
  maxRemovedPercent   @title: '{i18n>MaxRemovedPercent}'    @Common.QuickInfo: '{i18n>LimitPercent.hint}';
  maxCreated          @title: '{i18n>MaxCreated}'           @Common.QuickInfo: '{i18n>Limit.hint}';
  maxCreatedPercent   @title: '{i18n>MaxCreatedPercent}'    @Common.QuickInfo: '{i18n>LimitPercent.hint}';
  fourEyes            @title: '{i18n>FourEyes}'             @Common.QuickInfo: '{i18n>FourEyes.hint}';
  maxLeavers @title: '{i18n>MaxLeavers}' @Common.QuickInfo: '{i18n>Limit.hint}';
  maxLeaversPercent @title: '{i18n>MaxLeaversPercent}' @Common.QuickInfo: '{i18n>LimitPercent.hint}';
  maxRolesGiven @title: '{i18n>MaxRolesGiven}' @Common.QuickInfo: '{i18n>Limit.hint}';
  maxRolesGivenPercent @title: '{i18n>MaxRolesGivenPercent}' @Common.QuickInfo: '{i18n>LimitPercent.hint}';
  maxRolesTaken @title: '{i18n>MaxRolesTaken}' @Common.QuickInfo: '{i18n>Limit.hint}';
  maxRolesTakenPercent @title: '{i18n>MaxRolesTakenPercent}' @Common.QuickInfo: '{i18n>LimitPercent.hint}';
  maxEnabled @title: '{i18n>MaxEnabled}' @Common.QuickInfo: '{i18n>Limit.hint}';
  maxEnabledPercent @title: '{i18n>MaxEnabledPercent}' @Common.QuickInfo: '{i18n>LimitPercent.hint}';
  maxAdmins @title: '{i18n>MaxAdmins}' @Common.QuickInfo: '{i18n>Limit.hint}';
  maxAdminsPercent @title: '{i18n>MaxAdminsPercent}' @Common.QuickInfo: '{i18n>LimitPercent.hint}';
};

annotate AccessService.AccessConfigs with {
  name             @title: '{i18n>Connection}';
  tokenExpiresOn   @title: '{i18n>TokenExpiresOn}';
  tokenText        @title: '{i18n>APIToken}';
  tokenCriticality @UI.Hidden;
};

annotate leanix.AccessMapping with @title: '{i18n>AccessMapping}' {
  ID         @UI.Hidden;
  access     @UI.Hidden;
  direction  @title: '{i18n>Direction}';
  target     @title: '{i18n>Target}';
  expression @title: '{i18n>Expression}'  @Common.QuickInfo: '{i18n>Expression.hint}';
  position   @UI.Hidden;
};

annotate AccessService.TimeZones with {
  name @title: '{i18n>TimeZone}';
};

annotate AccessService.Connections with {
  ID             @UI.Hidden  @Common: {Text: name, TextArrangement: #TextOnly};
  name           @title: '{i18n>Connection}';
  tokenExpiresOn @title: '{i18n>TokenExpiresOn}';
  configured     @UI.Hidden;
};
