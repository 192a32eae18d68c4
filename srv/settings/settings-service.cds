using {leanix} from '../../db/schema';
using from '../../db/workspace';

/** Connections, field mapping and tags. */
@path: 'settings'
service SettingsService {

  @odata.draft.enabled
  entity LeanIXConfigs     as projection on leanix.LeanIXConfig
    actions {
      /** Checks host and token, and reads and stores the workspace's metadata for the value helps. */
      action testConnection(host: String, apiToken: String) returns ConnectionTest;
      /** Writes the API token into the instance's BTP destination. It is stored nowhere else. */
      action storeApiToken(apiToken: String, expiresOn: Date);
      /** Asks LeanIX which rows of the field mapping it would refuse, without writing. */
      action validateMapping(artifactId: String) returns many MappingMessage;
      /** What is deleted with the configuration, what is kept, and what prevents the deletion. */
      function deletionImpact() returns DeletionImpact;
    };

  entity FieldMappings     as projection on leanix.FieldMapping;

  @readonly
  entity FactSheetTypes    as projection on leanix.WorkspaceType;

  @readonly
  entity Categories        as projection on leanix.WorkspaceCategory;

  @readonly
  entity FieldPaths        as projection on leanix.WorkspaceField;

  @readonly
  entity Tags              as projection on leanix.WorkspaceTag;

  /** The usable destinations. `leanix`, `cpi` and `people` are their possible purposes. */
  @readonly
  @cds.persistence.skip
  entity Destinations {
    key name : String(200);
        kind : String(10);
  }

  /** All configurations as JSON text, without secrets. */
  function exportSettings() returns LargeString;
  /** Imports such a text completely or not at all. With `dryRun`, it only returns the changes. */
  action   importSettings(bundle: LargeString, dryRun: Boolean) returns ImportResult;

  /** `ok` if both systems can be used. Code and message are those of LeanIX, unless only Cloud Integration fails. */
  type ConnectionTest {
    ok             : Boolean;
    code           : String;
    message        : String;
    workspaceId    : String;
    workspaceName  : String;
    role           : String;
    factSheetTypes : many String;
    cpi            : CloudIntegrationTest;
  }

  type CloudIntegrationTest {
    ok         : Boolean;
    code       : String;
    message    : String;
    tenantHost : String;
  }

  type DeletionImpact {
    iflows   : Integer;
    links    : Integer;
    runs     : Integer;
    accounts : Integer;
    /** Open tasks, which must be executed or withdrawn first. */
    tasks    : Integer;
    kept     : KeptHistory;
    /** Why this user cannot delete it now; null if they can. */
    code     : String;
    message  : String;
  }

  type KeptHistory {
    assignments  : Integer;
    tasks        : Integer;
    auditEntries : Integer;
    /** The number of days. */
    days         : Integer;
  }

  type MappingMessage {
    iflowField : String;
    leanixPath : String;
    code       : String;
    message    : String;
  }

  type ImportResult {
    created : Integer;
    updated : Integer;
    changes : many ImportChange;
  }

  type ImportChange {
    name    : String;
    element : String;
    before  : String;
    after   : String;
  }
}
