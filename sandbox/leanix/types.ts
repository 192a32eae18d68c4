import type { DataModel } from './model.ts';

export type Role = 'ADMIN' | 'MEMBER' | 'VIEWER';
export type Status = 'ACTIVE' | 'ARCHIVED';

/** What a workspace begins with. */
export interface Seed {
  workspace: Workspace;
  apiTokens: ApiToken[];
  tagGroups?: SeedTagGroup[];
  /** names of tags outside of groups */
  tags?: string[];
  factSheets?: SeedFactSheet[];
  users?: SeedUser[];
  /** the file beside this one, unless given */
  dataModel?: DataModel;
}

export interface SeedTagGroup {
  name: string;
  shortName?: string;
  mode: 'SINGLE' | 'MULTIPLE';
  restrictToFactSheetTypes?: string[];
  tags: string[];
}

export interface SeedFactSheet {
  type: string;
  name: string;
  description?: string;
  /** value of the field `externalId` */
  externalId?: string;
  /** names of tags */
  tags?: string[];
  status?: Status;
  /** hidden from API tokens altogether */
  restricted?: boolean;
  /**
   * Values by field name: the key of a select, a list of keys, text, number, `{ plan: '2024-01-01' }` for a lifecycle,
   * `{ externalId: '…' }` for an external id.
   */
  fields?: Record<string, unknown>;
  id?: string;
}

/** A permission's role: those of people, and those that only technical users have. */
export type PermissionRole = Role | 'CONTACT' | 'SYSTEM_READ' | 'SYSTEM_WRITE' | 'SYSTEM_AS_USER' | 'TRANSIENT';
export type PermissionStatus = 'NOTINVITED' | 'ACTIVE' | 'ARCHIVED' | 'INVITED' | 'REQUESTED' | 'ANONYMIZED';

export interface SeedUser {
  id?: string;
  email: string;
  /** the e-mail address, unless given */
  userName?: string;
  firstName?: string;
  lastName?: string;
  department?: string;
  role: PermissionRole;
  status?: PermissionStatus;
  technical?: boolean;
  /** kept by a SCIM client of the account */
  scimManaged?: boolean;
  /** never logged in, unless given */
  lastLoginDaysAgo?: number;
}

export interface Workspace {
  id: string;
  name: string;
  accountId: string;
  accountName?: string;
}

/** A technical user with its secret; `expiresOn` is an ISO date or time. */
export interface ApiToken {
  token: string;
  expiresOn?: string;
  role: Role;
  userId: string;
  name: string;
}

/** Somebody with a permission for the workspace: everybody has exactly one. */
export interface User extends Required<Omit<SeedUser, 'department' | 'lastLoginDaysAgo'>> {
  permissionId: string;
  department: string | null;
  /** an ISO time */
  lastLogin: string | null;
  invitedById: string | null;
}

/** A request to change a permission, and its result: `before` is null if there was none. */
export interface PermissionWrite {
  userId: string;
  before: { role: PermissionRole; status: PermissionStatus } | null;
  after: { role: PermissionRole; status: PermissionStatus };
}

/** A mail that LeanIX would have sent. */
export interface Mail {
  to: string;
  message: string;
}

export interface TagGroup {
  id: string;
  name: string;
  shortName: string | null;
  description: string | null;
  mode: 'SINGLE' | 'MULTIPLE';
  mandatory: boolean;
  restrictToFactSheetTypes: string[];
}

export interface Tag {
  id: string;
  name: string;
  description: string | null;
  color: string;
  status: string;
  tagGroupId: string | null;
}

/** A stored fact sheet is never changed: each change puts a new object in its place. */
export interface FactSheet {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  /** computed by the naming rule of the type */
  readonly fullName: string;
  readonly description: string | null;
  readonly status: Status;
  readonly lxState: string;
  /** ids of tags */
  readonly tags: readonly string[];
  readonly fields: Readonly<Record<string, unknown>>;
  readonly rev: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly restricted: boolean;
}

/** What a person can change in a fact sheet; `tags` are names, `fields` are merged. */
export interface Edit extends Partial<Pick<FactSheet, 'name' | 'description' | 'status' | 'lxState' | 'restricted'>> {
  tags?: string[];
  fields?: Record<string, unknown>;
}

/** A savepoint. */
export interface Savepoint {
  changes: number;
  tags: Map<string, Tag>;
  tagGroups: Map<string, TagGroup>;
}

/** A workspace as a file holds it. */
export interface StateFile {
  counter: number;
  workspace: Workspace;
  apiTokens: ApiToken[];
  users: User[];
  mails?: Mail[];
  dataModel: DataModel;
  tagGroups: TagGroup[];
  tags: Tag[];
  factSheets: FactSheet[];
}
