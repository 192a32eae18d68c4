/** List and page of the tasks that change somebody's access. */
using {AccessService} from '../../srv/access/screen';

annotate AccessService.ProvisioningTasks with @(
  cds.search                     : {
    email,
    requester,
    justification
  },
  UI.HeaderInfo                  : {
    TypeName      : '{i18n>Task}',
    TypeNamePlural: '{i18n>Tasks}',
    Title         : {Value: kind},
    Description   : {Value: email}
  },
  UI.SelectionFields             : [
    config_ID,
    status,
    kind,
    requester,
    canApprove
  ],
  UI.PresentationVariant         : {
    SortOrder     : [{
      Property  : requestedAt,
      Descending: true
    }],
    RequestAtLeast: [canApprove],
    Visualizations: ['@UI.LineItem']
  },
  UI.PresentationVariant #account: {
    SortOrder     : [{
      Property  : requestedAt,
      Descending: true
    }],
    Visualizations: ['@UI.LineItem#account']
  },
  UI.LineItem                    : [
    {
      Value             : requestedAt,
      @HTML5.CssDefaults: {width: '11rem'},
      @UI.Importance    : #High
    },
    {
      Value             : kind,
      @HTML5.CssDefaults: {width: '10rem'},
      @UI.Importance    : #High
    },
    {
      Value             : email,
      @UI.Importance    : #High
    },
    {
      Value             : roleBefore,
      Label             : '{i18n>RoleNow}',
      @HTML5.CssDefaults: {width: '7rem'},
      @UI.Importance    : #Medium
    },
    {
      Value             : roleAfter,
      Label             : '{i18n>RolePlanned}',
      @HTML5.CssDefaults: {width: '7rem'},
      @UI.Importance    : #High
    },
    {
      Value                    : status,
      Criticality              : criticality,
      CriticalityRepresentation: #WithIcon,
      @HTML5.CssDefaults       : {width: '9rem'},
      @UI.Importance           : #High
    },
    {
      Value             : requester,
      @HTML5.CssDefaults: {width: '8rem'},
      @UI.Importance    : #Low
    },
    {
      Value             : config_ID,
      @HTML5.CssDefaults: {width: '9rem'},
      @UI.Importance    : #Low
    },
    {
      Value             : message,
      @UI.Importance    : #Medium
    }
  ],
  UI.LineItem #account           : [
    {
      Value             : requestedAt,
      @HTML5.CssDefaults: {width: '11rem'},
      @UI.Importance    : #High
    },
    {
      Value             : kind,
      @UI.Importance    : #High
    },
    {
      Value             : roleBefore,
      Label             : '{i18n>RoleNow}',
      @HTML5.CssDefaults: {width: '8rem'},
      @UI.Importance    : #Medium
    },
    {
      Value             : roleAfter,
      Label             : '{i18n>RolePlanned}',
      @HTML5.CssDefaults: {width: '8rem'},
      @UI.Importance    : #High
    },
    {
      Value                    : status,
      Criticality              : criticality,
      CriticalityRepresentation: #WithIcon,
      @HTML5.CssDefaults       : {width: '9rem'},
      @UI.Importance           : #High
    },
    {
      Value             : requester,
      @HTML5.CssDefaults: {width: '10rem'},
      @UI.Importance    : #Medium
    },
    {
      Value             : message,
      @UI.Importance    : #Medium
    }
  ],
  UI.DataPoint #status           : {
    Title                    : '{i18n>Status}',
    Value                    : status,
    Criticality              : criticality,
    CriticalityRepresentation: #WithIcon
  },
  UI.DataPoint #before           : {
    Title: '{i18n>RoleNow}',
    Value: roleBefore
  },
  UI.DataPoint #after            : {
    Title: '{i18n>RolePlanned}',
    Value: roleAfter
  },
  UI.HeaderFacets                : [
    {
      $Type : 'UI.ReferenceFacet',
      Target: '@UI.DataPoint#status'
    },
    {
      $Type : 'UI.ReferenceFacet',
      Target: '@UI.DataPoint#before'
    },
    {
      $Type : 'UI.ReferenceFacet',
      Target: '@UI.DataPoint#after'
    }
  ],
  UI.FieldGroup #request         : {Data: [
    {Value: requester},
    {Value: requestedAt},
    {Value: justification},
    {Value: approvedBy},
    {Value: approvedAt},
    {Value: role},
    {Value: silent},
    {Value: config_ID}
  ]},
  UI.FieldGroup #before          : {Data: [
    {Value: roleBefore},
    {Value: statusBefore}
  ]},
  UI.FieldGroup #after           : {Data: [
    {Value: roleAfter},
    {Value: statusAfter}
  ]},
  UI.FieldGroup #result          : {Data: [
    {Value: roleResult},
    {Value: statusResult},
    {Value: sentAt},
    {Value: finishedAt}
  ]},
  UI.Facets                      : [
    {
      $Type : 'UI.ReferenceFacet',
      ID    : 'Request',
      Label : '{i18n>Request}',
      Target: '@UI.FieldGroup#request'
    },
    {
      $Type : 'UI.CollectionFacet',
      ID    : 'Plan',
      Label : '{i18n>PlanAndResult}',
      Facets: [
        {
          $Type : 'UI.ReferenceFacet',
          Label : '{i18n>Before}',
          Target: '@UI.FieldGroup#before'
        },
        {
          $Type : 'UI.ReferenceFacet',
          Label : '{i18n>Planned}',
          Target: '@UI.FieldGroup#after'
        },
        {
          $Type : 'UI.ReferenceFacet',
          Label : '{i18n>ReadBack}',
          Target: '@UI.FieldGroup#result'
        }
      ]
    }
  ]
) actions {
  approve @Common.SideEffects    : {TargetProperties: ['in/*']};
  reject(reason @title: '{i18n>RejectReason}'  @UI.MultiLineText  @Common.FieldControl: {$edmJson: {$EnumMember: 'com.sap.vocabularies.Common.v1.FieldControlType/Mandatory'}});
  reject  @Common.SideEffects    : {TargetProperties: ['in/*']};
  cancel @Common.IsActionCritical: true
         @Common.SideEffects     : {TargetProperties: ['in/*']};
  retry  @Common.SideEffects     : {TargetProperties: ['in/*']};
};
