/** The access settings of each connection. */
using {AccessService} from '../../srv/access/screen';

annotate AccessService.AccessConfigs with @(
  Capabilities          : {
    SearchRestrictions: {Searchable: false},
    FilterRestrictions: {NonFilterableProperties: [
      tokenText,
      tokenCriticality
    ]},
    SortRestrictions  : {NonSortableProperties: [
      tokenText,
      tokenCriticality
    ]}
  },
  UI.HeaderInfo         : {
    TypeName      : '{i18n>Governance}',
    TypeNamePlural: '{i18n>Governances}',
    Title         : {Value: name}
  },
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
      Value                    : tokenText,
      Criticality              : tokenCriticality,
      CriticalityRepresentation: #WithIcon,
      @UI.Importance           : #High
    },
    {
      Value             : instantProvisioning,
      @HTML5.CssDefaults: {width: '10rem'}
    },
    {
      Value             : managedElsewhere,
      @HTML5.CssDefaults: {width: '15rem'}
    },
    {
      Value             : dormantDays,
      @HTML5.CssDefaults: {width: '10rem'},
      @UI.Importance    : #Low
    }
  ],
  UI.FieldGroup #token  : {Data: [
    {
      Value                    : tokenText,
      Criticality              : tokenCriticality,
      CriticalityRepresentation: #WithIcon
    },
    {Value: tokenExpiresOn}
  ]},
  UI.HeaderFacets       : [{
    $Type : 'UI.ReferenceFacet',
    Target: '@UI.FieldGroup#token'
  }],
  UI.FieldGroup #changes: {Data: [
    {Value: instantProvisioning},
    {Value: fourEyes},
    {Value: silentInvite},
    {Value: managedElsewhere}
  ]},
  UI.FieldGroup #people : {Data: [
    {Value: peopleDestination},
    {Value: correlateBy},
    {Value: dormantDays}
  ]},
  UI.FieldGroup #numbers: {Data: [
    {Value: maxSuspended},
    {Value: maxRemoved},
    {Value: maxCreated},
    {Value: maxLeavers},
    {Value: maxRolesGiven},
    {Value: maxRolesTaken},
    {Value: maxEnabled},
    {Value: maxAdmins}
  ]},
  UI.FieldGroup #shares : {Data: [
    {Value: maxSuspendedPercent},
    {Value: maxRemovedPercent},
    {Value: maxCreatedPercent},
    {Value: maxLeaversPercent},
    {Value: maxRolesGivenPercent},
    {Value: maxRolesTakenPercent},
    {Value: maxEnabledPercent},
    {Value: maxAdminsPercent}
  ]},
  UI.Facets             : [
    {
      $Type : 'UI.CollectionFacet',
      ID    : 'General',
      Label : '{i18n>General}',
      Facets: [
        {
          $Type : 'UI.ReferenceFacet',
          Label : '{i18n>Provisioning}',
          Target: '@UI.FieldGroup#changes'
        },
        {
          $Type : 'UI.ReferenceFacet',
          Label : '{i18n>People}',
          Target: '@UI.FieldGroup#people'
        }
      ]
    },
    {
      $Type : 'UI.CollectionFacet',
      ID    : 'Limits',
      Label : '{i18n>Limits}',
      Facets: [
        {
          $Type : 'UI.ReferenceFacet',
          Label : '{i18n>LimitsInNumbers}',
          Target: '@UI.FieldGroup#numbers'
        },
        {
          $Type : 'UI.ReferenceFacet',
          Label : '{i18n>LimitsInPercent}',
          Target: '@UI.FieldGroup#shares'
        }
      ]
    },
    {
      $Type : 'UI.ReferenceFacet',
      ID    : 'Mappings',
      Label : '{i18n>AccessMappings}',
      Target: 'mappings/@UI.PresentationVariant'
    }
  ]
);

annotate AccessService.AccessConfigs with {
  name           @Common.FieldControl: #ReadOnly;
  tokenExpiresOn @Common.FieldControl: #ReadOnly;
};

annotate AccessService.AccessMappings with @(
  Capabilities.SearchRestrictions.Searchable: false,
  UI.HeaderInfo                             : {
    TypeName      : '{i18n>AccessMapping}',
    TypeNamePlural: '{i18n>AccessMappings}',
    Title         : {Value: target}
  },
  UI.PresentationVariant                    : {
    SortOrder     : [
      {Property: direction},
      {Property: position}
    ],
    Visualizations: ['@UI.LineItem']
  },
  UI.LineItem                               : [
    {
      Value             : direction,
      @HTML5.CssDefaults: {width: '12rem'},
      @UI.Importance    : #High
    },
    {
      Value             : target,
      @HTML5.CssDefaults: {width: '14rem'},
      @UI.Importance    : #High
    },
    {
      Value             : expression,
      @UI.Importance    : #High
    }
  ]
);
