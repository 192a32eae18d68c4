/** List and page of the accounts; the people and the roles. */
using {AccessService} from '../../srv/access/screen';

annotate AccessService.Accounts with @(
  cds.search           : {
    displayName,
    email,
    userName,
    department
  },
  UI.HeaderInfo        : {
    TypeName      : '{i18n>Account}',
    TypeNamePlural: '{i18n>Accounts}',
    Title         : {Value: displayName},
    Description   : {Value: email}
  },
  UI.SelectionFields   : [
    config_ID,
    role,
    status,
    state,
    dormant,
    technical
  ],
  UI.PresentationVariant: {
    SortOrder     : [{Property: displayName}],
    Visualizations: ['@UI.LineItem']
  },
  UI.LineItem          : [
    {
      Value             : displayName,
      @UI.Importance    : #High
    },
    {
      Value             : email,
      @UI.Importance    : #Medium
    },
    {
      Value             : department,
      @HTML5.CssDefaults: {width: '8rem'},
      @UI.Importance    : #Low
    },
    {
      Value             : role,
      @HTML5.CssDefaults: {width: '6rem'},
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
      Value             : lastLogin,
      @HTML5.CssDefaults: {width: '11rem'},
      @UI.Importance    : #Medium
    },
    {
      Value             : config_ID,
      @HTML5.CssDefaults: {width: '7rem'},
      @UI.Importance    : #Low
    },
    {
      $Type     : 'UI.DataFieldForAction',
      Action    : 'AccessService.addAccess',
      Label     : '{i18n>AddAccess}',
      @UI.Hidden: {$edmJson: {$Not: {$Path: '/AccessService.EntityContainer/Overview/isEnterpriseAdmin'}}}
    },
    {
      $Type     : 'UI.DataFieldForAction',
      Action    : 'AccessService.removeAccess',
      Label     : '{i18n>RemoveAccess}',
      @UI.Hidden: {$edmJson: {$Not: {$Path: '/AccessService.EntityContainer/Overview/isEnterpriseAdmin'}}}
    },
    {
      $Type     : 'UI.DataFieldForAction',
      Action    : 'AccessService.removeAccount',
      Label     : '{i18n>RemoveAccount}',
      @UI.Hidden: {$edmJson: {$Not: {$Path: '/AccessService.EntityContainer/Overview/isEnterpriseAdmin'}}}
    }
  ],
  UI.DataPoint #role   : {
    Title: '{i18n>Role}',
    Value: role
  },
  UI.DataPoint #status : {
    Title                    : '{i18n>AccountStatus}',
    Value                    : status,
    Criticality              : criticality,
    CriticalityRepresentation: #WithIcon
  },
  UI.HeaderFacets      : [
    {
      $Type : 'UI.ReferenceFacet',
      Target: '@UI.DataPoint#role'
    },
    {
      $Type : 'UI.ReferenceFacet',
      Target: '@UI.DataPoint#status'
    }
  ],
  UI.FieldGroup #account: {Data: [
    {Value: userName},
    {Value: email},
    {Value: firstName},
    {Value: lastName},
    {Value: department},
    {Value: userId}
  ]},
  UI.FieldGroup #use   : {Data: [
    {Value: config_ID},
    {Value: state},
    {Value: suspendedOn},
    {Value: lastLogin},
    {Value: dormant},
    {Value: technical},
    {Value: managedElsewhere},
    {Value: own},
    {Value: importedAt}
  ]},
  UI.FieldGroup #person: {Data: [
    {
      Value: person.email,
      Label: '{i18n>Person}'
    },
    {Value: person.department},
    {
      Value: person.manager.email,
      Label: '{i18n>Manager}'
    },
    {Value: correlatedBy}
  ]},
  UI.Facets            : [
    {
      $Type : 'UI.CollectionFacet',
      ID    : 'General',
      Label : '{i18n>General}',
      Facets: [
        {
          $Type : 'UI.ReferenceFacet',
          Label : '{i18n>Account}',
          Target: '@UI.FieldGroup#account'
        },
        {
          $Type : 'UI.ReferenceFacet',
          Label : '{i18n>Use}',
          Target: '@UI.FieldGroup#use'
        },
        {
          $Type : 'UI.ReferenceFacet',
          Label : '{i18n>Person}',
          Target: '@UI.FieldGroup#person'
        }
      ]
    },
    {
      $Type : 'UI.ReferenceFacet',
      ID    : 'History',
      Label : '{i18n>AccessHistory}',
      Target: 'assignments/@UI.PresentationVariant'
    },
    {
      $Type : 'UI.ReferenceFacet',
      ID    : 'Tasks',
      Label : '{i18n>Tasks}',
      Target: 'tasks/@UI.PresentationVariant#account'
    }
  ]
);

// A request only changes the account's tasks; the account changes when a task is executed.
annotate AccessService.Accounts with actions {
  enableAccount @Core.OperationAvailable: in.canEnable
                @Common.SideEffects: {TargetEntities: ['in/tasks'], TargetProperties: ['in/*']};
  addAccess     @Core.OperationAvailable: in.canChange
                @Common.SideEffects: {TargetEntities: ['in/tasks'], TargetProperties: ['in/*']};
  removeAccess  @Core.OperationAvailable: in.canChange
                @Common.SideEffects: {TargetEntities: ['in/tasks'], TargetProperties: ['in/*']};
  removeAccount @Core.OperationAvailable: in.canChange
                @Common.SideEffects: {TargetEntities: ['in/tasks'], TargetProperties: ['in/*']};
  correlate     @Common.SideEffects: {TargetEntities: ['in/person'], TargetProperties: ['in/*']};
  uncorrelate   @Common.IsActionCritical: true
                @Common.SideEffects: {TargetEntities: ['in/person'], TargetProperties: ['in/*']};
};

annotate AccessService.Assignments with @(
  Capabilities.SearchRestrictions.Searchable: false,
  UI.HeaderInfo         : {
    TypeName      : '{i18n>Assignment}',
    TypeNamePlural: '{i18n>Assignments}',
    Title         : {Value: entitlement.name}
  },
  UI.PresentationVariant: {
    SortOrder     : [{
      Property  : validFrom,
      Descending: true
    }],
    Visualizations: ['@UI.LineItem']
  },
  UI.LineItem           : [
    {
      Value             : entitlement.name,
      @UI.Importance    : #High
    },
    {
      Value             : validFrom,
      @HTML5.CssDefaults: {width: '12rem'},
      @UI.Importance    : #High
    },
    {
      Value             : validTo,
      @HTML5.CssDefaults: {width: '12rem'},
      @UI.Importance    : #High
    },
    {
      Value             : changedBy,
      @HTML5.CssDefaults: {width: '12rem'}
    }
  ]
);

annotate AccessService.People with @(
  cds.search            : {
    email,
    firstName,
    lastName,
    department
  },
  UI.HeaderInfo         : {
    TypeName      : '{i18n>Person}',
    TypeNamePlural: '{i18n>People}',
    Title         : {Value: email}
  },
  UI.SelectionFields    : [
    department,
    active
  ],
  UI.PresentationVariant: {
    SortOrder     : [{Property: lastName}],
    Visualizations: ['@UI.LineItem']
  },
  UI.LineItem           : [
    {
      Value             : lastName,
      @HTML5.CssDefaults: {width: '11rem'},
      @UI.Importance    : #High
    },
    {
      Value             : firstName,
      @HTML5.CssDefaults: {width: '11rem'},
      @UI.Importance    : #High
    },
    {
      Value             : email,
      @UI.Importance    : #High
    },
    {
      Value             : department,
      @HTML5.CssDefaults: {width: '11rem'}
    },
    {
      Value             : manager.email,
      Label             : '{i18n>Manager}'
    },
    {
      Value             : active,
      @HTML5.CssDefaults: {width: '7rem'}
    }
  ]
);

annotate AccessService.Entitlements with @(
  UI.HeaderInfo         : {
    TypeName      : '{i18n>Role}',
    TypeNamePlural: '{i18n>Roles}',
    Title         : {Value: name}
  },
  UI.SelectionFields    : [
    state,
    requestable
  ],
  UI.PresentationVariant: {
    SortOrder     : [{Property: name}],
    Visualizations: ['@UI.LineItem']
  },
  UI.LineItem           : [
    {
      Value             : name,
      @UI.Importance    : #High
    },
    {
      Value             : description
    },
    {
      Value                    : state,
      Criticality              : criticality,
      CriticalityRepresentation: #WithIcon,
      @HTML5.CssDefaults       : {width: '9rem'},
      @UI.Importance           : #High
    },
    {
      Value             : requestable,
      @HTML5.CssDefaults: {width: '10rem'}
    },
    {
      Value             : config_ID,
      @HTML5.CssDefaults: {width: '10rem'}
    }
  ]
);
