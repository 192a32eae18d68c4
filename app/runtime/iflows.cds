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
    // Shown only if there are several.
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
  UI.FieldGroup #model         : {Data: [
    {
      Value                    : modelState,
      Criticality              : modelCriticality,
      CriticalityRepresentation: #WithIcon
    },
    {Value: role},
    {Value: pattern},
    {
      Value        : modelMessage,
      @UI.Hidden: {$edmJson: {$Eq: [
        {$Path: 'modelMessage'},
        {$Null: null}
      ]}}
    }
  ]},
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
      $Type : 'UI.CollectionFacet',
      ID    : 'Connections',
      Label : '{i18n>Connections.section}',
      Facets: [
        {
          $Type : 'UI.ReferenceFacet',
          ID    : 'Model',
          Label : '{i18n>ModelState}',
          Target: '@UI.FieldGroup#model'
        },
        {
          $Type : 'UI.ReferenceFacet',
          ID    : 'Channels',
          Label : '{i18n>Channels}',
          Target: 'channels/@UI.PresentationVariant'
        },
        {
          $Type : 'UI.ReferenceFacet',
          ID    : 'Calls',
          Label : '{i18n>Calls}',
          Target: 'calls/@UI.LineItem#calls'
        },
        {
          $Type : 'UI.ReferenceFacet',
          ID    : 'CalledBy',
          Label : '{i18n>CalledBy}',
          Target: 'calledBy/@UI.LineItem#calledBy'
        }
      ]
    },
    {
      $Type : 'UI.ReferenceFacet',
      ID    : 'History',
      Label : '{i18n>History}',
      Target: 'history/@UI.PresentationVariant#history'
    }
  ]
);

/** Opens fact sheets in a separate tab. */
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

annotate RuntimeService.Channels with @(
  UI.HeaderInfo         : {
    TypeName      : '{i18n>Channel}',
    TypeNamePlural: '{i18n>Channels}',
    Title         : {Value: participant}
  },
  UI.PresentationVariant: {
    SortOrder     : [{Property: position}],
    Visualizations: ['@UI.LineItem']
  },
  UI.LineItem           : [
    {
      Value                : direction,
      @HTML5.CssDefaults: {width: '8rem'},
      @UI.Importance    : #High
    },
    {
      Value                : adapter,
      @HTML5.CssDefaults: {width: '9rem'},
      @UI.Importance    : #High
    },
    {
      Value            : participant,
      @UI.Importance: #High
    },
    {
      Value            : host,
      @UI.Importance: #High
    },
    {
      Value                : locationId,
      @HTML5.CssDefaults: {width: '9rem'},
      @UI.Importance    : #Low
    },
    {
      Value                : access,
      @HTML5.CssDefaults: {width: '9rem'},
      @UI.Importance    : #Medium
    },
    {
      Value                : addressState,
      @HTML5.CssDefaults: {width: '11rem'},
      @UI.Importance    : #Low
    },
    {
      Value                : auxiliary,
      @HTML5.CssDefaults: {width: '7rem'},
      @UI.Importance    : #Low
    }
  ]
);

annotate RuntimeService.Calls with @(
  UI.HeaderInfo          : {
    TypeName      : '{i18n>Call}',
    TypeNamePlural: '{i18n>Calls}',
    Title         : {Value: address}
  },
  UI.LineItem #calls     : [
    {
      Value            : called.name,
      Label            : '{i18n>Called}',
      @UI.Importance: #High
    },
    {
      Value                : via,
      @HTML5.CssDefaults: {width: '9rem'},
      @UI.Importance    : #Medium
    },
    {
      Value            : address,
      @UI.Importance: #High
    },
    {
      Value                    : status,
      @HTML5.CssDefaults       : {width: '11rem'},
      Criticality              : statusCriticality,
      CriticalityRepresentation: #WithIcon,
      @UI.Importance           : #High
    }
  ],
  UI.LineItem #calledBy  : [
    {
      Value            : caller.name,
      Label            : '{i18n>Caller}',
      @UI.Importance: #High
    },
    {
      Value                : via,
      @HTML5.CssDefaults: {width: '9rem'},
      @UI.Importance    : #Medium
    },
    {
      Value            : address,
      @UI.Importance: #High
    }
  ]
);
