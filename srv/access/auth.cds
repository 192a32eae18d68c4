using {AccessService} from './access-service';
using from './screen';

/** Admins can read. Everything else requires the enterprise plan, and all other signed-in users are told so. */
annotate AccessService with @requires: 'authenticated-user';

annotate AccessService.AccessConfigs with @restrict: [
  {
    grant: 'READ',
    to   : [
      'Admin',
      'EnterpriseAdmin'
    ]
  },
  {
    grant: '*',
    to   : 'EnterpriseAdmin'
  }
];

annotate AccessService.Jobs with @restrict: [
  {
    grant: 'READ',
    to   : [
      'Admin',
      'EnterpriseAdmin'
    ]
  },
  {
    grant: '*',
    to   : 'EnterpriseAdmin'
  }
] actions {
  runNow @requires: 'EnterpriseAdmin';
};

annotate AccessService.Accounts with @requires: [
  'Admin',
  'EnterpriseAdmin'
] actions {
  enableAccount @requires: 'EnterpriseAdmin';
  addAccess     @requires: 'EnterpriseAdmin';
  removeAccess  @requires: 'EnterpriseAdmin';
  removeAccount @requires: 'EnterpriseAdmin';
  correlate     @requires: 'EnterpriseAdmin';
  uncorrelate   @requires: 'EnterpriseAdmin';
};

annotate AccessService.ProvisioningTasks with @requires: [
  'Admin',
  'EnterpriseAdmin'
] actions {
  approve @requires: 'EnterpriseAdmin';
  reject  @requires: 'EnterpriseAdmin';
  cancel  @requires: 'EnterpriseAdmin';
  retry   @requires: 'EnterpriseAdmin';
};

annotate AccessService.JobRuns with @requires: [
  'Admin',
  'EnterpriseAdmin'
] actions {
  cancel  @requires: 'EnterpriseAdmin';
  confirm @requires: 'EnterpriseAdmin';
};

annotate AccessService.importPeople with @requires: 'EnterpriseAdmin';
annotate AccessService.importAccounts with @requires: 'EnterpriseAdmin';
annotate AccessService.importAccess with @requires: 'EnterpriseAdmin';
annotate AccessService.importAll with @requires: 'EnterpriseAdmin';
annotate AccessService.runProvisioning with @requires: 'EnterpriseAdmin';
annotate AccessService.requestAccount with @requires: 'EnterpriseAdmin';
annotate AccessService.importConnectionPackage with @requires: 'EnterpriseAdmin';

annotate AccessService.exportConnectionPackage with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.AccessMappings with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.Entitlements with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.Assignments with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.People with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.Connections with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.Overview with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.AccountStatuses with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.AccountStates with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.EntitlementStates with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.Roles with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.RequestableRoles with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.CorrelationKinds with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.CorrelationRules with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.ChangeKinds with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.TaskKinds with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.TaskStatuses with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.JobKinds with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.RunKinds with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.RunStatuses with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.RunTriggers with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.Schedules with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.Weekdays with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.Directions with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.MappingTargets with @requires: [
  'Admin',
  'EnterpriseAdmin'
];

annotate AccessService.TimeZones with @requires: [
  'Admin',
  'EnterpriseAdmin'
];
