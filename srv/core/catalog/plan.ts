import { createHash } from 'node:crypto';
import { mergeBlock, standardBlock, withoutTime } from './standard-block.ts';
import { differs, needsBlock } from './returned-values.ts';
import { nameOf, valueOf } from './mapping.ts';
import { externalIdOf, formerExternalIdOf } from './match.ts';
import { findTag, planTags, tagText, tagValue, type WantedTags } from './tags.ts';
import type { FactSheet, IFlow, Link, Mapping, Patch, Plan, Rules, Tag, Warning } from './types.ts';
import { convert, readable, readValue, type Value } from './values.ts';

export { echoesOf, fieldsToRead, type FieldsToRead } from './returned-values.ts';

/** The state while a plan is made. */
type Draft = Pick<Plan, 'patches' | 'changes' | 'warnings'> & {
  iflow: IFlow;
  link: Link;
  factSheet: FactSheet | null;
  rules: Rules;
};

/** Paths that every type has: the data model of another type is not known here. */
const COMMON = new Set(['name', 'description', 'displayName']);

/**
 * Plans what must be written so that a fact sheet documents an iFlow: only mapped paths, the category, tags of this
 * configuration and the external ID, and of those only what is missing or different.
 *
 * A fact sheet of another type than the configured one (linked by a user) only gets its name, description and tags,
 * with the warning `FACT_SHEET_TYPE_DIFFERS` (its type, configured type). A path that LeanIX refuses is left out with
 * `PATH_REFUSED` (path, reason). See `convert`, `findTag` and `planTags` for the other warnings.
 * @param factSheet as read with `fieldsToRead`; null to create one
 * @returns action `none`, without patches, if there is nothing to do
 */
export function plan(iflow: IFlow, link: Link, factSheet: FactSheet | null, rules: Rules): Plan {
  const draft: Draft = { iflow, link, factSheet, rules, patches: [], changes: [], warnings: [] };
  if (factSheet && isOtherType(draft)) {
    draft.warnings.push({ code: 'FACT_SHEET_TYPE_DIFFERS', args: [factSheet.type, rules.factSheetType] });
  }
  const name = factSheet === null ? planName(draft) : null;
  planFields(draft);
  if (rules.mappings.length === 0) planBlock(draft);
  planCategory(draft);
  const ownedTags = planTagPatches(draft);
  planExternalId(draft);

  const { patches, changes, warnings } = draft;
  const action = factSheet === null ? 'create' : patches.length > 0 ? 'update' : 'none';
  return { action, name, patches, changes, warnings, ownedTags };
}

/**
 * A hash that is equal for plans with the same effect: action, patches and shown values. Times in the standard block
 * and warnings do not count.
 */
export function fingerprint({ action, name, patches, changes }: Plan): string {
  const timeless = (text: string | null | undefined) => (typeof text === 'string' ? withoutTime(text) : null);
  const what = [
    action,
    name,
    patches.map(({ op, path, value }) => [op, path, timeless(value)]),
    changes.filter(({ path }) => path !== '/tags').map((c) => [c.path, timeless(c.before), timeless(c.after)]),
  ];
  return createHash('sha256').update(JSON.stringify(what)).digest('hex');
}

/** The name to create a fact sheet with, which LeanIX requires: the mapped name, else the iFlow's own. */
function planName({ iflow, rules, changes }: Draft): string {
  const row = rules.mappings.find(({ leanixPath }) => leanixPath === '/name');
  const name = (row && valueOf(iflow, row.iflowField)) ?? valueOf(iflow, 'name') ?? iflow.artifactId;
  changes.push({ path: '/name', before: null, after: name });
  return name;
}

/** The mapped fields except tags. The first row of a path counts. */
function planFields(draft: Draft): void {
  const { iflow, factSheet, rules } = draft;
  const seen = new Set(factSheet === null ? ['/tags', '/externalId', '/name'] : ['/tags', '/externalId']);
  for (const row of rules.mappings) {
    const path = row.leanixPath;
    if (seen.has(path)) continue;
    seen.add(path);
    const text = applies(row, factSheet) ? valueOf(iflow, row.iflowField) : null;
    if (text === null || (isOtherType(draft) && !COMMON.has(nameOf(path)))) continue;
    const { value, warnings } = convert(path, text, rules.fields);
    draft.warnings.push(...warnings);
    if (value) planField(draft, path, value);
  }
}

/** Plans one field, unless it has the value or LeanIX changed the same value before. */
function planField(draft: Draft, path: string, value: Value): void {
  const { factSheet, link, rules } = draft;
  const current = factSheet === null ? null : readValue(path, factSheet, rules.fields);
  if (factSheet !== null && !differs(value, current, link.echoes[path])) return;
  write(draft, path, value.sent, current ?? null, value.plain);
}

/** The standard block in the description, if nothing is mapped. */
function planBlock(draft: Draft): void {
  const { iflow, factSheet, link, rules } = draft;
  const current = factSheet?.description ?? null;
  const [host = ''] = rules.tenantHost.split('/');
  const block = standardBlock(iflow, host, rules.now);
  if (factSheet !== null && !needsBlock(block, current, link.echoes['/description'])) return;
  const merged = mergeBlock(current, block);
  write(draft, '/description', merged, current, merged);
}

/**
 * The configured category. A row that maps `/category` takes precedence; the configured one replaces a missing value. A
 * category that is no known option is sent as entered, since the token may not see it.
 */
function planCategory(draft: Draft): void {
  const { iflow, factSheet, rules } = draft;
  const category = rules.category?.trim();
  if (!category || isOtherType(draft)) return;
  const row = rules.mappings.find(({ leanixPath }) => leanixPath === '/category');
  if (row && (!applies(row, factSheet) || valueOf(iflow, row.iflowField) !== null)) return;
  const asTyped = { plain: category, sent: category };
  planField(draft, '/category', convert('/category', category, rules.fields).value ?? asTyped);
}

/** Default tags and mapped tags. @returns the IDs of the tags owned afterwards */
function planTagPatches(draft: Draft): string[] {
  const { factSheet, link, rules } = draft;
  const current = factSheet?.tagIds ?? [];
  const { wanted, warnings } = wantedTags(draft);
  const tags = planTags(wanted, factSheet, link, rules.library, factSheet?.type ?? rules.factSheetType);
  draft.warnings.push(...warnings, ...tags.warnings);

  const after = tags.replacement ?? [...current, ...tags.added];
  if (tags.replacement === null && tags.added.length === 0) return tags.owned;
  const written = write(
    draft,
    '/tags',
    tagValue(tags.replacement ?? tags.added),
    tagText(current, rules.library),
    tagText(after, rules.library),
    tags.replacement ? 'replace' : 'add',
  );
  return written ? tags.owned : current.filter((id) => link.ownedTags.includes(id));
}

/** A temporary status says nothing about the tag. */
function isPassing({ status }: IFlow, { iflowField }: Mapping): boolean {
  return iflowField === 'Status' && (status === 'Starting' || status === 'Stopping');
}

function wantedTags({ iflow, factSheet, rules }: Draft): { wanted: WantedTags; warnings: Warning[] } {
  const owned: Tag[] = [...rules.defaultTags];
  const once: Tag[] = [];
  const warnings: Warning[] = [];
  let unsure = false;
  for (const row of rules.mappings.filter(({ leanixPath }) => leanixPath === '/tags')) {
    const name = isPassing(iflow, row) ? null : valueOf(iflow, row.iflowField);
    if (name === null) {
      unsure ||= row.writeMode === 'always';
      continue;
    }
    const { tag, warning } = findTag(name, rules.library, factSheet?.type ?? rules.factSheetType);
    if (warning && applies(row, factSheet)) warnings.push(warning);
    if (tag) (row.writeMode === 'always' ? owned : once).push(tag);
  }
  return { wanted: { owned, once, unsure }, warnings };
}

/**
 * Writes the external ID if it is missing or has the older form. A foreign external ID is never replaced. A create
 * always includes it, even if LeanIX refused it recently: without it, the fact sheet could not be found after a rename.
 */
function planExternalId(draft: Draft): void {
  const { iflow, factSheet, rules } = draft;
  if (!rules.hasExternalId || isOtherType(draft)) return;
  const before = factSheet?.externalId?.trim() || null;
  if (before !== null && !isFormer(before, draft)) return;
  const externalId = externalIdOf(rules.tenantHost, iflow.artifactId);
  const value = JSON.stringify({ type: 'ExternalId', externalId });
  if (factSheet === null) push(draft, { op: 'add', path: '/externalId', value }, null, externalId);
  else write(draft, '/externalId', value, before, externalId, before === null ? 'add' : 'replace');
}

/** Whether this configuration wrote the external ID. If another one is linked too, it may be the other's. */
function isFormer(externalId: string, { iflow, link, factSheet, rules }: Draft): boolean {
  const isOurs = factSheet?.id === link.factSheetId && !rules.linkedElsewhere?.has(link.factSheetId ?? '');
  return isOurs && externalId === formerExternalIdOf(rules.tenantHost, iflow.artifactId);
}

/** Adds a patch and its change for users. @returns false if LeanIX refuses the path for this type */
function write(
  draft: Draft,
  path: string,
  value: string,
  before: string | null,
  after: string | null,
  op: 'add' | 'replace' = draft.factSheet === null ? 'add' : 'replace',
): boolean {
  const { rules } = draft;
  const reason = rules.refusedPaths.get(path);
  if (reason !== undefined) {
    draft.warnings.push({ code: 'PATH_REFUSED', args: [path, reason] });
    return false;
  }
  push(draft, { op, path, value }, before, after);
  return true;
}

function push({ patches, changes, rules }: Draft, patch: Patch, before: string | null, after: string | null): void {
  const { path } = patch;
  patches.push(patch);
  changes.push({ path, before: readable(path, before, rules.fields), after: readable(path, after, rules.fields) });
}

/** Rows that are only for creation do not affect an existing fact sheet. */
function applies(row: Mapping, factSheet: FactSheet | null): boolean {
  return factSheet === null || row.writeMode === 'always';
}

function isOtherType({ factSheet, rules }: Draft): boolean {
  return factSheet !== null && factSheet.type !== rules.factSheetType;
}
