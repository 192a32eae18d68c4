using {RuntimeService} from './runtime-service';

/**
 * Whoever is signed in gets as far as the single operation, so that an action of the enterprise plan can say that it is
 * one. Each operation has its own guard.
 */
annotate RuntimeService with @requires: 'authenticated-user';

annotate RuntimeService.Connections with @requires: [
  'Viewer',
  'Admin',
  'EnterpriseAdmin'
];

annotate RuntimeService.Me with @requires: [
  'Viewer',
  'Admin',
  'EnterpriseAdmin'
];

annotate RuntimeService.Candidates with @requires: [
  'Viewer',
  'Admin',
  'EnterpriseAdmin'
];

annotate RuntimeService.Endpoints with @requires: [
  'Viewer',
  'Admin',
  'EnterpriseAdmin'
];

annotate RuntimeService.Channels with @requires: [
  'Viewer',
  'Admin',
  'EnterpriseAdmin'
];

annotate RuntimeService.Calls with @requires: [
  'Viewer',
  'Admin',
  'EnterpriseAdmin'
];

annotate RuntimeService.ModelTerms with @requires: [
  'Viewer',
  'Admin',
  'EnterpriseAdmin'
];

annotate RuntimeService.SyncItems with @requires: [
  'Viewer',
  'Admin',
  'EnterpriseAdmin'
];

annotate RuntimeService.SyncItemChanges with @requires: [
  'Viewer',
  'Admin',
  'EnterpriseAdmin'
];

annotate RuntimeService.IFlows with @requires: [
  'Viewer',
  'Admin',
  'EnterpriseAdmin'
] actions {
  createFactSheet @requires: 'EnterpriseAdmin';
  updateFactSheet @requires: 'EnterpriseAdmin';
  previewFactSheet @requires: 'EnterpriseAdmin';
  link            @requires: 'EnterpriseAdmin';
  unlink          @requires: 'EnterpriseAdmin';
  syncPlan        @requires: 'EnterpriseAdmin';
  findFactSheets  @requires: 'EnterpriseAdmin';
};

annotate RuntimeService.SyncRuns with @requires: [
  'Viewer',
  'Admin',
  'EnterpriseAdmin'
] actions {
  cancel      @requires: 'EnterpriseAdmin';
  retryFailed @requires: 'EnterpriseAdmin';
  apply       @requires: 'EnterpriseAdmin';
  resume      @requires: 'EnterpriseAdmin';
};

annotate RuntimeService.Packages with @requires: [
  'Viewer',
  'Admin',
  'EnterpriseAdmin'
];

annotate RuntimeService.ArtifactTypes with @requires: [
  'Viewer',
  'Admin',
  'EnterpriseAdmin'
];

annotate RuntimeService.ArtifactStatuses with @requires: [
  'Viewer',
  'Admin',
  'EnterpriseAdmin'
];

annotate RuntimeService.LinkStatuses with @requires: [
  'Viewer',
  'Admin',
  'EnterpriseAdmin'
];

annotate RuntimeService.MatchKinds with @requires: [
  'Viewer',
  'Admin',
  'EnterpriseAdmin'
];

annotate RuntimeService.RunKinds with @requires: [
  'Viewer',
  'Admin',
  'EnterpriseAdmin'
];

annotate RuntimeService.RunStatuses with @requires: [
  'Viewer',
  'Admin',
  'EnterpriseAdmin'
];

annotate RuntimeService.ItemActions with @requires: [
  'Viewer',
  'Admin',
  'EnterpriseAdmin'
];

annotate RuntimeService.ItemStatuses with @requires: [
  'Viewer',
  'Admin',
  'EnterpriseAdmin'
];

annotate RuntimeService.refresh with @requires: [
  'Viewer',
  'Admin',
  'EnterpriseAdmin'
];

annotate RuntimeService.analyze with @requires: [
  'Viewer',
  'Admin',
  'EnterpriseAdmin'
];

annotate RuntimeService.match with @requires: 'EnterpriseAdmin';
annotate RuntimeService.createAllNew with @requires: 'EnterpriseAdmin';
annotate RuntimeService.syncAll with @requires: 'EnterpriseAdmin';
annotate RuntimeService.preview with @requires: 'EnterpriseAdmin';
annotate RuntimeService.createFactSheets with @requires: 'EnterpriseAdmin';
annotate RuntimeService.updateFactSheets with @requires: 'EnterpriseAdmin';
