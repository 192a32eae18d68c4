/** List and page of the jobs, and of their runs. */
using {AccessService} from '../../srv/access/screen';

annotate AccessService.Jobs with @(
  Capabilities.SearchRestrictions.Searchable: false,
  UI.HeaderInfo                             : {
    TypeName      : '{i18n>Job}',
    TypeNamePlural: '{i18n>Jobs}',
    Title         : {Value: kind},
    Description   : {Value: config.name}
  },
  UI.SelectionFields                        : [
    config_ID,
    schedule
  ],
  UI.PresentationVariant                    : {
    SortOrder     : [
      {Property: config.name},
      {Property: kind}
    ],
    Visualizations: ['@UI.LineItem']
  },
  UI.LineItem                               : [
    {
      Value             : kind,
      @UI.Importance    : #High
    },
    {
      Value             : config_ID,
      @UI.Importance    : #Low
    },
    {
      Value                    : schedule,
      Criticality              : criticality,
      CriticalityRepresentation: #WithIcon,
      @HTML5.CssDefaults       : {width: '11rem'},
      @UI.Importance           : #High
    },
    {
      Value             : nextRunAt,
      @HTML5.CssDefaults: {width: '12rem'},
      @UI.Importance    : #High
    },
    {
      Value             : lastRunAt,
      @HTML5.CssDefaults: {width: '12rem'},
      @UI.Importance    : #Medium
    },
    {
      $Type             : 'UI.DataFieldForAction',
      Action            : 'AccessService.runNow',
      Label             : '{i18n>RunNow}',
      @UI.Hidden        : {$edmJson: {$Not: {$Path: '/AccessService.EntityContainer/Overview/isEnterpriseAdmin'}}}
    }
  ],
  UI.DataPoint #schedule                    : {
    Title                    : '{i18n>Schedule}',
    Value                    : schedule,
    Criticality              : criticality,
    CriticalityRepresentation: #WithIcon
  },
  UI.HeaderFacets                           : [{
    $Type : 'UI.ReferenceFacet',
    Target: '@UI.DataPoint#schedule'
  }],
  UI.FieldGroup #schedule                   : {Data: [
    {Value: schedule},
    {
      Value     : everyHours,
      @UI.Hidden: {$edmJson: {$Ne: [
        {$Path: 'schedule'},
        'hours'
      ]}}
    },
    {
      Value     : weekday,
      @UI.Hidden: {$edmJson: {$Ne: [
        {$Path: 'schedule'},
        'weekly'
      ]}}
    },
    {
      Value     : atTime,
      @UI.Hidden: {$edmJson: {$And: [
        {$Ne: [{$Path: 'schedule'}, 'daily']},
        {$Ne: [{$Path: 'schedule'}, 'weekly']}
      ]}}
    },
    {
      Value     : timeZone,
      @UI.Hidden: {$edmJson: {$And: [
        {$Ne: [{$Path: 'schedule'}, 'daily']},
        {$Ne: [{$Path: 'schedule'}, 'weekly']}
      ]}}
    }
  ]},
  UI.FieldGroup #times                      : {Data: [
    {Value: nextRunAt},
    {Value: lastRunAt},
    {Value: config_ID}
  ]},
  UI.Facets                                 : [
    {
      $Type : 'UI.CollectionFacet',
      ID    : 'General',
      Label : '{i18n>Schedule}',
      Facets: [
        {
          $Type : 'UI.ReferenceFacet',
          Label : '{i18n>When}',
          Target: '@UI.FieldGroup#schedule'
        },
        {
          $Type : 'UI.ReferenceFacet',
          Label : '{i18n>Times}',
          Target: '@UI.FieldGroup#times'
        }
      ]
    },
    {
      $Type : 'UI.ReferenceFacet',
      ID    : 'Runs',
      Label : '{i18n>History}',
      Target: 'runs/@UI.PresentationVariant'
    }
  ],
  Common.SideEffects                        : {
    SourceProperties: [schedule],
    TargetProperties: ['nextRunAt']
  }
) actions {
  runNow @Common.SideEffects: {
    TargetEntities  : ['in/runs'],
    TargetProperties: ['in/lastRunAt']
  };
};

annotate AccessService.Jobs with {
  kind      @Common.FieldControl: #ReadOnly;
  nextRunAt @Common.FieldControl: #ReadOnly;
  lastRunAt @Common.FieldControl: #ReadOnly;
  config    @Common.FieldControl: #ReadOnly;
};

annotate AccessService.JobRuns with @(
  UI.HeaderInfo           : {
    TypeName      : '{i18n>Run}',
    TypeNamePlural: '{i18n>Runs}',
    Title         : {Value: kind},
    Description   : {Value: startedAt}
  },
  UI.SelectionFields      : [
    status,
    kind,
    trigger,
    canConfirm
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
      Value             : startedAt,
      @HTML5.CssDefaults: {width: '11rem'},
      @UI.Importance    : #High
    },
    {
      Value             : kind,
      @UI.Importance    : #High
    },
    {
      Value                    : status,
      Criticality              : criticality,
      CriticalityRepresentation: #WithIcon,
      @HTML5.CssDefaults       : {width: '12rem'},
      @UI.Importance           : #High
    },
    {
      Value             : trigger,
      @HTML5.CssDefaults: {width: '9rem'},
      @UI.Importance    : #Low
    },
    {
      Value             : message,
      @UI.Importance    : #Medium
    }
  ],
  UI.DataPoint #status    : {
    Title                    : '{i18n>Status}',
    Value                    : status,
    Criticality              : criticality,
    CriticalityRepresentation: #WithIcon
  },
  UI.HeaderFacets         : [
    {
      $Type : 'UI.ReferenceFacet',
      Target: '@UI.DataPoint#status'
    }
  ],
  UI.FieldGroup #counts   : {Data: [
    {Value: total},
    {Value: created},
    {Value: updated},
    {Value: unchanged},
    {Value: removed},
    {Value: failed}
  ]},
  UI.FieldGroup #general  : {Data: [
    {Value: startedBy},
    {Value: trigger},
    {Value: startedAt},
    {Value: finishedAt},
    {Value: config_ID},
    {
      Value     : confirmReason,
      @UI.Hidden: {$edmJson: {$Eq: [
        {$Path: 'confirmReason'},
        {$Null: null}
      ]}}
    }
  ]},
  UI.FieldGroup #technical: {Data: [
    {Value: requests},
    {Value: correlationId},
    {Value: callerId}
  ]},
  UI.Facets               : [
    {
      $Type : 'UI.CollectionFacet',
      ID    : 'General',
      Label : '{i18n>General}',
      Facets: [
        {
          $Type : 'UI.ReferenceFacet',
          Label : '{i18n>Outcome}',
          Target: '@UI.FieldGroup#counts'
        },
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
    },
    {
      $Type     : 'UI.ReferenceFacet',
      ID        : 'Tasks',
      Label     : '{i18n>Tasks}',
      Target    : 'tasks/@UI.PresentationVariant',
      @UI.Hidden: {$edmJson: {$Ne: [
        {$Path: 'kind'},
        'provision'
      ]}}
    },
    {
      $Type     : 'UI.ReferenceFacet',
      ID        : 'Accounts',
      Label     : '{i18n>Accounts}',
      Target    : 'accounts/@UI.PresentationVariant',
      @UI.Hidden: {$edmJson: {$Or: [
        {$Ne: [
          {$Path: 'code'},
          'THRESHOLD_EXCEEDED'
        ]},
        {$Eq: [
          {$Path: 'kind'},
          'provision'
        ]}
      ]}}
    },
    {
      $Type     : 'UI.ReferenceFacet',
      ID        : 'People',
      Label     : '{i18n>People}',
      Target    : 'people/@UI.LineItem#stopped',
      @UI.Hidden: {$edmJson: {$Or: [
        {$Ne: [
          {$Path: 'code'},
          'THRESHOLD_EXCEEDED'
        ]},
        {$Eq: [
          {$Path: 'kind'},
          'provision'
        ]}
      ]}}
    }
  ]
) actions {
  confirm @Common.SideEffects: {TargetProperties: ['in/*']};
  cancel  @Common.SideEffects: {TargetProperties: ['in/*']};
};

/** People who would have become inactive if a limit had not stopped the import. */
annotate AccessService.People with @(UI.LineItem #stopped: [
  {Value: email},
  {Value: firstName},
  {Value: lastName},
  {Value: department}
]);
