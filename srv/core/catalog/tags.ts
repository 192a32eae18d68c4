import { normalizeName } from './match.ts';
import type { FactSheet, Link, Tag, Warning } from './types.ts';

/** The tag with a name, or why there is none. */
export type FoundTag = { tag: Tag; warning: null } | { tag: null; warning: Warning };

/** What to do with the tags of one fact sheet. */
export type TagPlan = {
  /** IDs of tags to append; empty if there is a `replacement`. */
  added: string[];
  /** The whole new list if an owned tag must be removed; else null. */
  replacement: string[] | null;
  /** Ids of the tags that this configuration owns afterwards. */
  owned: string[];
  warnings: Warning[];
};

/** The wanted tags of one fact sheet. */
export type WantedTags = {
  /** Added and owned, in this order of precedence. */
  owned: readonly Tag[];
  /** Added when the fact sheet is created, and maintained by users afterwards. */
  once: readonly Tag[];
  /** A mapped tag has no value this time: the one added for it before must stay. */
  unsure: boolean;
};

/** The names in a text such as `CPI-Managed, SAP-Integration`, without blanks and repetitions. */
export function tagNames(text: string | null): string[] {
  const names = (text ?? '').split(',').map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ''))];
}

/**
 * Finds a tag of the library by its name, ignoring case. If several groups have the name, `Group/Tag` identifies the
 * tag. Groups restricted to other fact sheet types are excluded first.
 * @returns `TAG_UNKNOWN` (name), `TAG_AMBIGUOUS` (name, groups) or `TAG_NOT_ALLOWED` (name, type, group) without a tag
 */
export function findTag(name: string, library: readonly Tag[], factSheetType: string): FoundTag {
  const wanted = normalizeName(name);
  const { byName, byLongName } = indexOf(library);
  const found = byName.get(wanted) ?? byLongName.get(wanted) ?? [];
  if (found.length === 0) return { tag: null, warning: { code: 'TAG_UNKNOWN', args: [name] } };

  const allowed = found.filter((tag) => isAllowed(tag, factSheetType));
  const [first] = found;
  if (allowed.length === 0) {
    return { tag: null, warning: { code: 'TAG_NOT_ALLOWED', args: [name, factSheetType, first?.group?.name ?? ''] } };
  }
  const exact = allowed.filter((tag) => tag.name === name.trim() || longName(tag) === name.trim());
  const [tag, ...others] = exact.length > 0 ? exact : allowed;
  if (tag && others.length === 0) return { tag, warning: null };
  const groups = allowed.map(longName).sort().join(', ');
  return { tag: null, warning: { code: 'TAG_AMBIGUOUS', args: [name, groups] } };
}

/**
 * Finds the tags in the field with the default tags.
 * @returns also one warning for each name without a tag: as in `findTag`, with `DEFAULT_` before the code
 */
export function findDefaultTags(
  text: string | null,
  library: readonly Tag[],
  factSheetType: string,
): { tags: Tag[]; warnings: Warning[] } {
  const found = tagNames(text).map((name) => findTag(name, library, factSheetType));
  return {
    tags: [...new Set(found.flatMap(({ tag }) => tag ?? []))],
    warnings: found.flatMap(({ warning }) => (warning ? { ...warning, code: `DEFAULT_${warning.code}` } : [])),
  };
}

/**
 * Plans the tags of one fact sheet. Tags are appended. The list is replaced only if a tag that this configuration added
 * no longer applies. Tags of others always stay and are never owned: in a group that allows one tag only, theirs wins
 * (`TAG_GROUP_TAKEN`: name, group, the existing tag).
 * @param factSheet null before it is created
 * @param factSheetType the type of the fact sheet to write (`TAG_NOT_ALLOWED` as in `findTag`)
 */
export function planTags(
  wanted: WantedTags,
  factSheet: Pick<FactSheet, 'tagIds'> | null,
  link: Pick<Link, 'ownedTags'>,
  library: readonly Tag[],
  factSheetType: string,
): TagPlan {
  const { byId } = indexOf(library);
  const current = factSheet?.tagIds ?? [];
  const wantedIds = new Set([...wanted.owned, ...wanted.once].map(({ id }) => id));
  const owned = current.filter((id) => link.ownedTags.includes(id));
  const unwanted = owned.filter((id) => !wantedIds.has(id));
  const foreign = current.filter((id) => !owned.includes(id));

  const taken = new Map<string, string>();
  for (const id of foreign) occupy(byId.get(id), taken);
  const warnings: Warning[] = [];
  const fits = (tag: Tag) => {
    if (foreign.includes(tag.id)) return true;
    if (!isAllowed(tag, factSheetType)) {
      warnings.push({ code: 'TAG_NOT_ALLOWED', args: [tag.name, factSheetType, tag.group?.name ?? ''] });
      return false;
    }
    const holder = tag.group?.mode === 'SINGLE' ? taken.get(tag.group.id) : undefined;
    if (holder === undefined || holder === tag.id) return true;
    const held = byId.get(holder)?.name ?? holder;
    warnings.push({ code: 'TAG_GROUP_TAKEN', args: [tag.name, tag.group?.name ?? '', held] });
    return false;
  };
  const accepted: Tag[] = [];
  const once = factSheet === null ? wanted.once : wanted.once.filter(({ id }) => owned.includes(id));
  for (const tag of [...wanted.owned, ...once]) {
    if (accepted.some(({ id }) => id === tag.id) || !fits(tag)) continue;
    accepted.push(tag);
    occupy(tag, taken);
  }

  const acceptedIds = accepted.map(({ id }) => id);
  const staying = (id: string) => wanted.unsure && unwanted.includes(id) && !isSuperseded(byId.get(id), accepted);
  const gone = owned.filter((id) => !acceptedIds.includes(id) && !staying(id));
  const added = acceptedIds.filter((id) => !current.includes(id));
  const ownedNow = new Set(factSheet === null ? wanted.owned.map(({ id }) => id) : acceptedIds);
  return {
    added: gone.length > 0 ? [] : added,
    replacement: gone.length > 0 ? [...current.filter((id) => !gone.includes(id)), ...added] : null,
    owned: [...owned.filter((id) => !gone.includes(id)), ...added.filter((id) => ownedNow.has(id))],
    warnings,
  };
}

/** The names of tags for users, in a stable order; null for none. */
export function tagText(ids: readonly string[], library: readonly Tag[]): string | null {
  const { byId } = indexOf(library);
  const names = ids.map((id) => byId.get(id)?.name ?? id).sort();
  return names.length > 0 ? names.join(', ') : null;
}

/** The value of a patch on `/tags`. */
export function tagValue(ids: readonly string[]): string {
  return JSON.stringify(ids.map((tagId) => ({ tagId })));
}

type LibraryIndex = { byId: Map<string, Tag>; byName: Map<string, Tag[]>; byLongName: Map<string, Tag[]> };

const indexes = new WeakMap<readonly Tag[], LibraryIndex>();

/** The library is searched for every iFlow, and does not change meanwhile. */
function indexOf(library: readonly Tag[]): LibraryIndex {
  let index = indexes.get(library);
  if (!index) {
    index = {
      byId: new Map(library.map((tag) => [tag.id, tag])),
      byName: Map.groupBy(library, (tag) => normalizeName(tag.name)),
      byLongName: Map.groupBy(library, (tag) => normalizeName(longName(tag))),
    };
    indexes.set(library, index);
  }
  return index;
}

/** Notes that a group for one tag is full. */
function occupy(tag: Tag | undefined, taken: Map<string, string>): void {
  if (tag?.group?.mode === 'SINGLE' && !taken.has(tag.group.id)) taken.set(tag.group.id, tag.id);
}

/** Whether a tag must give way to another one, in a group that allows one tag only. */
function isSuperseded(tag: Tag | undefined, by: readonly Tag[]): boolean {
  const { id, mode } = tag?.group ?? {};
  return mode === 'SINGLE' && by.some(({ group }) => group?.id === id);
}

function isAllowed({ group }: Tag, factSheetType: string): boolean {
  const types = group?.restrictToFactSheetTypes ?? [];
  return types.length === 0 || types.includes(factSheetType);
}

function longName({ name, group }: Tag): string {
  return group ? `${group.name}/${name}` : name;
}
