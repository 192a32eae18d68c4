namespace leanix;

using {
  cuid,
  managed
} from '@sap/cds/common';

/** One connection of one Cloud Integration tenant to one LeanIX workspace. No secret is stored here. */
@assert.unique.name: [name]
@plural: 'LeanIXConfigs'
entity LeanIXConfig : cuid, managed {
  name              : String(100);
  description       : String(500);
  /** Bare host, or host:port. */
  leanixHost        : String(255);
  /** Names of the BTP destinations that reach the two systems. */
  leanixDestination : String(200) default 'LEANIX';
  cpiDestination    : String(200) default 'CPI';
  /** Artifact types that a refresh reads, separated by commas. */
  artifactTypes     : String(500) default 'INTEGRATION_FLOW';
  factSheetType     : String(100);
  category          : String(100);
  /** Tag names, separated by commas. */
  defaultTags       : String(1000);
  tokenExpiresOn    : Date;
  /** After each refresh the models of the iFlows are read. */
  readModels        : Boolean default true;
  /** Result of the last connection test. */
  workspaceName     : String(255);
  connectionStatus  : String(20);
  lastTestedAt      : Timestamp;
  mappings          : Composition of many FieldMapping
                        on mappings.config = $self;
}

/** One row of the mapping from an iFlow field to a field path in LeanIX. */
@plural: 'FieldMappings'
entity FieldMapping : cuid {
  config     : Association to LeanIXConfig;
  iflowField : String(50);
  leanixPath : String(255);
  /** `onCreate`: only when the fact sheet is created; afterwards people maintain the field. */
  writeMode  : String(10) enum {
    always;
    onCreate;
  } default 'always';
  position   : Integer;
}

/** One artifact on the tenant, as of the last refresh. */
@assert.unique.artifact: [
  config,
  artifactId
]
@plural: 'IFlows'
entity IFlow : cuid {
  config      : Association to LeanIXConfig;
  artifactId  : String(255);
  name        : String(500);
  version     : String(50);
  description : LargeString;
  packageId   : String(255);
  packageName : String(500);
  type        : String(50);
  status      : String(20);
  errorText   : String(2000);
  deployedBy  : String(255);
  deployedOn  : Timestamp;
  sender      : String(500);
  receiver    : String(500);
  link        : Association to one IFlowLink
                  on link.iflow = $self;
  candidates  : Association to many Candidate
                  on candidates.iflow = $self;
}

/** Which fact sheet documents an iFlow, and what this service wrote there. A fact sheet documents one iFlow. */
@assert.unique.factSheet: [
  factSheetId,
  config
]
@plural: 'IFlowLinks'
entity IFlowLink {
  key iflow         : Association to one IFlow;
      /** The iFlow's. */
      config        : Association to LeanIXConfig;
      status        : String(20) default 'unknown';
      matchedBy     : String(20);
      factSheetId   : String(64);
      factSheetName : String(1000);
      factSheetUrl  : String(1000);
      /** Why the fact sheet is not visible in LeanIX, or could not be created: a message code and its text. */
      code          : String(50);
      message       : String(1000);
      lastSyncedAt  : Timestamp;
      /** JSON: IDs of the tags that this configuration put on the fact sheet. */
      ownedTags     : LargeString;
      /** JSON: values that LeanIX stores differently from what was sent, by path. */
      echoes        : LargeString;
      /** JSON: IDs of fact sheets that a user unlinked. */
      refused       : LargeString;
      /** JSON: a create that LeanIX refused because of its name, and the fact sheets with this name at that time. */
      clash         : LargeString;
}

/** A fact sheet that may document an ambiguous iFlow. */
@plural: 'Candidates'
entity Candidate {
  key iflow       : Association to one IFlow;
  key factSheetId : String(64);
      name        : String(1000);
      type        : String(100);
      description : LargeString;
      url         : String(1000);
}
