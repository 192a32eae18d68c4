import { invalidValue, LeanIXError } from './errors.ts';
import { isObject, parse, type Patch } from './fields.ts';
import type { LeanIXState } from './state.ts';
import type { Switches } from './switches.ts';
import type { FactSheet, Tag } from './types.ts';

/** The tags of a fact sheet after a patch of `/tags`: `add` appends, `replace` sets the whole list, `remove` takes off. */
export function patchTags(state: LeanIXState, switches: Switches, sheet: FactSheet, patch: Patch): readonly string[] {
  const named = tagsOf(state, switches, sheet, patch).map((tag) => tag.id);
  if (patch.op === 'remove') return sheet.tags.filter((id) => !named.includes(id));
  const before = patch.op === 'add' ? sheet.tags : [];
  const after = [...new Set([...before, ...named])];
  checkGroups(state, sheet, after);
  return after;
}

function tagsOf(state: LeanIXState, switches: Switches, sheet: FactSheet, patch: Patch): Tag[] {
  const refuse = () => invalidValue(patch.value, '/tags', sheet.type);
  if (typeof patch.value !== 'string') throw refuse();
  const list = parse(patch.value, refuse);
  if (!Array.isArray(list)) throw refuse();
  return list.map((entry: unknown) => {
    if (!isObject(entry)) throw refuse();
    if (typeof entry.tagId === 'string') {
      const tag = state.tags.get(entry.tagId);
      if (!tag) throw new LeanIXError(`No tag found with id '${entry.tagId}'`, 'BUSINESS_LOGIC');
      return tag;
    }
    if (typeof entry.tagName !== 'string' || !entry.tagName) throw refuse();
    const tag = state.findTag(entry.tagName);
    if (tag) return tag;
    if (switches.tagModeCreates) return state.addTag(entry.tagName, null);
    throw new LeanIXError(`No tag found with name '${entry.tagName}'`, 'BUSINESS_LOGIC');
  });
}

/** The error types are documented, the texts are not. */
function checkGroups(state: LeanIXState, sheet: FactSheet, tagIds: string[]): void {
  const used = new Set<string>();
  for (const id of tagIds) {
    const tag = state.tags.get(id);
    const group = tag?.tagGroupId ? state.tagGroups.get(tag.tagGroupId) : undefined;
    if (!tag || !group) continue;
    if (group.mode === 'SINGLE' && used.has(group.id)) {
      const message = `Only one tag of tag group '${group.name}' can be assigned to a Fact Sheet.`;
      throw new LeanIXError(message, 'CONSTRAINT_VIOLATION');
    }
    const types = group.restrictToFactSheetTypes;
    if (types.length && !types.includes(sheet.type) && !sheet.tags.includes(id)) {
      const message = `Tag '${tag.name}' of tag group '${group.name}' is not allowed for Fact Sheet type ${sheet.type}.`;
      throw new LeanIXError(message, 'BUSINESS_LOGIC');
    }
    used.add(group.id);
  }
}
