/** What is known of the two remote systems: for value helps, and to ask them less often. */
namespace leanix;

using {leanix.LeanIXConfig} from './schema';

/** Belongs to a configuration, saved or still a draft: therefore its ID, and no foreign key to the saved one. */
aspect OfConfig {
  key config_ID : UUID;
}

@plural: 'WorkspaceTypes'
entity WorkspaceType : OfConfig {
  key name          : String(100);
      label         : String(255);
      hasExternalId : Boolean;
}

@plural: 'WorkspaceCategories'
entity WorkspaceCategory : OfConfig {
  key factSheetType : String(100);
  key name          : String(100);
      label         : String(255);
}

@plural: 'WorkspaceFields'
entity WorkspaceField : OfConfig {
  key factSheetType : String(100);
  key path          : String(255);
      label         : String(255);
      type          : String(50);
}

@plural: 'WorkspaceTags'
entity WorkspaceTag : OfConfig {
  key tagId   : String(64);
      name    : String(255);
      tagGroup : String(255);
}

/** A mapped path that LeanIX refused for the fact sheet type: not sent again until LeanIX accepts it. */
@plural: 'RefusedPaths'
entity RefusedPath : OfConfig {
  key factSheetType : String(100);
  key path          : String(255);
      reason        : String(1000);
      refusedAt     : Timestamp;
}

/** A package of the tenant's design time, as it was last read. */
@plural: 'DesignPackages'
entity DesignPackage : OfConfig {
  key packageId  : String(255);
      name       : String(500);
      modifiedAt : Timestamp;
      /** Which of its collections were read, separated by commas. */
      kinds      : String(500);
}

/** What the design time knows of an artifact, deployed or not. */
@plural: 'DesignArtifacts'
entity DesignArtifact : OfConfig {
  key kind            : String(100);
  key artifactId      : String(255);
  key packageId       : String(255);
      version         : String(50);
      description     : LargeString;
      sender          : String(500);
      receiver        : String(500);
      /** The version that was deployed when it was read. */
      deployedVersion : String(50);
}
