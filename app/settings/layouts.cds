/** The list of connections, and the page of one of them in the order in which it is set up. */
using {SettingsService} from '../../srv/settings/screen';

annotate SettingsService.LeanIXConfigs with @(
  cds.search        : {
    name,
    description,
    leanixHost,
    leanixDestination,
    cpiDestination,
    factSheetType,
    category,
    defaultTags,
    workspaceName
  },
  Common.SemanticKey: [name],
  UI                : {
    HeaderInfo              : {
      TypeName      : '{i18n>Connection}',
      TypeNamePlural: '{i18n>Connections}',
      Title         : {Value: name},
      Description   : {Value: description}
    },
    LineItem                : [
      {
        Value                 : name,
        @UI.Importance     : #High
      },
      {
        Value                 : leanixHost,
        @UI.Importance     : #Medium,
        @HTML5.CssDefaults : {width: '16em'}
      },
      {
        Value                 : workspaceName,
        @UI.Importance     : #Low,
        @HTML5.CssDefaults : {width: '9em'}
      },
      {
        Value                    : connectionText,
        Criticality              : connectionCriticality,
        CriticalityRepresentation: #WithIcon,
        @UI.Importance        : #High
      },
      {
        Value                    : tokenText,
        Criticality              : tokenCriticality,
        CriticalityRepresentation: #WithIcon,
        @UI.Importance        : #High,
        @HTML5.CssDefaults    : {width: '15em'}
      },
      {
        Value                 : factSheetType,
        @UI.Importance     : #Low,
        @HTML5.CssDefaults : {width: '9em'}
      }
    ],
    PresentationVariant     : {
      SortOrder     : [{Property: name}],
      Visualizations: ['@UI.LineItem']
    },
    FieldGroup #State       : {Data: [
      {
        Value                    : connectionText,
        Criticality              : connectionCriticality,
        CriticalityRepresentation: #WithIcon
      },
      {Value: workspaceName}
    ]},
    FieldGroup #Token       : {Data: [
      {
        Value                    : tokenText,
        Criticality              : tokenCriticality,
        CriticalityRepresentation: #WithIcon
      },
      {Value: lastTestedAt}
    ]},
    HeaderFacets            : [
      {
        $Type : 'UI.ReferenceFacet',
        ID    : 'State',
        Target: '@UI.FieldGroup#State'
      },
      {
        $Type : 'UI.ReferenceFacet',
        ID    : 'Token',
        Target: '@UI.FieldGroup#Token'
      }
    ],
    FieldGroup #LeanIX      : {Data: [
      {Value: leanixHost},
      {Value: leanixDestination},
      {Value: tokenExpiresOn}
    ]},
    FieldGroup #Suite       : {Data: [
      {Value: cpiDestination},
      {Value: artifactTypes},
      {Value: readModels}
    ]},
    FieldGroup #General     : {Data: [
      {Value: name},
      {Value: description}
    ]},
    FieldGroup #FactSheet   : {Data: [
      {Value: factSheetType},
      {Value: category}
    ]},
    Facets                  : [
      {
        $Type : 'UI.CollectionFacet',
        ID    : 'Connection',
        Label : '{i18n>Section.Connection}',
        Facets: [
          {
            $Type : 'UI.ReferenceFacet',
            ID    : 'LeanIX',
            Label : '{i18n>Group.LeanIX}',
            Target: '@UI.FieldGroup#LeanIX'
          },
          {
            $Type : 'UI.ReferenceFacet',
            ID    : 'Suite',
            Label : '{i18n>Group.Suite}',
            Target: '@UI.FieldGroup#Suite'
          },
          {
            $Type : 'UI.ReferenceFacet',
            ID    : 'General',
            Label : '{i18n>Group.General}',
            Target: '@UI.FieldGroup#General'
          }
        ]
      },
      {
        $Type : 'UI.CollectionFacet',
        ID    : 'FactSheet',
        Label : '{i18n>Section.FactSheet}',
        Facets: [{
          $Type : 'UI.ReferenceFacet',
          ID    : 'FactSheetFields',
          Target: '@UI.FieldGroup#FactSheet'
        }]
      },
      {
        $Type : 'UI.ReferenceFacet',
        ID    : 'Mapping',
        Label : '{i18n>Section.Mapping}',
        Target: 'mappings/@UI.PresentationVariant'
      },
      {
        $Type        : 'UI.ReferenceFacet',
        ID           : 'History',
        Label        : '{i18n>Section.History}',
        Target       : 'changes/@UI.PresentationVariant',
        @UI.Hidden: (not $draft.IsActiveEntity)
      }
    ]
  }
);

annotate SettingsService.FieldMappings with @UI: {
  HeaderInfo         : {
    TypeName      : '{i18n>MappingRow}',
    TypeNamePlural: '{i18n>MappingRows}',
    Title         : {Value: iflowField}
  },
  LineItem           : [
    {
      Value                 : iflowField,
      @UI.Importance     : #High
    },
    {
      Value                 : leanixPath,
      @UI.Importance     : #High
    },
    {
      Value                 : writeMode,
      @UI.Importance     : #High,
      @HTML5.CssDefaults : {width: '14em'}
    }
  ],
  PresentationVariant: {
    SortOrder     : [{Property: position}],
    Visualizations: ['@UI.LineItem']
  }
};
