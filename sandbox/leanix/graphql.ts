import {
  execute,
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  valueFromASTUntyped,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Description } from '../faults.ts';
import type { Context } from './context.ts';
import { formatError, LeanIXError, ROLLED_BACK } from './errors.ts';
import type { DataModel } from './model.ts';
import { buildSchema } from './schema.ts';
import { Search } from './search.ts';
import type { LeanIXState } from './state.ts';
import type { Switches } from './switches.ts';
import type { Role } from './types.ts';

/** The body of a GraphQL request. */
export interface GraphQLRequest {
  query: string;
  variables?: Record<string, unknown> | null;
  operationName?: string | null;
}

interface Checked {
  document?: DocumentNode;
  errors: readonly GraphQLError[];
}

/** Number of different documents that are cached. */
const DOCUMENTS = 100;

/** Answers GraphQL requests on the state of a workspace. */
export class GraphQLEndpoint {
  #state: LeanIXState;
  #switches: Switches;
  #onCommit: () => void;
  #schema: GraphQLSchema;
  /** the data model that the schema is made from */
  #model: DataModel;
  #search: Search;
  #documents = new Map<string, Checked>();

  constructor(state: LeanIXState, switches: Switches, onCommit: () => void) {
    this.#state = state;
    this.#switches = switches;
    this.#onCommit = onCommit;
    this.#model = state.dataModel;
    this.#schema = buildSchema(this.#model);
    this.#search = new Search(state, switches);
  }

  /** What the log and the faults need to know about a request. */
  describe({ query, variables, operationName }: GraphQLRequest): Description {
    const operation = operationIn(this.#checked(query).document, operationName);
    if (!operation) return {};
    const isMutation = operation.operation === OperationTypeNode.MUTATION;
    const fields = operation.selectionSet.selections.filter((selection) => selection.kind === Kind.FIELD);
    return {
      operation: isMutation ? 'mutation' : 'query',
      operationName: operation.name?.value,
      mutations: isMutation ? fields.length : 0,
      write: isMutation && fields.some((field) => !isValidateOnly(field, variables ?? {})),
    };
  }

  /** Executes a request; all mutations of one request are one transaction. */
  async answer({ query, variables, operationName }: GraphQLRequest, role: Role): Promise<object> {
    const { document, errors } = this.#checked(query);
    if (!document || errors.length) {
      return { data: null, errors: errors.map((error) => formatError(error, undefined, this.#switches)) };
    }
    const isMutation = operationIn(document, operationName)?.operation === OperationTypeNode.MUTATION;
    const context: Context = {
      state: this.#state,
      switches: this.#switches,
      search: this.#search,
      role,
      failed: false,
    };
    const { refuseWrites } = this.#switches;
    if (isMutation && refuseWrites !== null) return this.#refusal(refuseWrites);
    const before = this.#snapshot();
    // Resolvers are synchronous, so no other request comes in between.
    const executed = execute({
      schema: this.#schema,
      document,
      variableValues: variables,
      operationName,
      contextValue: context,
    });
    const result = executed instanceof Promise ? await executed : executed;
    if (!isMutation) return this.#answerOf(result);
    if (result.errors?.length) {
      this.#state.rollback(before);
      return this.#failedMutation(result);
    }
    if (this.#changedSince(before)) this.#onCommit();
    return this.#answerOf(result);
  }

  /** The answer of a workspace that currently accepts no mutation. */
  #refusal(message: string): object {
    const error = new LeanIXError(message, 'BUSINESS_LOGIC');
    const path = this.#switches.refusalPath ? ['m0'] : undefined;
    return { data: null, errors: [formatError(error, path, this.#switches)] };
  }

  #checked(query: string): Checked {
    if (this.#model !== this.#state.dataModel) {
      this.#model = this.#state.dataModel;
      this.#schema = buildSchema(this.#model);
      this.#documents.clear();
    }
    const known = this.#documents.get(query);
    if (known) return known;
    const checked = this.#check(query);
    const oldest = this.#documents.keys().next().value;
    if (this.#documents.size >= DOCUMENTS && oldest !== undefined) this.#documents.delete(oldest);
    this.#documents.set(query, checked);
    return checked;
  }

  #check(query: string): Checked {
    try {
      const document = parse(query);
      return { document, errors: validate(this.#schema, document) };
    } catch (error) {
      return { errors: [error as GraphQLError] };
    }
  }

  #snapshot() {
    this.#state.forgetOldChanges();
    return this.#state.savepoint();
  }

  #changedSince(before: ReturnType<LeanIXState['savepoint']>): boolean {
    const now = this.#state.savepoint();
    return now.changes !== before.changes || !same(now.tags, before.tags) || !same(now.tagGroups, before.tagGroups);
  }

  #answerOf(result: ExecutionResult): object {
    const errors = result.errors?.map((error) => formatError(error, error.path, this.#switches));
    if (errors?.length) return { data: result.data ?? null, errors };
    return this.#switches.nullErrorsKey ? { data: result.data, errors: null } : { data: result.data };
  }

  #failedMutation({ data, errors = [] }: ExecutionResult): object {
    const told = this.#switches.allErrors ? errors : errors.slice(0, 1);
    const formatted = told.map((error) => formatError(error, error.path, this.#switches));
    // Without data at all no mutation was tried: the variables were wrong.
    if (!data) return { data: null, errors: formatted };
    if (this.#switches.errorDataShape === 'aliasNull') return { data, errors: formatted };
    return { data: null, errors: [...formatted, formatError(ROLLED_BACK, [], this.#switches)] };
  }
}

function operationIn(document?: DocumentNode, name?: string | null): OperationDefinitionNode | undefined {
  return document?.definitions.find(
    (node) => node.kind === Kind.OPERATION_DEFINITION && (!name || node.name?.value === name),
  ) as OperationDefinitionNode | undefined;
}

function isValidateOnly(field: FieldNode, variables: Record<string, unknown>): boolean {
  const argument = field.arguments?.find(({ name }) => name.value === 'validateOnly');
  return argument !== undefined && valueFromASTUntyped(argument.value, variables) === true;
}

/** Entries are replaced, never changed, so comparing them one by one is enough. */
function same<T>(one: Map<string, T>, other: Map<string, T>): boolean {
  return one.size === other.size && [...one].every(([id, entry]) => other.get(id) === entry);
}
