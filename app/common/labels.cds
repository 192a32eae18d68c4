/** The names of elements on all screens. The texts are in `_i18n`. */
using {leanix} from '../../db/schema';
using {RuntimeService} from '../../srv/runtime/runtime-service';
using from '../../db/runs';
using from '../../db/codes';

annotate leanix.LeanIXConfig with {
  ID   @UI.Hidden;
  name @title: '{i18n>Connection}';
};

annotate leanix.Code with {
  code @title: '{i18n>Code}'  @Common: {
    Text           : name,
    TextArrangement: #TextOnly
  };
  name @title: '{i18n>Name}';
};

annotate leanix.IFlow with @(
  title             : '{i18n>IFlow}',
  Common.SemanticKey: [artifactId]
) {
  ID          @UI.Hidden;
  config      @title: '{i18n>Connection}';
  artifactId  @title: '{i18n>ArtifactId}';
  name        @title: '{i18n>Name}';
  version     @title: '{i18n>Version}';
  description @title: '{i18n>Description}'  @UI.MultiLineText;
  packageId   @title: '{i18n>Package}';
  packageName @title: '{i18n>Package}';
  type        @title: '{i18n>Type}';
  status      @title: '{i18n>Status}';
  errorText   @title: '{i18n>ErrorText}'    @UI.MultiLineText;
  deployedBy  @title: '{i18n>DeployedBy}';
  deployedOn  @title: '{i18n>DeployedOn}';
  sender      @title: '{i18n>Sender}';
  receiver    @title: '{i18n>Receiver}';
};

annotate RuntimeService.IFlows with {
  linkStatus        @title: '{i18n>LeanIX}';
  matchedBy         @title: '{i18n>MatchedBy}';
  factSheetId       @title: '{i18n>FactSheetId}';
  factSheetName     @title: '{i18n>FactSheet}';
  factSheetUrl      @title: '{i18n>FactSheetUrl}';
  linkCode          @UI.Hidden;
  linkMessage       @title: '{i18n>LinkMessage}';
  lastSyncedAt      @title: '{i18n>LastSyncedAt}';
  criticality       @UI.Hidden;
  statusCriticality @UI.Hidden;
};

annotate RuntimeService.IFlows with {
  modelState       @title: '{i18n>ModelState}';
  modelMessage     @title: '{i18n>ModelMessage}';
  role             @title: '{i18n>IFlowRole}';
  pattern          @title: '{i18n>Pattern}';
  modelCriticality @UI.Hidden;
};

annotate leanix.Channel with @title: '{i18n>Channel}' {
  ID           @UI.Hidden;
  position     @UI.Hidden;
  direction    @title: '{i18n>Direction}';
  adapter      @title: '{i18n>Adapter}';
  participant  @title: '{i18n>Participant}';
  kind         @UI.Hidden;
  host         @title: '{i18n>Host}';
  locationId   @title: '{i18n>LocationId}';
  access       @title: '{i18n>Access}';
  addressState @title: '{i18n>AddressState}';
  auxiliary    @title: '{i18n>Auxiliary}';
};

annotate leanix.Call with @title: '{i18n>Call}' {
  ID      @UI.Hidden;
  caller  @title: '{i18n>Caller}';
  called  @title: '{i18n>Called}';
  via     @title: '{i18n>Via}';
  address @title: '{i18n>Address}';
  status  @title: '{i18n>Status}';
};

annotate RuntimeService.Calls with {
  statusCriticality @UI.Hidden;
};

annotate leanix.Candidate with @title: '{i18n>Candidate}' {
  factSheetId @title: '{i18n>FactSheetId}';
  name        @title: '{i18n>FactSheet}';
  type        @title: '{i18n>FactSheetType}';
  description @title: '{i18n>Description}'  @UI.MultiLineText;
  url         @title: '{i18n>FactSheetUrl}';
};

annotate leanix.SyncRun with @title: '{i18n>Run}' {
  ID            @UI.Hidden;
  config        @title: '{i18n>Connection}';
  kind          @title: '{i18n>RunKind}';
  source        @title: '{i18n>SourceRun}';
  status        @title: '{i18n>Status}';
  total         @title: '{i18n>Total}';
  done          @title: '{i18n>Done}';
  created       @title: '{i18n>Created}';
  updated       @title: '{i18n>Updated}';
  unchanged     @title: '{i18n>Unchanged}';
  failed        @title: '{i18n>Failed}';
  skipped       @title: '{i18n>Skipped}';
  requests      @title: '{i18n>Requests}';
  startedBy     @title: '{i18n>StartedBy}';
  startedAt     @title: '{i18n>StartedAt}';
  finishedAt    @title: '{i18n>FinishedAt}';
  code          @title: '{i18n>MessageCode}';
  message       @title: '{i18n>Message}'  @UI.MultiLineText;
  correlationId @title: '{i18n>CorrelationId}';
  callerId      @title: '{i18n>CallerId}';
};

annotate RuntimeService.SyncRuns with {
  scope             @title: '{i18n>RunScope}';
  isActive          @title: '{i18n>RunningNow}';
  isLast            @title: '{i18n>LastRun}';
  canRetry          @UI.Hidden;
  canApply          @UI.Hidden;
  statusCriticality @UI.Hidden;
};

annotate leanix.SyncItem with @title: '{i18n>Item}' {
  ID          @UI.Hidden;
  run         @title: '{i18n>Run}';
  iflow       @title: '{i18n>IFlow}';
  position    @title: '{i18n>Position}';
  artifactId  @title: '{i18n>ArtifactId}';
  name        @title: '{i18n>IFlow}';
  action      @title: '{i18n>Action}';
  status      @title: '{i18n>Outcome}';
  factSheetId @title: '{i18n>FactSheetId}';
  code        @title: '{i18n>MessageCode}';
  message     @title: '{i18n>Message}'  @UI.MultiLineText;
};

annotate RuntimeService.SyncItems with {
  statusCriticality @UI.Hidden;
};

annotate leanix.SyncItemChange with @title: '{i18n>Change}' {
  position @UI.Hidden;
  path     @title: '{i18n>Field}';
  before   @title: '{i18n>Before}'  @UI.MultiLineText;
  after    @title: '{i18n>After}'   @UI.MultiLineText;
};

annotate RuntimeService.SyncItemChanges with {
  runID    @UI.Hidden;
  itemName @title: '{i18n>IFlow}';
};
