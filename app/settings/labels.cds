/** The names of the elements of the settings, with hints for input fields. */
using {SettingsService} from '../../srv/settings/screen';

annotate SettingsService.LeanIXConfigs with @title: '{i18n>Connection}' {
  ID                    @UI.Hidden;
  createdAt             @UI.Hidden;
  createdBy             @UI.Hidden;
  modifiedAt            @title: '{i18n>ModifiedAt}';
  modifiedBy            @title: '{i18n>ModifiedBy}';
  name                  @title: '{i18n>Name}';
  description           @title: '{i18n>Description}'       @UI.MultiLineText;
  leanixHost            @title: '{i18n>LeanIXHost}'         @Common.QuickInfo: '{i18n>LeanIXHost.hint}'
                        @UI.Placeholder: 'your-company.leanix.net';
  leanixDestination     @title: '{i18n>LeanIXDestination}'  @Common.QuickInfo: '{i18n>LeanIXDestination.hint}';
  cpiDestination        @title: '{i18n>CPIDestination}'     @Common.QuickInfo: '{i18n>CPIDestination.hint}';
  artifactTypes         @title: '{i18n>ArtifactTypes}'      @Common.QuickInfo: '{i18n>ArtifactTypes.hint}'
                        @UI.Placeholder: 'INTEGRATION_FLOW';
  readModels            @title: '{i18n>ReadModels}'         @Common.QuickInfo: '{i18n>ReadModels.hint}';
  factSheetType         @title: '{i18n>FactSheetType}'      @Common.QuickInfo: '{i18n>FactSheetType.hint}'
                        @UI.Placeholder: 'Application';
  category              @title: '{i18n>Category}'           @Common.QuickInfo: '{i18n>Category.hint}'
                        @UI.Placeholder: '{i18n>Category.placeholder}';
  defaultTags           @title: '{i18n>DefaultTags}'        @Common.QuickInfo: '{i18n>DefaultTags.hint}'
                        @UI.Placeholder: 'CPI-Managed, SAP-Integration';
  tokenExpiresOn        @title: '{i18n>TokenExpiresOn}'     @Common.QuickInfo: '{i18n>TokenExpiresOn.hint}';
  workspaceName         @title: '{i18n>Workspace}';
  connectionStatus      @UI.Hidden;
  connectionCriticality @UI.Hidden;
  connectionText        @title: '{i18n>Status}';
  lastTestedAt          @title: '{i18n>LastTestedAt}';
  tokenText             @title: '{i18n>APIToken}';
  tokenCriticality      @UI.Hidden;
};

annotate SettingsService.FieldMappings with @title: '{i18n>MappingRow}' {
  ID         @UI.Hidden;
  config     @UI.Hidden;
  position   @UI.Hidden;
  iflowField @title: '{i18n>IFlowField}'  @Common.QuickInfo: '{i18n>IFlowField.hint}';
  leanixPath @title: '{i18n>LeanIXField}' @Common.QuickInfo: '{i18n>LeanIXField.hint}'
             @UI.Placeholder: '/name';
  writeMode  @title: '{i18n>WriteMode}'   @Common.QuickInfo: '{i18n>WriteMode.hint}';
};

annotate SettingsService.Destinations with @title: '{i18n>Destinations}' {
  name @title: '{i18n>Name}';
  kind @title: '{i18n>DestinationKind}';
};

annotate SettingsService.FactSheetTypes with @title: '{i18n>FactSheetTypes}' {
  config_ID     @UI.Hidden;
  name          @title: '{i18n>FactSheetType}';
  label         @title: '{i18n>Label}';
  hasExternalId @title: '{i18n>HasExternalId}';
};

annotate SettingsService.Categories with @title: '{i18n>Categories}' {
  config_ID     @UI.Hidden;
  factSheetType @title: '{i18n>FactSheetType}';
  name          @title: '{i18n>Category}';
  label         @title: '{i18n>Label}';
};

annotate SettingsService.FieldPaths with @title: '{i18n>LeanIXFields}' {
  config_ID     @UI.Hidden;
  factSheetType @title: '{i18n>FactSheetType}';
  path          @title: '{i18n>LeanIXField}';
  label         @title: '{i18n>Label}';
  type          @title: '{i18n>DataType}';
};

annotate SettingsService.Tags with @title: '{i18n>Tags}' {
  config_ID @UI.Hidden;
  tagId     @UI.Hidden;
  name      @title: '{i18n>Tag}';
  tagGroup  @title: '{i18n>TagGroup}';
};

annotate SettingsService.IFlowFields with {
  code @title: '{i18n>IFlowField}';
  name @title: '{i18n>Label}';
};

annotate SettingsService.WriteModes with {
  code @title: '{i18n>WriteMode}' @Common: {Text: name, TextArrangement: #TextOnly};
  name @title: '{i18n>WriteMode}';
};
