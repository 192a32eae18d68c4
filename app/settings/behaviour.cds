/** The allowed operations, and what the page reads again afterwards. */
using {SettingsService} from '../../srv/settings/screen';

annotate SettingsService.LeanIXConfigs with @(
  Common.SideEffects #Host : {
    SourceProperties: [leanixHost],
    TargetProperties: [
      'workspaceName',
      'connectionStatus',
      'connectionText',
      'connectionCriticality',
      'lastTestedAt'
    ]
  },
  Common.SideEffects #Token: {
    SourceProperties: [tokenExpiresOn],
    TargetProperties: [
      'tokenText',
      'tokenCriticality'
    ]
  },
  Capabilities             : {
    SearchRestrictions: {Searchable: false},
    FilterRestrictions: {NonFilterableProperties: [
      connectionText,
      connectionCriticality,
      tokenText,
      tokenCriticality
    ]},
    SortRestrictions  : {NonSortableProperties: [
      connectionText,
      connectionCriticality,
      tokenText,
      tokenCriticality
    ]}
  }
) actions {
  testConnection @Common.SideEffects: {
    TargetProperties: [
      'in/workspaceName',
      'in/connectionStatus',
      'in/connectionText',
      'in/connectionCriticality',
      'in/lastTestedAt'
    ],
    // The lists behind the value helps.
    TargetEntities  : [
      '/SettingsService.EntityContainer/FactSheetTypes',
      '/SettingsService.EntityContainer/Categories',
      '/SettingsService.EntityContainer/FieldPaths',
      '/SettingsService.EntityContainer/Tags'
    ]
  };
  testConnection(apiToken @Common.Masked);
  storeApiToken  @Common.SideEffects: {TargetProperties: [
    'in/tokenExpiresOn',
    'in/tokenText',
    'in/tokenCriticality'
  ]};
  storeApiToken(apiToken @Common.Masked);
};

annotate SettingsService.FieldMappings with @Capabilities.SearchRestrictions.Searchable: false;
