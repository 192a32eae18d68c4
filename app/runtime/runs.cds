/** List and page of the runs. */
using {RuntimeService} from '../../srv/runtime/runtime-service';

annotate RuntimeService.SyncRuns with @(
  UI.HeaderInfo           : {
    TypeName      : '{i18n>Run}',
    TypeNamePlural: '{i18n>Runs}',
    Title         : {Value: kind},
    Description   : {Value: scope}
  },
  UI.SelectionFields      : [
    status,
    kind,
    isActive,
    isLast
  ],
  UI.PresentationVariant  : {
    SortOrder     : [{
      Property  : startedAt,
      Descending: true
    }],
    Visualizations: ['@UI.LineItem']
  },
  UI.LineItem             : [
    {
      Value            : startedAt,
      @HTML5.CssDefaults: {width: '12rem'},
      @UI.Importance: #High
    },
    {
      Value            : kind,
      @UI.Importance: #High
    },
    {
      Value            : scope,
      @UI.Importance: #Medium
    },
    {
      Value                    : status,
      @HTML5.CssDefaults: {width: '13rem'},
      Criticality              : statusCriticality,
      CriticalityRepresentation: #WithIcon,
      @UI.Importance        : #High
    },
    {
      Value            : startedBy,
      @HTML5.CssDefaults: {width: '11rem'},
      @UI.Importance: #Low
    }
  ],
  UI.DataPoint #status    : {
    Title                    : '{i18n>Status}',
    Value                    : status,
    Criticality              : statusCriticality,
    CriticalityRepresentation: #WithIcon
  },
  UI.HeaderFacets         : [
    {
      $Type : 'UI.ReferenceFacet',
      Target: '@UI.DataPoint#status'
    },
    {
      $Type : 'UI.ReferenceFacet',
      Target: '@UI.FieldGroup#header'
    }
  ],
  UI.FieldGroup #header   : {Data: [
    {Value: startedAt},
    {
      Value: config_ID,
      Label: '{i18n>Connection}'
    }
  ]},
  UI.FieldGroup #general  : {Data: [
    {Value: startedBy},
    {Value: finishedAt},
    {Value: scope}
  ]},
  UI.FieldGroup #technical: {Data: [
    {Value: total},
    {Value: requests},
    {Value: correlationId},
    {Value: callerId}
  ]},
  UI.Facets               : [
    {
      $Type        : 'UI.ReferenceFacet',
      ID           : 'Items',
      Label        : '{i18n>Items}',
      Target       : 'items/@UI.PresentationVariant',
      @UI.Hidden: {$edmJson: {$Or: [
        {$Eq: [
          {$Path: 'kind'},
          'refresh'
        ]},
        {$Eq: [
          {$Path: 'kind'},
          'match'
        ]},
        {$Eq: [
          {$Path: 'kind'},
          'analyze'
        ]}
      ]}}
    },
    {
      $Type        : 'UI.ReferenceFacet',
      ID           : 'Changes',
      Label        : '{i18n>Changes}',
      Target       : 'changes/@UI.PresentationVariant',
      @UI.Hidden: {$edmJson: {$Or: [
        {$Eq: [
          {$Path: 'kind'},
          'refresh'
        ]},
        {$Eq: [
          {$Path: 'kind'},
          'match'
        ]},
        {$Eq: [
          {$Path: 'kind'},
          'analyze'
        ]}
      ]}}
    },
    {
      $Type : 'UI.CollectionFacet',
      ID    : 'General',
      Label : '{i18n>General}',
      Facets: [
        {
          $Type : 'UI.ReferenceFacet',
          Label : '{i18n>Run}',
          Target: '@UI.FieldGroup#general'
        },
        {
          $Type : 'UI.ReferenceFacet',
          Label : '{i18n>Technical}',
          Target: '@UI.FieldGroup#technical'
        }
      ]
    }
  ]
);
