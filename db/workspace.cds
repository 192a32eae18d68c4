/** Data about the two remote systems, for value helps and to save requests. */
namespace leanix;

using {leanix.LeanIXConfig} from './schema';

/** Belongs to a configuration that is saved or still a draft, so it has its ID and no foreign key. */
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

/** A package in the design time of the tenant, as of the last read. */
@plural: 'DesignPackages'
entity DesignPackage : OfConfig {
  key packageId  : String(255);
      name       : String(500);
      modifiedAt : Timestamp;
      /** The collections of the package that were read, separated by commas. */
      kinds      : String(500);
}

/** An artifact in the design time, deployed or not. */
@plural: 'DesignArtifacts'
entity DesignArtifact : OfConfig {
  key kind            : String(100);
  key artifactId      : String(255);
  key packageId       : String(255);
      version         : String(50);
      description     : LargeString;
      sender          : String(500);
      receiver        : String(500);
      /** The version that was deployed at that time. */
      deployedVersion : String(50);
}
