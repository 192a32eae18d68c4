import { randomUUID } from 'node:crypto';
import cds from '@sap/cds';
import { WorkspaceCategories, WorkspaceFields, WorkspaceTags, WorkspaceTypes } from '#cds-models/leanix';
import { readDestination } from '../btp/destinations.ts';
import { RemoteError } from '../base/remote-error.ts';
import { IMPATIENT } from '../btp/transport.ts';
import { findDefaultTags } from '../core/catalog/tags.ts';
import type { Tag } from '../core/catalog/types.ts';
import { cut } from '../base/text.ts';
import { WARN_DAYS } from '../http/token-state.ts';
import { deleteMetadata } from './metadata.ts';
import { MATCH_FIELDS } from '../catalog/matching.ts';
import { createSample } from '../catalog/refusals.ts';
import type { ConfigRow } from '../runs/connection.ts';
import { inTransaction } from '../base/transaction.ts';
import { openClient, type DataModel, type Labels, type LeanIXClient, type Source } from '../leanix/client.ts';
import { problem, textOf } from '../base/problem.ts';
import { checkHost } from './constraints.ts';
import { dateText } from '../base/language.ts';

/** What a connection test tells. `code` and `message` say what to do where it is not `ok`. */
export type TestResult = {
  ok: boolean;
  code: string;
  message: string;
  workspaceId: string | null;
  workspaceName: string | null;
  role: string | null;
  factSheetTypes: string[];
};

/** The workspace's metadata, as the value helps need it. */
export type Metadata = { model: DataModel; labels: Labels; tags: Tag[] };

/**
 * Tests credentials and reads the metadata: of a host with a token that somebody enters, or of the stored destination.
 * What LeanIX says is the result; only what was entered wrong is thrown.
 * @throws 400 HOST_REQUIRED, HOST_INVALID, HOST_NOT_ALLOWED, TOKEN_REQUIRED for another host than the destination's
 */
export async function testConnection(
  config: ConfigRow,
  entered: { host: string; apiToken: string },
  tokenExpiresOn: string | null,
): Promise<{ result: TestResult; metadata: Metadata | null }> {
  const result = { ...NOTHING_KNOWN };
  try {
    const client = await openClient(await sourceOf(config, entered), { timing: IMPATIENT });
    const model = await client.dataModel();
    const metadata = { model, labels: await client.labels(), tags: await client.tags() };
    const { workspaceId, workspaceName, role } = await client.identity();
    Object.assign(result, { workspaceId, workspaceName, role, factSheetTypes: [...model.types.keys()].sort() });
    const found =
      (await writeProblem(client, config, model, role)) ??
      settingsProblem(config, metadata) ??
      hint(config, metadata, tokenExpiresOn);
    return { result: { ...result, ...found }, metadata };
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    return { result: { ...result, ...failed(error.code, ...error.args) }, metadata: null };
  }
}

async function sourceOf(config: ConfigRow, entered: { host: string; apiToken: string }): Promise<Source> {
  const wanted = entered.host || config.leanixHost;
  if (!wanted) throw problem(400, 'HOST_REQUIRED');
  const host = checkHost(wanted);
  if (entered.apiToken) return { host, apiToken: entered.apiToken };
  const name = config.leanixDestination ?? '';
  const destination = await readDestination(name, { fresh: true, timing: IMPATIENT });
  if (destination.host !== host) throw problem(400, 'TOKEN_REQUIRED', host, destination.host);
  return { destination: name, host };
}

const NOTHING_KNOWN: TestResult = {
  ok: false,
  code: '',
  message: '',
  workspaceId: null,
  workspaceName: null,
  role: null,
  factSheetTypes: [],
};

const found = (ok: boolean, code: string, args: string[]) => ({
  ok,
  code,
  message: textOf(code, args, cds.context?.locale),
});
const failed = (code: string, ...args: string[]) => found(false, code, args);
const passed = (code: string, ...args: string[]) => found(true, code, args);

/** A token that may only read is found out before the first run: LeanIX is asked, without writing. */
async function writeProblem(client: LeanIXClient, config: ConfigRow, model: DataModel, role: string | null) {
  if (role === 'VIEWER') return failed('TOKEN_READ_ONLY', role);
  const type = config.factSheetType;
  if (!type || !model.types.has(type)) return null;
  const sample = createSample('test', `Connection test ${randomUUID()}`, type, []);
  const answer = await client.write([sample], { type, fields: MATCH_FIELDS, validateOnly: true });
  const denied = answer.ok ? undefined : answer.failures.find(({ message }) => /permission/i.test(message));
  return denied ? failed('TOKEN_READ_ONLY', denied.message) : null;
}

/** What the configuration asks for and the workspace does not have. */
function settingsProblem({ factSheetType, defaultTags }: ConfigRow, { model, tags }: Metadata) {
  if (!factSheetType) return null;
  if (!model.types.has(factSheetType)) {
    return failed('FACT_SHEET_TYPE_UNKNOWN', factSheetType, [...model.types.keys()].join(', '));
  }
  const [first] = findDefaultTags(defaultTags, tags, factSheetType).warnings;
  return first ? failed(first.code, ...first.args) : null;
}

function hint(config: ConfigRow, { model }: Metadata, tokenExpiresOn: string | null) {
  if (tokenExpiresOn && Date.parse(tokenExpiresOn) < Date.now() + WARN_DAYS * 86_400_000) {
    const over = Date.parse(tokenExpiresOn) + 86_400_000 < Date.now();
    return passed(over ? 'TOKEN_DATE_PASSED' : 'TOKEN_EXPIRES_SOON', dateText(tokenExpiresOn));
  }
  const type = model.types.get(config.factSheetType ?? '');
  if (type && !type.fields.get('category')?.values.length) return passed('CATEGORY_LIST_EMPTY', type.name);
  return passed('CONNECTED');
}

/** Characters that are kept of labels and names, and of what has to be whole: names of types and options, paths. */
const LABEL = 255;
const KEY = 100;
const PATH = 255;

/**
 * Keeps the metadata for the value helps; what LeanIX refused before is asked again by the next run. What has a name
 * that is too long to be configured is left out.
 */
export async function storeMetadata(config_ID: string, { model, labels, tags }: Metadata): Promise<void> {
  const types = [...model.types.values()].filter(({ name }) => name.length <= KEY);
  const labelsOf = (type: string, field: string) => labels.get(type)?.fields.get(field);
  const rows = {
    types: types.map(({ name, hasExternalId }) => ({
      config_ID,
      name,
      label: cut(labels.get(name)?.label ?? name, LABEL),
      hasExternalId,
    })),
    categories: types.flatMap(({ name, fields }) =>
      (fields.get('category')?.values ?? [])
        .filter(({ key }) => key.length <= KEY)
        .map(({ key, label }) => ({
          config_ID,
          factSheetType: name,
          name: key,
          label: cut(labelsOf(name, 'category')?.values.get(key) ?? label, LABEL),
        })),
    ),
    fields: types.flatMap(({ name, fields }) => [
      ...BASE_PATHS.map((path) => ({ config_ID, factSheetType: name, path, label: path.slice(1), type: 'STRING' })),
      ...[...fields.values()]
        .filter(({ name }) => name !== 'externalId' && name.length < PATH && !BASE_PATHS.includes(`/${name}`))
        .map((field) => ({
          config_ID,
          factSheetType: name,
          path: `/${field.name}`,
          label: cut(labelsOf(name, field.name)?.label ?? field.name, LABEL),
          type: cut(field.type, 50),
        })),
    ]),
    tags: tags
      .filter(({ id }) => id.length <= 64)
      .map(({ id, name, group }) => ({
        config_ID,
        tagId: id,
        name: cut(name, LABEL),
        tagGroup: cut(group?.name ?? null, LABEL),
      })),
  };
  await inTransaction(async () => {
    await deleteMetadata(config_ID);
    if (rows.types.length) await INSERT.into(WorkspaceTypes).entries(rows.types);
    if (rows.categories.length) await INSERT.into(WorkspaceCategories).entries(rows.categories);
    if (rows.fields.length) await INSERT.into(WorkspaceFields).entries(rows.fields);
    if (rows.tags.length) await INSERT.into(WorkspaceTags).entries(rows.tags);
  });
}

/** What every type has, whether its data model names it or, as is usual, does not. */
const BASE_PATHS = ['/name', '/description', '/displayName', '/tags'];
