import type { FactSheet, FactSheetRef, IFlow, Link, MatchedBy } from './types.ts';

/** The match of one iFlow in the workspace. */
export type MatchResult = {
  status: 'linked' | 'notLinked' | 'ambiguous';
  /** Null unless `linked`. A stored link keeps how it was matched. */
  matchedBy: MatchedBy | null;
  /** Null unless `linked`. */
  factSheetId: string | null;
  /** The linked fact sheet as it was read; null unless `linked`, and if it is not visible. */
  factSheet: FactSheet | null;
  /** The fact sheets to choose from, sorted by name and ID; empty unless `ambiguous`. */
  candidates: FactSheetRef[];
  /**
   * The fact sheet of the stored link is neither active nor archived: it is restricted, or was not read. The link
   * stays.
   */
  notVisible: boolean;
  /**
   * Fact sheets with the name of the iFlow that it is not linked to, as `<id>:<revision>`, sorted: those that a user
   * unlinked, or that document other iFlows. Null unless `notLinked`, and if they were not searched.
   */
  namesakes: string[] | null;
};

export type MatchOptions = {
  /** As in the external id, see `externalIdOf`. */
  tenantHost: string;
  /** Only fact sheets of this type are matched by external ID or name. */
  factSheetType: string;
  /** Whether that type has the field `externalId`. Without it, only stored links and names count. */
  hasExternalId: boolean;
  /** Fact sheets linked to other configurations: never matched by name. */
  taken?: ReadonlySet<string>;
};

/** Collects pages of fact sheets and keeps those that matter for an iFlow. */
export type MatchIndex = {
  /**
   * Adds one page, in any order and of any type, including archived fact sheets. A fact sheet that comes twice counts
   * once, with its highest revision.
   */
  add(page: readonly FactSheet[]): void;
  /** IDs of stored links whose fact sheet was not added yet. Read them by ID, including archived ones. */
  missing(): string[];
  /**
   * The number of iFlows without a stored link, or with an archived fact sheet. Unless it is 0, all pages of the
   * configured type must be added before the result counts.
   */
  unsettled(): number;
  /** The result by `IFlow.ID`, for every iFlow of the index. */
  result(): Map<string, MatchResult>;
};

const PREFIX = 'cpi:';

/**
 * The external ID of an iFlow's fact sheet: `cpi:<tenant host>/<artifact id>`, or `cpi:<tenant
 * host>/location/<id>/<artifact id>` for a runtime location, whose ID follows the host in `tenantHost`. The host is in
 * lower case. The other IDs stay as they are, since Cloud Integration distinguishes case.
 */
export function externalIdOf(tenantHost: string, artifactId: string): string {
  const [host = '', ...location] = tenantHost.split('/');
  return PREFIX + [host.toLowerCase(), ...location, artifactId].join('/');
}

/**
 * The external ID that older versions wrote for an iFlow of a runtime location.
 * @returns null for a tenant without a location
 */
export function formerExternalIdOf(tenantHost: string, artifactId: string): string | null {
  const [host = '', ...location] = tenantHost.split('/');
  return location.length ? externalIdOf(host, artifactId) : null;
}

/** Whether an external ID is that of an iFlow of any tenant. Other tools may write there too. */
export function isExternalId(text: string | null): text is string {
  return text !== null && text.startsWith(PREFIX);
}

/**
 * The form in which names are compared: Unicode NFC, trimmed, white space collapsed to one blank, case folded (`ß`
 * equals `SS`). Names that look the same are the same; accents still make a difference.
 */
export function normalizeName(name: string): string {
  // A shortcut: nearly all names are plain, and there are tens of thousands.
  if (PLAIN.test(name)) return name.toLowerCase();
  const folded = name.normalize('NFC').toLowerCase().toUpperCase().toLowerCase();
  return folded.normalize('NFC').replace(/\s+/g, ' ').trim();
}

/** Words of printable ASCII with single blanks: only their case must be folded. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;

/**
 * An index for the given iFlows, to which pages of fact sheets are added.
 *
 * A workspace may have 50,000 fact sheets of a type. Only possible matches are kept.
 * @param iflows the iFlows to match; an undeployed iFlow claims a name like any other, so leave it out if it should not
 * @param links the stored links by `IFlow.ID`; an iFlow without one has never been matched
 */
export function createIndex(
  iflows: readonly IFlow[],
  links: ReadonlyMap<string, Link>,
  options: MatchOptions,
): MatchIndex {
  const linkedIds = new Set<string>();
  for (const { ID } of iflows) {
    const id = links.get(ID)?.factSheetId;
    if (id) linkedIds.add(id);
  }
  const names = new Set(iflows.map(({ name }) => normalizeName(name)).filter((name) => name !== ''));
  const externalIds = new Set(iflows.map(({ artifactId }) => externalIdOf(options.tenantHost, artifactId)));
  const kept = new Map<string, FactSheet>();

  const matters = (factSheet: FactSheet) =>
    linkedIds.has(factSheet.id) ||
    (factSheet.type === options.factSheetType &&
      factSheet.status === 'ACTIVE' &&
      ((factSheet.externalId !== null && externalIds.has(factSheet.externalId)) ||
        names.has(normalizeName(factSheet.name))));

  return {
    add(page) {
      for (const factSheet of page) {
        const before = kept.get(factSheet.id);
        if (before ? before.rev < factSheet.rev : matters(factSheet)) kept.set(factSheet.id, factSheet);
      }
    },
    missing: () => [...linkedIds].filter((id) => !kept.has(id)),
    unsettled: () => iflows.filter(({ ID }) => byStoredLink(links.get(ID), kept) === null).length,
    result: () => matchAll(iflows, links, options, kept),
  };
}

/** Applies the three rules in order. The result for one iFlow does not depend on the order of the input. */
function matchAll(
  iflows: readonly IFlow[],
  links: ReadonlyMap<string, Link>,
  options: MatchOptions,
  kept: ReadonlyMap<string, FactSheet>,
): Map<string, MatchResult> {
  const results = new Map<string, MatchResult>();
  const held = new Set<string>();
  const open: IFlow[] = [];

  for (const iflow of iflows) {
    const result = byStoredLink(links.get(iflow.ID), kept);
    if (result?.factSheetId) held.add(result.factSheetId);
    if (result) results.set(iflow.ID, result);
    else open.push(iflow);
  }

  const eligible = [...kept.values()].filter((f) => f.status === 'ACTIVE' && f.type === options.factSheetType);
  const byExternalId = Map.groupBy(eligible, (factSheet) => factSheet.externalId);
  const byName = Map.groupBy(eligible, (factSheet) => normalizeName(factSheet.name));
  const claims: { iflow: IFlow; found: FactSheet[] }[] = [];

  for (const iflow of open) {
    const refused = new Set(links.get(iflow.ID)?.refused);
    const own = options.hasExternalId ? externalIdOf(options.tenantHost, iflow.artifactId) : null;
    const same = own === null ? [] : (byExternalId.get(own) ?? []).filter(({ id }) => !refused.has(id));
    const [only] = same;
    if (only) {
      const certain = same.length === 1 && !held.has(only.id);
      results.set(iflow.ID, certain ? linked(only, 'externalId') : ambiguous(same));
      continue;
    }
    const name = normalizeName(iflow.name);
    const found = (name === '' ? [] : (byName.get(name) ?? [])).filter(
      ({ id, externalId }) =>
        !refused.has(id) && !held.has(id) && !options.taken?.has(id) && !isForeignIFlow(externalId, own),
    );
    claims.push({ iflow, found });
  }

  const claimed = Map.groupBy(
    claims.flatMap(({ found }) => found),
    ({ id }) => id,
  );
  for (const { iflow, found } of claims) {
    const [only] = found;
    const certain = only !== undefined && found.length === 1 && claimed.get(only.id)?.length === 1;
    const none = () => ({ ...NOT_LINKED, candidates: [], namesakes: namesakesOf(iflow, byName) });
    results.set(iflow.ID, certain ? linked(only, 'name') : only ? ambiguous(found) : none());
  }
  return results;
}

function namesakesOf({ name }: IFlow, byName: ReadonlyMap<string, FactSheet[]>): string[] {
  return (byName.get(normalizeName(name)) ?? []).map(({ id, rev }) => `${id}:${rev}`).sort();
}

/** Rule 1. Null if there is no stored link, or if its fact sheet is archived. */
function byStoredLink(link: Link | undefined, kept: ReadonlyMap<string, FactSheet>): MatchResult | null {
  if (!link?.factSheetId) return null;
  const factSheet = kept.get(link.factSheetId);
  if (factSheet) return factSheet.status === 'ACTIVE' ? linked(factSheet, link.matchedBy) : null;
  const { matchedBy, factSheetId } = link;
  return { ...NOT_LINKED, status: 'linked', matchedBy, factSheetId, candidates: [], notVisible: true };
}

/** Whether an external ID belongs to another iFlow of any tenant. */
function isForeignIFlow(externalId: string | null, own: string | null): boolean {
  return isExternalId(externalId) && externalId !== own;
}

const NOT_LINKED: MatchResult = {
  status: 'notLinked',
  matchedBy: null,
  factSheetId: null,
  factSheet: null,
  candidates: [],
  notVisible: false,
  namesakes: null,
};

function linked(factSheet: FactSheet, matchedBy: MatchedBy | null): MatchResult {
  return { ...NOT_LINKED, status: 'linked', matchedBy, factSheetId: factSheet.id, factSheet, candidates: [] };
}

function ambiguous(found: readonly FactSheet[]): MatchResult {
  const candidates = found.map(({ id, name, type, description, externalId }) => ({
    id,
    name,
    type,
    description,
    externalId,
  }));
  candidates.sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id));
  return { ...NOT_LINKED, status: 'ambiguous', candidates };
}

/** By code unit, so that the order is the same everywhere. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
