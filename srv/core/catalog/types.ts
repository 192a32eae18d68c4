/**
 * The plain data of the pure core, without CAP and HTTP. Database rows and answers of LeanIX are converted into these
 * types at the edges.
 */

/** Status of a deployed artifact in the words of the Cloud Integration monitor. */
export type IFlowStatus = 'Started' | 'Starting' | 'Stopping' | 'Stopped' | 'Error' | 'Undeployed' | 'Unknown';

/** One artifact deployed on the tenant, as of the last refresh. */
export type IFlow = {
  ID: string;
  artifactId: string;
  name: string;
  version: string | null;
  description: string | null;
  packageId: string | null;
  packageName: string | null;
  type: string;
  status: IFlowStatus;
  sender: string | null;
  receiver: string | null;
  deployedBy: string | null;
  deployedOn: string | null;
};

export type LinkStatus = 'unknown' | 'linked' | 'notLinked' | 'ambiguous';
export type MatchedBy = 'externalId' | 'name' | 'manual';

/** A value that LeanIX stored differently than sent. The difference is not a change. */
export type ReturnedValue = { sent: string; got: string | null };

/**
 * A create that LeanIX refused because the name is taken: the fingerprint of the plan, and who had the name then, as in
 * `MatchResult`.
 */
export type Clash = { plan: string; namesakes: string[] };

/** The stored link of an iFlow to a fact sheet. */
export type Link = {
  status: LinkStatus;
  matchedBy: MatchedBy | null;
  factSheetId: string | null;
  /** IDs of tags that this configuration added to the fact sheet. */
  ownedTags: string[];
  /** Values that LeanIX stored differently, by path, such as `/description`. */
  echoes: Record<string, ReturnedValue>;
  /** IDs of fact sheets that a user unlinked: never matched automatically again. */
  refused: string[];
  /** Until the iFlow is linked, or a user decides otherwise. */
  clash: Clash | null;
};

/** A tag of the workspace's library. */
export type Tag = {
  id: string;
  name: string;
  /** Null for a tag outside any group. */
  group: { id: string; name: string; mode: 'SINGLE' | 'MULTIPLE'; restrictToFactSheetTypes: string[] } | null;
};

/** The facts needed for matching. */
export type FactSheetRef = {
  id: string;
  name: string;
  type: string;
  description: string | null;
  /** The value of the field `externalId`; null if the type has none. */
  externalId: string | null;
};

/** A fact sheet with the owned fields, as read from LeanIX. */
export type FactSheet = FactSheetRef & {
  displayName: string | null;
  rev: number;
  status: 'ACTIVE' | 'ARCHIVED';
  tagIds: string[];
  /** Further fields by name (without slash), as GraphQL returned them. */
  fields: Record<string, unknown>;
};

/** A field of a fact sheet type in the workspace's data model. */
export type Field = { name: string; type: string; values: { key: string; label: string }[] };

export type WriteMode = 'always' | 'onCreate';

/** One row of the field mapping. */
export type Mapping = { iflowField: string; leanixPath: string; writeMode: WriteMode; position: number };

/** A patch as LeanIX accepts it: the value is always a string. */
export type Patch = { op: 'add' | 'replace' | 'remove'; path: string; value?: string };

/** A patch as users see it. */
export type Change = { path: string; before: string | null; after: string | null };

/** Something that was left out, with the reason. `code` is a key of `_i18n/messages.properties`. */
export type Warning = { code: string; args: string[] };

/** Everything that `plan` needs to know about a configuration and its workspace. */
export type Rules = {
  factSheetType: string;
  /**
   * Lower case, without a default port, such as `tenant.it-cpi018.cfapps.eu10.hana.ondemand.com`; with
   * `/location/<id>` behind it for a runtime location.
   */
  tenantHost: string;
  /** Relevant fact sheets linked to other configurations: their external ID stays. */
  linkedElsewhere?: ReadonlySet<string>;
  /** Whether the type has the field `externalId` in the workspace's data model. */
  hasExternalId: boolean;
  /** Ordered by position. */
  mappings: Mapping[];
  /** Key or label of an option of the field `category`; null leaves the field unchanged. */
  category: string | null;
  /** The default tags found in the library. */
  defaultTags: Tag[];
  /** The whole library, for tags mapped by name. */
  library: Tag[];
  /** Fields of the type in the data model, by name. */
  fields: Map<string, Field>;
  /** Paths that LeanIX refuses for this type, with its reason: left out in the whole run. */
  refusedPaths: Map<string, string>;
  /** ISO time that goes into the standard block. */
  now: string;
};

/** The changes planned for one iFlow. */
export type Plan = {
  action: 'create' | 'update' | 'none';
  /** The name to create with; null unless `action` is `create`. */
  name: string | null;
  patches: Patch[];
  changes: Change[];
  warnings: Warning[];
  /** IDs of the tags that this configuration owns on the fact sheet after the plan is executed. */
  ownedTags: string[];
};
