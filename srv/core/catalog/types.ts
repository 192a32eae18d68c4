/**
 * The plain data that the pure core works on. No CAP, no HTTP: rows of the database and answers of LeanIX are brought
 * into these shapes at the edges.
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

/** A value that LeanIX stored differently than it was sent. The difference does not count as a change. */
export type ReturnedValue = { sent: string; got: string | null };

/**
 * A create that LeanIX refused because the name is taken: the fingerprint of what was to be written, and who had the
 * name then, as in `MatchResult`.
 */
export type Clash = { plan: string; namesakes: string[] };

/** The stored relation of an iFlow to a fact sheet. */
export type Link = {
  status: LinkStatus;
  matchedBy: MatchedBy | null;
  factSheetId: string | null;
  /** Ids of tags that this configuration put on the fact sheet. */
  ownedTags: string[];
  /** Values that LeanIX stored differently, by path, such as `/description`. */
  echoes: Record<string, ReturnedValue>;
  /** Ids of fact sheets that a person unlinked: never matched again by themselves. */
  refused: string[];
  /** Until the iFlow is linked, or somebody decides otherwise. */
  clash: Clash | null;
};

/** A tag of the workspace's library. */
export type Tag = {
  id: string;
  name: string;
  /** Null for a tag outside any group. */
  group: { id: string; name: string; mode: 'SINGLE' | 'MULTIPLE'; restrictToFactSheetTypes: string[] } | null;
};

/** The few facts that matching needs. */
export type FactSheetRef = {
  id: string;
  name: string;
  type: string;
  description: string | null;
  /** The text in the field `externalId`, null where the type has none. */
  externalId: string | null;
};

/** A fact sheet with the owned fields, as read from LeanIX. */
export type FactSheet = FactSheetRef & {
  displayName: string | null;
  rev: number;
  status: 'ACTIVE' | 'ARCHIVED';
  tagIds: string[];
  /** Further fields that were asked for, by name (without slash), as GraphQL returned them. */
  fields: Record<string, unknown>;
};

/** A field of a fact sheet type in the workspace's data model. */
export type Field = { name: string; type: string; values: { key: string; label: string }[] };

export type WriteMode = 'always' | 'onCreate';

/** One row of the field mapping. */
export type Mapping = { iflowField: string; leanixPath: string; writeMode: WriteMode; position: number };

/** A patch as LeanIX takes it: the value is always text. */
export type Patch = { op: 'add' | 'replace' | 'remove'; path: string; value?: string };

/** What a person sees of a patch. */
export type Change = { path: string; before: string | null; after: string | null };

/** Something that was left out, with the reason. `code` is a key of `_i18n/messages.properties`. */
export type Warning = { code: string; args: string[] };

/** Everything `plan` needs to know of a configuration and its workspace. */
export type Rules = {
  factSheetType: string;
  /**
   * Lower case, without a default port, such as `tenant.it-cpi018.cfapps.eu10.hana.ondemand.com`; with
   * `/location/<id>` behind it for a runtime location.
   */
  tenantHost: string;
  /** Fact sheets that other configurations are linked to, as far as they matter: their external id stays. */
  linkedElsewhere?: ReadonlySet<string>;
  /** Whether the type has the field `externalId` in the workspace's data model. */
  hasExternalId: boolean;
  /** Ordered by position. */
  mappings: Mapping[];
  /** Key or label of an option of the field `category`; null leaves the field alone. */
  category: string | null;
  /** The default tags, found in the library. */
  defaultTags: Tag[];
  /** The whole library, for tags that are mapped by name. */
  library: Tag[];
  /** Fields of the type in the data model, by name. */
  fields: Map<string, Field>;
  /** Paths that LeanIX refuses for this type, with its reason: left out of the whole run. */
  refusedPaths: Map<string, string>;
  /** ISO time that goes into the standard block. */
  now: string;
};

/** What would be written for one iFlow. */
export type Plan = {
  action: 'create' | 'update' | 'none';
  /** The name to create with; null unless `action` is `create`. */
  name: string | null;
  patches: Patch[];
  changes: Change[];
  warnings: Warning[];
  /** Ids of the tags that this configuration owns on the fact sheet once the plan is carried out. */
  ownedTags: string[];
};
