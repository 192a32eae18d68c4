import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  type GraphQLEnumType,
  type GraphQLFieldConfigMap,
  type GraphQLOutputType,
} from 'graphql';
import type { Context } from './context.ts';
import { notFound } from './errors.ts';
import { externalIdFieldsOf, type DataModel, type FieldModel } from './model.ts';
import { mutationType } from './mutations.ts';
import {
  connectionOf,
  enumOf,
  ExternalId,
  FactSheetStatus,
  FilterInput,
  Lifecycle,
  Location,
  Long,
  objectOfTexts,
  pageArguments,
  ProjectStatus,
  Sorting,
  TagGroupMode,
  TagQueryFilters,
} from './schema-types.ts';
import { page, type PageArguments, type SearchArguments } from './search.ts';
import type { FactSheet, Tag, TagGroup } from './types.ts';

type Fields<T> = GraphQLFieldConfigMap<T, Context>;

/** The GraphQL schema that a workspace with this data model has; selects are plain texts in it. */
export function buildSchema(model: DataModel): GraphQLSchema {
  const FactSheetType = enumOf('FactSheetType', Object.keys(model.factSheets));
  const { TagType, TagConnection, TagGroupType } = tagTypes(FactSheetType);
  const baseFields: Fields<FactSheet> = { ...baseFieldsOf(TagType), type: { type: FactSheetType } };
  const BaseFactSheet = new GraphQLInterfaceType({
    name: 'BaseFactSheet',
    fields: baseFields as Fields<unknown>,
    resolveType: (sheet: FactSheet) => sheet.type,
  });
  const types = Object.entries(model.factSheets).map(
    ([name, { fields }]) =>
      new GraphQLObjectType<FactSheet, Context>({
        name,
        interfaces: [BaseFactSheet],
        fields: { ...ownFields(fields), ...externalIdFields(model, name), ...baseFields },
      }),
  );
  return new GraphQLSchema({
    query: queryType(BaseFactSheet, FactSheetType, TagConnection, TagGroupType),
    mutation: mutationType({ BaseFactSheet, FactSheetType, TagType, TagGroupType, TagGroupMode, Long }),
    types,
  });
}

function baseFieldsOf(TagType: GraphQLObjectType): Fields<FactSheet> {
  const none = { totalCount: 0, edges: [], pageInfo: { hasNextPage: false, endCursor: null } };
  const emptyConnection = (name: string) => ({
    type: connectionOf(name, objectOfTexts(name, ['id', 'type'])),
    args: pageArguments,
    resolve: () => none,
  });
  const text = { type: GraphQLString };
  const texts = { type: new GraphQLList(GraphQLString), resolve: () => [] };
  return {
    id: { type: new GraphQLNonNull(GraphQLID) },
    name: text,
    fullName: text,
    displayName: { type: GraphQLString, resolve: (sheet) => sheet.fullName },
    description: text,
    category: { type: GraphQLString, resolve: (sheet) => sheet.fields.category ?? null },
    status: { type: FactSheetStatus },
    lxState: text,
    qualitySeal: { type: GraphQLString, resolve: (sheet) => sheet.lxState },
    level: { type: GraphQLInt, resolve: () => 1 },
    rev: { type: Long },
    tags: {
      type: new GraphQLList(TagType),
      resolve: (sheet, _args, { state }) => sheet.tags.flatMap((id) => state.tags.get(id) ?? []),
    },
    completion: {
      type: new GraphQLObjectType({ name: 'Completion', fields: { percentage: { type: GraphQLFloat } } }),
      resolve: () => ({ percentage: 0 }),
    },
    subscriptions: emptyConnection('Subscription'),
    documents: emptyConnection('Document'),
    comments: emptyConnection('Comment'),
    permittedReadACL: texts,
    permittedWriteACL: texts,
    naFields: texts,
    createdAt: text,
    updatedAt: text,
    lxExcludeFromQuota: { type: GraphQLBoolean, resolve: () => false },
  };
}

function ownFields(fields: Record<string, FieldModel>): Fields<FactSheet> {
  const entries = Object.entries(fields).map(([name, field]) => [name, ownField(name, field)] as const);
  return Object.fromEntries(entries);
}

function ownField(name: string, { type, values = [] }: FieldModel): Fields<FactSheet>[string] {
  const valueIn = (sheet: FactSheet) => sheet.fields[name] ?? null;
  if (type !== 'LIFECYCLE') return { type: outputType(type), resolve: valueIn };
  return {
    type: Lifecycle,
    resolve: (sheet) => lifecycleOf(values, valueIn(sheet) as Record<string, string> | null),
  };
}

function outputType(kind: string): GraphQLOutputType {
  if (kind === 'INTEGER') return GraphQLInt;
  if (kind === 'DOUBLE') return GraphQLFloat;
  if (kind === 'MULTIPLE_SELECT') return new GraphQLList(GraphQLString);
  if (kind === 'LOCATION') return Location;
  return kind === 'PROJECT_STATUS' ? new GraphQLList(ProjectStatus) : GraphQLString;
}

/** `asString` is the phase that today is in. */
function lifecycleOf(order: string[], dates: Record<string, string> | null) {
  if (!dates) return null;
  const phases = order.flatMap((phase) =>
    dates[phase] ? [{ phase, startDate: dates[phase], milestoneId: null }] : [],
  );
  const today = new Date().toISOString().slice(0, 10);
  return { asString: phases.findLast((phase) => phase.startDate <= today)?.phase ?? null, phases };
}

function externalIdFields(model: DataModel, type: string): Fields<FactSheet> {
  const fields = externalIdFieldsOf(model, type).map((name) => {
    return [name, { type: ExternalId, resolve: (sheet: FactSheet) => sheet.fields[name] ?? null }] as const;
  });
  return Object.fromEntries(fields);
}

function tagTypes(FactSheetType: GraphQLEnumType) {
  const text = { type: GraphQLString };
  const TagType: GraphQLObjectType<Tag, Context> = new GraphQLObjectType<Tag, Context>({
    name: 'Tag',
    fields: () => ({
      id: { type: new GraphQLNonNull(GraphQLID) },
      name: text,
      description: text,
      color: text,
      status: text,
      tagGroup: {
        type: TagGroupType,
        resolve: (tag, _args, { state }) => (tag.tagGroupId ? state.tagGroups.get(tag.tagGroupId) : null),
      },
    }),
  });
  const TagConnection = connectionOf('Tag', TagType);
  const TagGroupType: GraphQLObjectType<TagGroup, Context> = new GraphQLObjectType<TagGroup, Context>({
    name: 'TagGroup',
    fields: {
      id: { type: new GraphQLNonNull(GraphQLID) },
      name: text,
      shortName: text,
      description: text,
      mode: { type: TagGroupMode },
      mandatory: { type: GraphQLBoolean },
      restrictToFactSheetTypes: { type: new GraphQLList(FactSheetType) },
      tags: {
        type: TagConnection,
        args: pageArguments,
        resolve: (group, args: PageArguments, { state }) =>
          page(
            [...state.tags.values()].filter((tag) => tag.tagGroupId === group.id),
            args,
          ),
      },
    },
  });
  return { TagType, TagConnection, TagGroupType };
}

function queryType(
  BaseFactSheet: GraphQLInterfaceType,
  FactSheetType: GraphQLEnumType,
  TagConnection: GraphQLObjectType,
  TagGroupType: GraphQLObjectType<TagGroup, Context>,
): GraphQLObjectType {
  return new GraphQLObjectType<unknown, Context>({
    name: 'Query',
    fields: {
      allFactSheets: {
        type: connectionOf('FactSheet', BaseFactSheet),
        args: {
          factSheetType: { type: FactSheetType },
          filter: { type: FilterInput },
          sort: { type: new GraphQLList(Sorting) },
          ...pageArguments,
        },
        resolve: (_source, args: SearchArguments & PageArguments, { search }) => page(search.find(args), args),
      },
      factSheet: {
        type: BaseFactSheet,
        args: { id: { type: new GraphQLNonNull(GraphQLID) } },
        resolve: (_source, { id }: { id: string }, { state }) => {
          const sheet = state.factSheets.get(id);
          if (!sheet || sheet.restricted) throw notFound(id);
          return sheet;
        },
      },
      allTags: {
        type: TagConnection,
        args: { filter: { type: TagQueryFilters }, ...pageArguments },
        resolve: (_source, args: PageArguments & { filter?: TagFilter | null }, { state }) => {
          const { tagGroupName, nameSubstring } = args.filter ?? {};
          const groupOf = (tag: Tag) => (tag.tagGroupId ? state.tagGroups.get(tag.tagGroupId)?.name : undefined);
          const tags = [...state.tags.values()].filter(
            (tag) =>
              (!tagGroupName || groupOf(tag) === tagGroupName) && (!nameSubstring || tag.name.includes(nameSubstring)),
          );
          return page(tags, args);
        },
      },
      allTagGroups: {
        type: connectionOf('TagGroup', TagGroupType),
        args: pageArguments,
        resolve: (_source, args: PageArguments, { state }) => page([...state.tagGroups.values()], args),
      },
    },
  });
}

interface TagFilter {
  tagGroupName?: string | null;
  nameSubstring?: string | null;
}
