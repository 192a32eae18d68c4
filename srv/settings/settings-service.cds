using {leanix} from '../../db/schema';
using from '../../db/workspace';

/** Connections, field mapping, tags: what is written where. */
@path: 'settings'
service SettingsService {

  @odata.draft.enabled
  entity LeanIXConfigs     as projection on leanix.LeanIXConfig
    actions {
      /** Checks host and token, reads the workspace's metadata and keeps it for the value helps. */
      action testConnection(host: String, apiToken: String) returns ConnectionTest;
      /** Writes the API token into the instance's BTP destination. It is stored nowhere else. */
      action storeApiToken(apiToken: String, expiresOn: Date);
      /** Asks LeanIX which rows of the field mapping it would refuse, without writing anything. */
      action validateMapping(artifactId: String) returns many MappingMessage;
      /** What is deleted with the configuration, what is kept, and what stands in the way. */
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

  /** The destinations that can be meant: `leanix`, `cpi` and `people` are what they can be used for. */
  @readonly
  @cds.persistence.skip
  entity Destinations {
    key name : String(200);
        kind : String(10);
  }

  /** All configurations as JSON text, without any secret. */
  function exportSettings() returns LargeString;
  /** Brings in such a text, all of it or nothing. With `dryRun` it says what it would change. */
  action   importSettings(bundle: LargeString, dryRun: Boolean) returns ImportResult;

  /** `ok` where both systems can be used; code and message are those of LeanIX, unless only Cloud Integration fails. */
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
    /** Open ones: they have to be carried out or withdrawn first. */
    tasks    : Integer;
    kept     : KeptHistory;
    /** Why it can't be deleted now, by this user; null where it can. */
    code     : String;
    message  : String;
  }

  type KeptHistory {
    assignments  : Integer;
    tasks        : Integer;
    auditEntries : Integer;
    /** For how many days. */
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
