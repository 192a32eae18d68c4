/** The items of a run, and what each changed. */
using {RuntimeService} from '../../srv/runtime/runtime-service';

annotate RuntimeService.SyncItems with @(
  UI.HeaderInfo                   : {
    TypeName      : '{i18n>Item}',
    TypeNamePlural: '{i18n>Items}',
    Title         : {Value: name},
    Description   : {Value: artifactId}
  },
  UI.SelectionFields              : [
    status,
    action
  ],
  UI.PresentationVariant          : {
    SortOrder     : [{Property: position}],
    Visualizations: ['@UI.LineItem']
  },
  UI.SelectionVariant #all        : {Text: '{i18n>All}'},
  UI.SelectionVariant #failed      : {
    Text         : '{i18n>Failed}',
    SelectOptions: [{
      PropertyName: status,
      Ranges      : [{Sign: #I, Option: #EQ, Low: 'failed'}]
    }]
  },
  UI.SelectionVariant #skipped     : {
    Text         : '{i18n>Skipped}',
    SelectOptions: [{
      PropertyName: status,
      Ranges      : [{Sign: #I, Option: #EQ, Low: 'skipped'}]
    }]
  },
  UI.SelectionVariant #written     : {
    Text         : '{i18n>CreateOrUpdate}',
    SelectOptions: [{
      PropertyName: action,
      Ranges      : [{Sign: #I, Option: #EQ, Low: 'create'}, {Sign: #I, Option: #EQ, Low: 'update'}]
    }]
  },
  UI.LineItem                     : [
    {
      Value            : name,
      @UI.Importance: #High
    },
    {
      Value            : action,
      @HTML5.CssDefaults: {width: '9rem'},
      @UI.Importance: #High
    },
    {
      Value                    : status,
      @HTML5.CssDefaults: {width: '9rem'},
      Criticality              : statusCriticality,
      CriticalityRepresentation: #WithIcon,
      @UI.Importance        : #High
    },
    {
      Value            : message,
      @UI.Importance: #High
    }
  ],
  UI.PresentationVariant #history : {
    SortOrder     : [{
      Property  : run.startedAt,
      Descending: true
    }],
    Visualizations: ['@UI.LineItem#history']
  },
  UI.LineItem #history            : [
    {
      Value            : run.startedAt,
      @HTML5.CssDefaults: {width: '12rem'},
      @UI.Importance: #High
    },
    {
      Value            : run.kind,
      @HTML5.CssDefaults: {width: '9rem'},
      @UI.Importance: #High
    },
    {
      Value                : action,
      @HTML5.CssDefaults: {width: '9rem'}
    },
    {
      Value                    : status,
      @HTML5.CssDefaults: {width: '9rem'},
      Criticality              : statusCriticality,
      CriticalityRepresentation: #WithIcon,
      @UI.Importance        : #High
    },
    {
      Value                : message,
      @UI.Importance    : #High
    }
  ],
  UI.DataPoint #status            : {
    Title                    : '{i18n>Outcome}',
    Value                    : status,
    Criticality              : statusCriticality,
    CriticalityRepresentation: #WithIcon
  },
  UI.DataPoint #action            : {
    Title: '{i18n>Action}',
    Value: action
  },
  UI.HeaderFacets                 : [
    {
      $Type : 'UI.ReferenceFacet',
      Target: '@UI.DataPoint#action'
    },
    {
      $Type : 'UI.ReferenceFacet',
      Target: '@UI.DataPoint#status'
    }
  ],
  UI.Facets                       : [
    {
      $Type : 'UI.ReferenceFacet',
      ID    : 'Changes',
      Label : '{i18n>Changes}',
      Target: 'changes/@UI.LineItem#item'
    }
  ]
);

annotate RuntimeService.SyncItemChanges with @(
  UI.HeaderInfo         : {
    TypeName      : '{i18n>Change}',
    TypeNamePlural: '{i18n>Changes}',
    Title         : {Value: path}
  },
  UI.PresentationVariant: {
    SortOrder     : [
      {Property: itemName},
      {Property: position}
    ],
    Visualizations: ['@UI.LineItem']
  },
  UI.LineItem           : [
    {
      Value            : itemName,
      @UI.Importance: #High
    },
    {
      Value            : path,
      @HTML5.CssDefaults: {width: '10rem'},
      @UI.Importance: #High
    },
    {
      Value            : before,
      @UI.Importance: #High
    },
    {
      Value            : after,
      @UI.Importance: #High
    }
  ],
  UI.LineItem #item     : [
    {
      Value                : path,
      @HTML5.CssDefaults: {width: '10rem'},
      @UI.Importance    : #High
    },
    {
      Value                : before,
      @UI.Importance    : #High
    },
    {
      Value                : after,
      @UI.Importance    : #High
    }
  ]
);
