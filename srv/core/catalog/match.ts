import type { FactSheet, FactSheetRef, IFlow, Link, MatchedBy } from './types.ts';

/** What connects one iFlow to the workspace. */
export type MatchResult = {
  status: 'linked' | 'notLinked' | 'ambiguous';
  /** Null unless `linked`. A stored link keeps what it was matched by. */
  matchedBy: MatchedBy | null;
  /** Null unless `linked`. */
  factSheetId: string | null;
  /** The linked fact sheet as it was read; null unless `linked`, and while it is not visible. */
  factSheet: FactSheet | null;
  /** What a person may choose from, sorted by name and id; empty unless `ambiguous`. */
  candidates: FactSheetRef[];
  /** The stored link's fact sheet was seen neither active nor archived: restricted, or not read. The link stays. */
  notVisible: boolean;
  /**
   * Fact sheets with the iFlow's name that it is not linked to, as `<id>:<revision>`, sorted: those that a person unlinked,
   * or that document other iFlows. Null unless `notLinked`, and where they were not looked for.
   */
  namesakes: string[] | null;
};

export type MatchOptions = {
  /** As in the external id, see `externalIdOf`. */
  tenantHost: string;
  /** Only fact sheets of this type are found by external id or name. */
  factSheetType: string;
  /** Whether that type has the field `externalId`; without it only stored links and names count. */
  hasExternalId: boolean;
  /** Fact sheets that other configurations are linked to: never found by name. */
  taken?: ReadonlySet<string>;
};

/** Collects pages of fact sheets and keeps those that matter to some iFlow. */
export type MatchIndex = {
  /**
   * Takes in one page, in any order and of any type; archived fact sheets too. A fact sheet that comes twice counts
   * once, with its highest revision.
   */
  add(page: readonly FactSheet[]): void;
  /** Ids of stored links whose fact sheet has not come in yet: to be read by id, archived ones included. */
  missing(): string[];
  /**
   * How many iFlows their stored link does not settle: none is stored, or its fact sheet is known to be archived. Unless
   * this is 0, all pages of the configured type have to come in before the result counts.
   */
  unsettled(): number;
  /** The result by `IFlow.ID`, for every iFlow that the index was made for. */
  result(): Map<string, MatchResult>;
};

const PREFIX = 'cpi:';

/**
 * The external id of an iFlow's fact sheet: `cpi:<tenant host>/<artifact id>`, or
 * `cpi:<tenant host>/location/<id>/<artifact id>` for a runtime location, whose id stands behind the host in
 * `tenantHost`. The host is brought to lower case; the other ids stay as they are, since Cloud Integration tells them
 * apart by case.
 */
export function externalIdOf(tenantHost: string, artifactId: string): string {
  const [host = '', ...location] = tenantHost.split('/');
  return PREFIX + [host.toLowerCase(), ...location, artifactId].join('/');
}

/**
 * The external id that this product wrote for an iFlow of a runtime location before locations were told apart.
 * @returns null for a tenant without a location
 */
export function formerExternalIdOf(tenantHost: string, artifactId: string): string | null {
  const [host = '', ...location] = tenantHost.split('/');
  return location.length ? externalIdOf(host, artifactId) : null;
}

/** Whether an external id is that of an iFlow, of whatever tenant; other tools may write there too. */
export function isExternalId(text: string | null): text is string {
  return text !== null && text.startsWith(PREFIX);
}

/**
 * The form in which names are compared: Unicode NFC, trimmed, each run of white space one blank, case folded (`ß`
 * equals `SS`). Two names that a person reads as the same are the same; accents still tell names apart.
 */
export function normalizeName(name: string): string {
  // A shortcut: nearly all names are plain, and there are tens of thousands.
  if (PLAIN.test(name)) return name.toLowerCase();
  const folded = name.normalize('NFC').toLowerCase().toUpperCase().toLowerCase();
  return folded.normalize('NFC').replace(/\s+/g, ' ').trim();
}

/** Words of printable ASCII with one blank between them: there is nothing to fold but the case. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;

/**
 * An index for the given iFlows, which pages of fact sheets are streamed into.
 *
 * A workspace may have 50,000 fact sheets of a type: only those that some iFlow could be matched with are kept.
 * @param iflows those that take part; an undeployed iFlow claims a name like any other, so leave it out if it should not
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

/** Rule 1. Null where there is no stored link, or where its fact sheet is known to be archived. */
function byStoredLink(link: Link | undefined, kept: ReadonlyMap<string, FactSheet>): MatchResult | null {
  if (!link?.factSheetId) return null;
  const factSheet = kept.get(link.factSheetId);
  if (factSheet) return factSheet.status === 'ACTIVE' ? linked(factSheet, link.matchedBy) : null;
  const { matchedBy, factSheetId } = link;
  return { ...NOT_LINKED, status: 'linked', matchedBy, factSheetId, candidates: [], notVisible: true };
}

/** Whether an external id belongs to another iFlow, of this tenant or of another one. */
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
