import type { FactSheet, Tag } from '../core/catalog/types.ts';
import { baseUrl } from '../btp/hosts.ts';
import type { Passenger } from './connections.ts';
import {
  assertTypeName,
  readDataModel,
  readLabels,
  type DataModel,
  type Labels,
  type TypeModel,
} from './data-model.ts';
import { readByExternalIds, readByIds, readFresh, readPages, readSearch, type Found } from './fact-sheets.ts';
import { sendMutations, type Mutation, type WriteResult } from './mutations.ts';
import { settings } from './politeness.ts';
import type { FieldSelection } from './selection.ts';
import { openSession, type Identity, type SessionOptions, type Source } from './session.ts';
import { readTags, tagPassenger } from './tags.ts';

export { withLabels, type DataModel, type Labels, type TypeLabels, type TypeModel } from './data-model.ts';
export type { Passenger } from './connections.ts';
export type { Archived, Found } from './fact-sheets.ts';
export type { Failure, Mutation, WriteResult } from './mutations.ts';
export { inFlight } from './politeness.ts';
export type { FieldSelection } from './selection.ts';
export type { Identity, Source } from './session.ts';

/** What a write needs besides the mutations: the parts of the fact sheets to return, which show what LeanIX stored. */
export type WriteOptions = {
  type: string;
  fields: FieldSelection;
  /** Lets LeanIX check the mutations and stores nothing. */
  validateOnly?: boolean;
  /** Ends the wait for a turn. A request in progress is still awaited. */
  signal?: AbortSignal;
};

/**
 * One workspace. Errors of all methods are `RemoteError`; `TYPE_INVALID` for a text that cannot be the name of a type.
 * The caller must check that the data model has a type: LeanIX refuses an unknown one with `LEANIX_ERROR`.
 */
export type LeanIXClient = {
  readonly host: string;
  identity(): Promise<Identity>;
  /** Read once; all methods that read fact sheets need it. */
  dataModel(): Promise<DataModel>;
  labels(): Promise<Labels>;
  tags(signal?: AbortSignal): Promise<Tag[]>;
  /** The tags, to be read along with another request. `tags` then reads only the rest. */
  tagLibrary(): { passenger: Passenger; tags(signal?: AbortSignal): Promise<Tag[]> };
  pages(
    type: string,
    fields: FieldSelection,
    signal?: AbortSignal,
    along?: Passenger,
  ): AsyncGenerator<FactSheet[], void, undefined>;
  byIds(
    ids: readonly string[],
    type: string,
    fields: FieldSelection,
    signal?: AbortSignal,
    along?: Passenger,
  ): Promise<Found>;
  byExternalIds(
    externalIds: readonly string[],
    type: string,
    fields: FieldSelection,
    signal?: AbortSignal,
  ): Promise<FactSheet[]>;
  fresh(
    ids: readonly string[],
    type: string,
    fields: FieldSelection,
    signal?: AbortSignal,
  ): Promise<Map<string, FactSheet>>;
  /** The first fact sheets that match a text; needs no data model. */
  search(text: string, type: string, count: number): Promise<FactSheet[]>;
  write(mutations: readonly Mutation[], options: WriteOptions): Promise<WriteResult>;
  /** Requests sent to LeanIX so far, without token exchanges. */
  readonly requests: number;
};

/** A client for a destination, or for a host and a token. Errors: those of `openSession`. */
export async function openClient(source: Source, options: SessionOptions = {}): Promise<LeanIXClient> {
  const session = await openSession(source, options);
  const pageSize = settings().pageSize ?? 1000;
  let model: Promise<DataModel> | undefined;

  const dataModel = () => {
    const reading = (model ??= readDataModel(session));
    reading.catch(() => (model = model === reading ? undefined : model));
    return reading;
  };
  const typeOf = async (type: string): Promise<TypeModel | undefined> => {
    assertTypeName(type);
    return (await dataModel()).types.get(type);
  };

  return {
    host: session.host,
    get requests() {
      return session.requests;
    },
    identity: () => session.identity(),
    dataModel,
    labels: () => readLabels(session),
    tags: (stop) => readTags(session, tagPassenger(), pageSize, stop),
    tagLibrary() {
      const passenger = tagPassenger();
      return { passenger, tags: (stop) => readTags(session, passenger, pageSize, stop) };
    },
    async *pages(type, fields, stop, along) {
      yield* readPages(session, type, await typeOf(type), fields, pageSize, stop, along);
    },
    byIds: async (ids, type, fields, stop, along) =>
      readByIds(session, ids, await typeOf(type), fields, pageSize, stop, along),
    byExternalIds: async (externalIds, type, fields, stop) =>
      readByExternalIds(session, externalIds, await typeOf(type), fields, pageSize, stop),
    fresh: async (ids, type, fields, stop) => readFresh(session, ids, await typeOf(type), fields, stop),
    search: async (text, type, count) => {
      assertTypeName(type);
      return readSearch(session, type, text, count);
    },
    write: async (mutations, { type, fields, ...options }) =>
      sendMutations(session, mutations, await typeOf(type), fields, options),
  };
}

/**
 * The web page of a fact sheet; null without the workspace's name. The pattern is known from several clients, the whole
 * URL is inferred.
 */
export function factSheetUrl(host: string, workspaceName: string | null, type: string, id: string): string | null {
  if (!workspaceName) return null;
  return [baseUrl(host), ...[workspaceName, 'factsheet', type, id].map(encodeURIComponent)].join('/');
}
