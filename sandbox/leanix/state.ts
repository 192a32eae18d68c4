import { createHash } from 'node:crypto';
import { defaultDataModel, fullNameOf, type DataModel } from './model.ts';
import type { ApiToken, Edit, FactSheet, Savepoint, Seed, SeedFactSheet, StateFile } from './types.ts';
import type { Mail, PermissionWrite, SeedUser, Tag, TagGroup, User, Workspace } from './types.ts';

export type * from './types.ts';

interface Change {
  at: number;
  id: string;
  before: FactSheet | undefined;
}

const DAY = 86_400_000;
const SEEDED_AT = '2024-01-01T00:00:00.000Z';
/** Longer than the lag of list queries in any test. */
const KEEP_CHANGES_MS = 10 * 60 * 1000;

/** The content of one workspace, in memory. */
export class LeanIXState {
  workspace: Workspace;
  apiTokens: ApiToken[];
  users: User[];
  /** invitations that went out by mail */
  mails: Mail[];
  /** since the start, in their order: for tests */
  permissionWrites: PermissionWrite[] = [];
  dataModel: DataModel;
  tagGroups: Map<string, TagGroup>;
  tags: Map<string, Tag>;
  factSheets = new Map<string, FactSheet>();
  /** counts all changes of fact sheets */
  version = 0;
  #counter: number;
  #changes: Change[] = [];
  /** ids of the active fact sheets by type and full name */
  #byFullName = new Map<string, Set<string>>();
  /** ids of the active fact sheets by field and external id */
  #byExternalId = new Map<string, Set<string>>();

  constructor(file: StateFile) {
    this.#counter = file.counter;
    this.workspace = file.workspace;
    this.apiTokens = file.apiTokens;
    this.users = file.users;
    this.mails = file.mails ?? [];
    this.dataModel = file.dataModel;
    this.tagGroups = new Map(file.tagGroups.map((group) => [group.id, group]));
    this.tags = new Map(file.tags.map((tag) => [tag.id, tag]));
    for (const factSheet of file.factSheets) this.#set(factSheet.id, factSheet);
  }

  /** The content for `JSON.stringify`; `restoreState` reads it back. */
  toJSON(): StateFile {
    return {
      counter: this.#counter,
      workspace: this.workspace,
      apiTokens: this.apiTokens,
      users: this.users,
      mails: this.mails,
      dataModel: this.dataModel,
      tagGroups: [...this.tagGroups.values()],
      tags: [...this.tags.values()],
      factSheets: [...this.factSheets.values()],
    };
  }

  /** A new id; the same workspace with the same history makes the same ids. */
  newId(): string {
    return uuid(`${this.workspace.id}#${this.#counter++}`);
  }

  /** Stores a fact sheet, new or changed, and computes its full name. */
  put(factSheet: FactSheet): FactSheet {
    const { id, type, name, fields } = factSheet;
    const stored = { ...factSheet, fullName: fullNameOf(this.dataModel, type, name, fields) };
    this.#changes.push({ at: Date.now(), id, before: this.factSheets.get(id) });
    this.#set(id, stored);
    return stored;
  }

  /** Adds a fact sheet as a user would, without the checks of the API. */
  add(seed: SeedFactSheet, createdAt = new Date().toISOString()): FactSheet {
    const externalId = seed.externalId === undefined ? {} : { externalId: { externalId: seed.externalId } };
    return this.put({
      id: seed.id ?? this.newId(),
      type: seed.type,
      name: seed.name,
      fullName: '',
      description: seed.description ?? null,
      status: seed.status ?? 'ACTIVE',
      lxState: 'BROKEN_QUALITY_SEAL',
      tags: (seed.tags ?? []).map((name) => this.tagByName(name).id),
      fields: { ...externalId, ...seed.fields },
      rev: 0,
      createdAt,
      updatedAt: createdAt,
      restricted: seed.restricted ?? false,
    });
  }

  /** Changes a fact sheet as another editor would: without the checks of the API, and increments `rev`. */
  edit(id: string, { tags, fields, ...changes }: Edit): FactSheet {
    const before = this.factSheets.get(id);
    if (!before) throw new Error(`The sandbox has no fact sheet ${id}.`);
    return this.put({
      ...before,
      ...changes,
      tags: tags ? tags.map((name) => this.tagByName(name).id) : before.tags,
      fields: { ...before.fields, ...fields },
      rev: before.rev + 1,
      updatedAt: new Date().toISOString(),
    });
  }

  /** The first fact sheet with this name, of the type if one is given. */
  findByName(name: string, type?: string): FactSheet | undefined {
    for (const sheet of this.factSheets.values()) {
      if (sheet.name === name && (!type || sheet.type === type)) return sheet;
    }
    return undefined;
  }

  /** Ids of active fact sheets of a type that have this full name. */
  withFullName(type: string, fullName: string): ReadonlySet<string> {
    return this.#byFullName.get(`${type}\n${fullName}`) ?? new Set();
  }

  /** Ids of active fact sheets that carry this external id in that field. */
  withExternalId(field: string, value: string): ReadonlySet<string> {
    return this.#byExternalId.get(`${field}\n${value}`) ?? new Set();
  }

  /** The tag of that name; one outside of groups comes first. Throws where there is none. */
  tagByName(name: string): Tag {
    const tag = this.findTag(name);
    if (!tag) throw new Error(`The sandbox has no tag "${name}".`);
    return tag;
  }

  findTag(name: string): Tag | undefined {
    const named = [...this.tags.values()].filter((tag) => tag.name === name);
    return named.find((tag) => tag.tagGroupId === null) ?? named[0];
  }

  /** Names of the tags of a fact sheet. */
  tagNames(id: string): string[] {
    return (this.factSheets.get(id)?.tags ?? []).flatMap((tagId) => this.tags.get(tagId)?.name ?? []);
  }

  addTag(name: string, tagGroupId: string | null, rest: { description?: string | null; color?: string } = {}): Tag {
    const { description = null, color = '#ffffff' } = rest;
    const tag: Tag = { id: this.newId(), name, description, color, status: 'ACTIVE', tagGroupId };
    this.tags.set(tag.id, tag);
    return tag;
  }

  addTagGroup(group: Omit<TagGroup, 'id'>): TagGroup {
    const added = { id: this.newId(), ...group };
    this.tagGroups.set(added.id, added);
    return added;
  }

  /** All fact sheets at a point in time, for list queries that lag behind. */
  factSheetsAsOf(time: number): FactSheet[] {
    const then = new Map<string, FactSheet | undefined>();
    for (let i = this.#changes.length - 1; i >= 0; i--) {
      const change = this.#changes[i];
      if (!change || change.at <= time) break;
      then.set(change.id, change.before);
    }
    if (!then.size) return [...this.factSheets.values()];
    const all = [...this.factSheets.values()].map((sheet) => (then.has(sheet.id) ? then.get(sheet.id) : sheet));
    return all.filter((sheet) => sheet !== undefined);
  }

  savepoint(): Savepoint {
    return { changes: this.#changes.length, tags: new Map(this.tags), tagGroups: new Map(this.tagGroups) };
  }

  /** Undoes everything since the savepoint. */
  rollback(savepoint: Savepoint): void {
    while (this.#changes.length > savepoint.changes) {
      const change = this.#changes.pop();
      if (change) this.#set(change.id, change.before);
    }
    this.tags = savepoint.tags;
    this.tagGroups = savepoint.tagGroups;
  }

  /** Drops changes that no list query can ask for any more. Invalidates savepoints. */
  forgetOldChanges(): void {
    const oldest = Date.now() - KEEP_CHANGES_MS;
    if ((this.#changes[0]?.at ?? oldest) < oldest) {
      this.#changes = this.#changes.filter((change) => change.at >= oldest);
    }
  }

  #set(id: string, factSheet: FactSheet | undefined): void {
    const before = this.factSheets.get(id);
    if (before) this.#index(before, (ids) => ids.delete(id));
    this.version++;
    if (!factSheet) {
      this.factSheets.delete(id);
      return;
    }
    this.factSheets.set(id, factSheet);
    this.#index(factSheet, (ids) => ids.add(id));
  }

  /** Changes the sets of ids in which an active fact sheet is found. */
  #index(factSheet: FactSheet, change: (ids: Set<string>) => void): void {
    if (factSheet.status !== 'ACTIVE') return;
    const externalIds = Object.keys(this.dataModel.externalIdFields).flatMap((field) => {
      const value = externalIdIn(factSheet, field);
      return value === undefined ? [] : [`${field}\n${value}`];
    });
    change(setOf(this.#byFullName, nameKey(factSheet)));
    for (const key of externalIds) change(setOf(this.#byExternalId, key));
  }
}

/** A new workspace with the content of the seed; the same seed makes the same ids. */
export function createState(seed: Seed): LeanIXState {
  const state = new LeanIXState({
    counter: 1,
    workspace: seed.workspace,
    apiTokens: seed.apiTokens.map((token) => ({ ...token })),
    users: [],
    dataModel: seed.dataModel ?? defaultDataModel(),
    tagGroups: [],
    tags: [],
    factSheets: [],
  });
  for (const user of seed.users ?? []) state.users.push(userOf(user));
  for (const { userId: id, name: userName, role } of state.apiTokens) {
    if (state.users.some((user) => user.id === id)) continue;
    state.users.push(userOf({ id, userName, email: '', role, technical: true }));
  }
  for (const { tags, shortName = null, restrictToFactSheetTypes = [], name, mode } of seed.tagGroups ?? []) {
    const group = { name, mode, shortName, restrictToFactSheetTypes, description: null, mandatory: false };
    const { id } = state.addTagGroup(group);
    for (const tag of tags) state.addTag(tag, id);
  }
  for (const tag of seed.tags ?? []) state.addTag(tag, null);
  for (const factSheet of seed.factSheets ?? []) state.add(factSheet, SEEDED_AT);
  // Read back once, so that lagging list queries see the seed.
  return restoreState(state.toJSON());
}

/** A workspace from the content of its file. */
export function restoreState(file: StateFile): LeanIXState {
  return new LeanIXState(file);
}

function userOf({ lastLoginDaysAgo, ...user }: SeedUser): User {
  const id = user.id ?? uuid(`user ${user.email}`);
  return {
    userName: user.email,
    firstName: '',
    lastName: '',
    department: null,
    status: 'ACTIVE',
    technical: false,
    scimManaged: false,
    ...user,
    id,
    permissionId: uuid(`permission of ${id}`),
    lastLogin: lastLoginDaysAgo === undefined ? null : new Date(Date.now() - lastLoginDaysAgo * DAY).toISOString(),
    invitedById: null,
  };
}

/** The external id in a field of a fact sheet, if it has one. */
export function externalIdIn(sheet: FactSheet, field: string): string | undefined {
  return (sheet.fields[field] as { externalId?: string } | null | undefined)?.externalId;
}

function setOf(index: Map<string, Set<string>>, key: string): Set<string> {
  const found = index.get(key) ?? new Set<string>();
  index.set(key, found);
  return found;
}

function nameKey(factSheet: FactSheet): string {
  return `${factSheet.type}\n${factSheet.fullName}`;
}

/** An id in the form of a UUID, always the same for a text. */
export function uuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
