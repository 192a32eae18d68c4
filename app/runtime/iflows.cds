/** List and page of the iFlows. */
using {RuntimeService} from '../../srv/runtime/runtime-service';

annotate RuntimeService.IFlows with @(
  cds.search                   : {
    name,
    artifactId,
    packageName,
    description,
    sender,
    receiver
  },
  Capabilities.SearchRestrictions.Searchable: true,
  UI.HeaderInfo                : {
    TypeName      : '{i18n>IFlow}',
    TypeNamePlural: '{i18n>IFlows}',
    Title         : {Value: name},
    Description   : {Value: artifactId}
  },
  UI.SelectionFields           : [
    status,
    linkStatus,
    packageId,
    type
  ],
  UI.PresentationVariant       : {
    SortOrder     : [{Property: name}],
    Visualizations: ['@UI.LineItem']
  },
  UI.LineItem                  : [
    {
      Value            : name,
      @UI.Importance: #High
    },
    {
      @HTML5.CssDefaults: {width: '11rem'},
      Value            : packageId,
      @UI.Importance: #Medium
    },
    // Shown where there are several.
    {
      @HTML5.CssDefaults: {width: '8rem'},
      Value            : config_ID,
      @UI.Importance: #Medium
    },
    {
      @HTML5.CssDefaults: {width: '5rem'},
      Value            : version,
      @UI.Importance: #Low
    },
    {
      @HTML5.CssDefaults: {width: '8rem'},
      Value                    : status,
      Criticality              : statusCriticality,
      CriticalityRepresentation: #WithIcon,
      @UI.Importance        : #High
    },
    {
      @HTML5.CssDefaults: {width: '9rem'},
      Value                    : linkStatus,
      Criticality              : criticality,
      CriticalityRepresentation: #WithIcon,
      @UI.Hidden            : {$edmJson: {$Eq: [
        {$Path: 'linkStatus'},
        'unknown'
      ]}},
      @UI.Importance        : #High
    },
    // The app has its own column with an icon, so the name is not offered again.
    {
      Value        : factSheetName,
      @UI.Hidden: true
    },
    {
      @HTML5.CssDefaults: {width: '11rem'},
      Value            : lastSyncedAt,
      @UI.Importance: #Low
    }
  ],
  UI.DataPoint #status         : {
    Title                    : '{i18n>Status}',
    Value                    : status,
    Criticality              : statusCriticality,
    CriticalityRepresentation: #WithIcon
  },
  UI.DataPoint #linkStatus     : {
    Title                    : '{i18n>LeanIX}',
    Value                    : linkStatus,
    Criticality              : criticality,
    CriticalityRepresentation: #WithIcon
  },
  UI.HeaderFacets              : [
    {
      $Type : 'UI.ReferenceFacet',
      Target: '@UI.DataPoint#status'
    },
    {
      $Type : 'UI.ReferenceFacet',
      Target: '@UI.DataPoint#linkStatus'
    },
    {
      $Type : 'UI.ReferenceFacet',
      Target: '@UI.FieldGroup#header'
    }
  ],
  UI.FieldGroup #header        : {Data: [
    {Value: packageId},
    {Value: version},
    {Value: config_ID}
  ]},
  UI.FieldGroup #artifact      : {Data: [
    {Value: artifactId},
    {Value: type},
    {Value: description},
    {Value: deployedBy},
    {Value: deployedOn}
  ]},
  UI.FieldGroup #ends          : {Data: [
    {Value: sender},
    {Value: receiver}
  ]},
  UI.FieldGroup #error         : {Data: [{
    Value: errorText,
    Label: '{i18n>Message}'
  }]},
  UI.FieldGroup #factSheet     : {Data: [
    {
      $Type               : 'UI.DataFieldWithUrl',
      Value               : factSheetName,
      Url                 : factSheetUrl
    },
    {Value: matchedBy},
    {Value: lastSyncedAt},
    {
      Value        : linkMessage,
      @UI.Hidden: {$edmJson: {$Eq: [
        {$Path: 'linkMessage'},
        {$Null: null}
      ]}}
    }
  ]},
  UI.Facets                    : [
    {
      $Type : 'UI.CollectionFacet',
      ID    : 'General',
      Label : '{i18n>General}',
      Facets: [
        {
          $Type        : 'UI.ReferenceFacet',
          Label        : '{i18n>ErrorText}',
          Target       : '@UI.FieldGroup#error',
          @UI.Hidden: {$edmJson: {$Eq: [
            {$Path: 'errorText'},
            {$Null: null}
          ]}}
        },
        {
          $Type : 'UI.ReferenceFacet',
          Label : '{i18n>Artifact}',
          Target: '@UI.FieldGroup#artifact'
        },
        {
          $Type : 'UI.ReferenceFacet',
          Label : '{i18n>SenderAndReceiver}',
          Target: '@UI.FieldGroup#ends'
        },
        {
          $Type : 'UI.ReferenceFacet',
          Label : '{i18n>FactSheet}',
          Target: '@UI.FieldGroup#factSheet'
        }
      ]
    },
    {
      $Type        : 'UI.ReferenceFacet',
      ID           : 'Candidates',
      Label        : '{i18n>Candidates}',
      Target       : 'candidates/@UI.LineItem',
      @UI.Hidden: {$edmJson: {$Ne: [
        {$Path: 'linkStatus'},
        'ambiguous'
      ]}}
    },
    {
      $Type : 'UI.ReferenceFacet',
      ID    : 'History',
      Label : '{i18n>History}',
      Target: 'history/@UI.PresentationVariant#history'
    }
  ]
);

/** Fact sheets open in a tab of their own. */
annotate RuntimeService.IFlows with {
  factSheetName @HTML5.LinkTarget: '_blank';
};

annotate RuntimeService.Candidates with {
  name @HTML5.LinkTarget: '_blank';
};

annotate RuntimeService.Candidates with @(
  UI.HeaderInfo: {
    TypeName      : '{i18n>Candidate}',
    TypeNamePlural: '{i18n>Candidates}',
    Title         : {Value: name}
  },
  UI.LineItem  : [
    {
      $Type               : 'UI.DataFieldWithUrl',
      Value               : name,
      Url                 : url,
      @UI.Importance   : #High
    },
    {
      Value                : type,
      @HTML5.CssDefaults: {width: '12rem'}
    },
    {
      Value                : description
    }
  ]
);
