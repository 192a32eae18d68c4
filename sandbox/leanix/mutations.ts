import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLID,
  GraphQLInputObjectType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLInterfaceType,
  type GraphQLOutputType,
  type GraphQLScalarType,
} from 'graphql';
import type { Context } from './context.ts';
import { LeanIXError, notFound } from './errors.ts';
import type { Patch } from './fields.ts';
import { fullNameOf } from './model.ts';
import { applyPatches, checkFullName, checkMandatory, differs } from './patches.ts';
import { externalIdPath } from './search.ts';
import type { FactSheet, Tag, TagGroup } from './types.ts';

interface Types {
  BaseFactSheet: GraphQLInterfaceType;
  FactSheetType: GraphQLEnumType;
  TagType: GraphQLObjectType<Tag, Context>;
  TagGroupType: GraphQLObjectType<TagGroup, Context>;
  TagGroupMode: GraphQLEnumType;
  Long: GraphQLScalarType;
}

interface CreateArguments {
  input: { name: string; type: string };
  patches?: Patch[] | null;
}

interface UpdateArguments {
  id: string;
  rev?: number | null;
  patches: Patch[];
}

interface TagArguments {
  name: string;
  description?: string | null;
  color?: string;
  tagGroupId?: string | null;
  tagGroupName?: string | null;
}

interface TagGroupArguments {
  name: string;
  shortName?: string | null;
  description?: string | null;
  mode: 'SINGLE' | 'MULTIPLE';
  mandatory: boolean;
  restrictToFactSheetTypes?: string[] | null;
}

/** The mutations; those of relations, documents, comments and subscriptions are left out. */
export function mutationType(types: Types): GraphQLObjectType {
  const { BaseFactSheet, FactSheetType, TagType, TagGroupType, TagGroupMode, Long } = types;
  const text = { type: GraphQLString };
  const name = { type: new GraphQLNonNull(GraphQLString) };
  const id = { type: new GraphQLNonNull(GraphQLID) };
  const patches = { type: new GraphQLNonNull(new GraphQLList(PatchInput)) };
  const result = new GraphQLObjectType({
    name: 'FactSheetMutationResult',
    fields: { factSheet: { type: BaseFactSheet } },
  });
  const listOfTypes = { type: new GraphQLList(new GraphQLNonNull(FactSheetType)) };
  const tagGroup = {
    name,
    shortName: text,
    description: text,
    mode: { type: new GraphQLNonNull(TagGroupMode) },
    mandatory: { type: GraphQLBoolean, defaultValue: false },
    restrictToFactSheetTypes: listOfTypes,
    mandatoryForFactSheetTypes: listOfTypes,
  };
  return new GraphQLObjectType<unknown, Context>({
    name: 'Mutation',
    fields: {
      createFactSheet: mutation(
        result,
        {
          input: { type: new GraphQLNonNull(factSheetInput(FactSheetType)) },
          patches: { type: new GraphQLList(PatchInput) },
        },
        createFactSheet,
      ),
      updateFactSheet: mutation(result, { id, rev: { type: Long }, patches, comment: text }, updateFactSheet),
      updateFactSheetExternal: mutation(
        result,
        { externalIdPath: id, patches, comment: text },
        updateFactSheetExternal,
      ),
      createTag: mutation(
        TagType,
        { name, description: text, color: text, tagGroupId: { type: GraphQLID } },
        createTag,
      ),
      upsertTag: mutation(TagType, { name, tagGroupName: text, description: text, color: text }, upsertTag),
      createTagGroup: mutation(TagGroupType, tagGroup, createTagGroup),
    },
  });
}

const PatchInput = new GraphQLInputObjectType({
  name: 'Patch',
  fields: {
    op: {
      type: new GraphQLNonNull(
        new GraphQLEnumType({ name: 'PatchOperation', values: { add: {}, replace: {}, remove: {} } }),
      ),
    },
    path: { type: GraphQLString },
    value: { type: GraphQLString },
  },
});

function factSheetInput(FactSheetType: GraphQLEnumType): GraphQLInputObjectType {
  const acl = { type: new GraphQLList(GraphQLString) };
  return new GraphQLInputObjectType({
    name: 'BaseFactSheetInput',
    fields: {
      name: { type: new GraphQLNonNull(GraphQLString) },
      type: { type: new GraphQLNonNull(FactSheetType) },
      lxExcludeFromQuota: { type: GraphQLBoolean },
      permittedReadACL: acl,
      permittedWriteACL: acl,
    },
  });
}

/** A mutation as one step of the transaction of its request; with `validateOnly` the step is taken back at once. */
function mutation<Args>(
  type: GraphQLOutputType,
  args: GraphQLFieldConfigArgumentMap,
  work: (args: Args, context: Context) => unknown,
): GraphQLFieldConfig<unknown, Context> {
  return {
    type,
    args: { ...args, validateOnly: { type: GraphQLBoolean, defaultValue: false } },
    resolve: (_source, values: Args & { validateOnly?: boolean }, context, { fieldName }) => {
      const { state, switches, role } = context;
      if (context.failed && !switches.allErrors && switches.errorDataShape === 'null') return null;
      const savepoint = values.validateOnly ? state.savepoint() : undefined;
      try {
        // The real wording of this refusal is unknown.
        const isDenied = (switches.deniedMutations as string[]).includes(fieldName);
        if (role === 'VIEWER' || isDenied) throw new LeanIXError(`No permission: ${fieldName}`);
        return work(values, context);
      } catch (error) {
        context.failed = true;
        throw error;
      } finally {
        if (savepoint) state.rollback(savepoint);
      }
    },
  };
}

function createFactSheet({ input, patches }: CreateArguments, { state, switches }: Context) {
  if (!input.name.trim()) throw new LeanIXError('The name of a Fact Sheet must not be empty.', 'BUSINESS_LOGIC');
  const now = new Date().toISOString();
  const empty: FactSheet = {
    id: state.newId(),
    type: input.type,
    name: input.name,
    fullName: '',
    description: null,
    status: 'ACTIVE',
    lxState: 'BROKEN_QUALITY_SEAL',
    tags: [],
    fields: {},
    rev: 0,
    createdAt: now,
    updatedAt: now,
    restricted: false,
  };
  const created = applyPatches(state, switches, empty, patches ?? []);
  checkMandatory(switches, created);
  if (switches.uniqueFullName) checkFullName(state, created);
  return { factSheet: state.put(created) };
}

function updateFactSheet({ id, rev, patches }: UpdateArguments, { state, switches }: Context) {
  const before = state.factSheets.get(id);
  if (!before || before.restricted) throw notFound(id);
  if (rev !== undefined && rev !== null && rev !== before.rev) {
    const message = `DB revision of Fact Sheet has changed: ${before.rev} instead of given ${rev}`;
    throw new LeanIXError(message, 'REVISION_CLASH', { entityType: 'FACT_SHEET', objectId: id });
  }
  const after = applyPatches(state, switches, before, patches);
  if (!differs(before, after) && !switches.revOnNoop) return { factSheet: before };
  checkMandatory(switches, after);
  const renamed = before.fullName !== fullNameOf(state.dataModel, after.type, after.name, after.fields);
  if (renamed && switches.uniqueFullName) checkFullName(state, after);
  return { factSheet: state.put({ ...after, rev: before.rev + 1, updatedAt: new Date().toISOString() }) };
}

function updateFactSheetExternal(args: { externalIdPath: string; patches: Patch[] }, context: Context) {
  const { field, value } = externalIdPath(context.state, args.externalIdPath);
  for (const id of context.state.withExternalId(field, value)) {
    if (!context.state.factSheets.get(id)?.restricted) return updateFactSheet({ id, patches: args.patches }, context);
  }
  throw notFound(args.externalIdPath);
}

/** Whether LeanIX takes a second tag of the same name in a group is unknown; here it does. */
function createTag({ name, tagGroupId = null, ...rest }: TagArguments, { state }: Context): Tag {
  if (tagGroupId && !state.tagGroups.has(tagGroupId)) {
    throw new LeanIXError(`No tag group found with id '${tagGroupId}'`, 'BUSINESS_LOGIC');
  }
  return state.addTag(name, tagGroupId, rest);
}

/** The name is the key within the group, or among the tags outside of groups. */
function upsertTag({ name, tagGroupName, ...rest }: TagArguments, { state }: Context): Tag {
  const group = [...state.tagGroups.values()].find((candidate) => candidate.name === tagGroupName);
  if (tagGroupName && !group) throw new LeanIXError(`No tag group found with name '${tagGroupName}'`, 'BUSINESS_LOGIC');
  const tagGroupId = group?.id ?? null;
  const known = [...state.tags.values()].find((tag) => tag.name === name && tag.tagGroupId === tagGroupId);
  if (!known) return state.addTag(name, tagGroupId, rest);
  const changed = { ...known, ...rest };
  state.tags.set(known.id, changed);
  return changed;
}

function createTagGroup(args: TagGroupArguments, { state }: Context): TagGroup {
  return state.addTagGroup({
    name: args.name,
    shortName: args.shortName ?? null,
    description: args.description ?? null,
    mode: args.mode,
    mandatory: args.mandatory,
    restrictToFactSheetTypes: args.restrictToFactSheetTypes ?? [],
  });
}
