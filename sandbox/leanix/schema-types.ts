import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLID,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLString,
  Kind,
  type GraphQLInterfaceType,
} from 'graphql';

export const Long = new GraphQLScalarType({
  name: 'Long',
  serialize: Number,
  parseValue: toLong,
  parseLiteral: (node) => toLong(node.kind === Kind.INT || node.kind === Kind.STRING ? node.value : undefined),
});

export const PageInfo = new GraphQLObjectType({
  name: 'PageInfo',
  fields: { hasNextPage: { type: new GraphQLNonNull(GraphQLBoolean) }, endCursor: { type: GraphQLString } },
});

export const ExternalId = objectOfTexts('ExternalId', [
  'externalId',
  'comment',
  'externalUrl',
  'status',
  'externalVersion',
]);
const LifecyclePhase = objectOfTexts('LifecyclePhase', ['phase', 'startDate', 'milestoneId']);
export const Lifecycle = new GraphQLObjectType({
  name: 'Lifecycle',
  fields: { asString: { type: GraphQLString }, phases: { type: new GraphQLList(LifecyclePhase) } },
});
/** The attributes of these two are inferred. */
export const Location = objectOfTexts('Location', ['rawAddress', 'geoAddress']);
export const ProjectStatus = objectOfTexts('ProjectStatus', ['id', 'date', 'status', 'progress']);

export const FactSheetStatus = enumOf('FactSheetStatus', ['ACTIVE', 'ARCHIVED']);
export const TagGroupMode = enumOf('TagGroupModeEnum', ['SINGLE', 'MULTIPLE']);

export const pageArguments = { first: { type: GraphQLInt }, after: { type: GraphQLString } };

export const TagQueryFilters = new GraphQLInputObjectType({
  name: 'TagQueryFilters',
  fields: { tagGroupName: { type: GraphQLString }, nameSubstring: { type: GraphQLString } },
});

/** Whether LeanIX calls this type so is uncertain; clients had better write sorts into the query itself. */
export const Sorting = new GraphQLInputObjectType({
  name: 'Sorting',
  fields: {
    key: { type: new GraphQLNonNull(GraphQLString) },
    mode: { type: enumOf('SortingMode', ['BY_FIELD']) },
    order: { type: enumOf('SortingOrder', ['asc', 'desc']) },
  },
});

const FacetFilter = new GraphQLInputObjectType({
  name: 'FacetFilter',
  fields: {
    facetKey: { type: new GraphQLNonNull(GraphQLString) },
    operator: { type: enumOf('FacetFilterOperator', ['OR', 'AND', 'NOR']) },
    keys: { type: new GraphQLList(GraphQLString) },
  },
});

export const FilterInput = new GraphQLInputObjectType({
  name: 'FilterInput',
  fields: {
    facetFilters: { type: new GraphQLList(FacetFilter) },
    ids: { type: new GraphQLList(new GraphQLNonNull(GraphQLID)) },
    externalIds: { type: new GraphQLList(new GraphQLNonNull(GraphQLString)) },
    fullTextSearch: { type: GraphQLString },
    quickSearch: { type: GraphQLString },
    displayName: { type: GraphQLString },
  },
});

export function connectionOf(name: string, nodeType: GraphQLInterfaceType | GraphQLObjectType): GraphQLObjectType {
  const Edge = new GraphQLObjectType({
    name: `${name}Edge`,
    fields: { cursor: { type: GraphQLString }, node: { type: nodeType } },
  });
  return new GraphQLObjectType({
    name: `${name}Connection`,
    fields: {
      totalCount: { type: GraphQLInt },
      pageInfo: { type: PageInfo },
      edges: { type: new GraphQLList(Edge) },
    },
  });
}

export function objectOfTexts(name: string, fields: string[]): GraphQLObjectType {
  return new GraphQLObjectType({
    name,
    fields: Object.fromEntries(fields.map((field) => [field, { type: GraphQLString }])),
  });
}

export function enumOf(name: string, values: string[]): GraphQLEnumType {
  return new GraphQLEnumType({ name, values: Object.fromEntries(values.map((value) => [value, {}])) });
}

function toLong(value: unknown): number {
  const number = typeof value === 'string' && value.trim() ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number))
    throw new TypeError('A Long must be a whole number.');
  return number;
}
