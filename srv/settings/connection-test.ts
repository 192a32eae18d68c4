import cds from '@sap/cds';
import { IFlowLinks } from '#cds-models/leanix';
import { readDestination } from '../btp/destinations.ts';
import { RemoteError } from '../base/remote-error.ts';
import { IMPATIENT } from '../btp/transport.ts';
import { findDefaultTags } from '../core/catalog/tags.ts';
import { convert } from '../core/catalog/values.ts';
import { isDenied } from '../core/catalog/refusal-words.ts';
import type { ConfigRow } from '../runs/connection.ts';
import { createCpiClient } from '../cpi/client.ts';
import { inTransaction } from '../base/transaction.ts';
import { openClient, withLabels, type Source } from '../leanix/client.ts';
import { problem, textOf } from '../base/problem.ts';
import { WARN_DAYS } from '../http/token-state.ts';
import { checkHost } from './constraints.ts';
import { dateText } from '../base/language.ts';
import { tryMapping, type Trial } from './mapping-trial.ts';
import type { Metadata } from './workspace-metadata.ts';

/** If it is not `ok`, `code` and `message` say what to do. */
type Finding = { ok: boolean; code: string; message: string };

/** The result of a connection test; `ok` if both systems can be used. */
export type TestResult = Finding & {
  workspaceId: string | null;
  workspaceName: string | null;
  role: string | null;
  factSheetTypes: string[];
  cpi: Finding & { tenantHost: string | null };
};

/**
 * Tests LeanIX (with entered credentials or the stored destination) and Cloud Integration, and reads the workspace's
 * metadata. Remote problems are part of the result; only wrong input is thrown.
 * @returns the metadata too, if LeanIX returned it
 * @throws 400 HOST_REQUIRED, HOST_INVALID, HOST_NOT_ALLOWED, TOKEN_REQUIRED for another host than the destination's
 */
export async function testConnection(
  config: ConfigRow,
  entered: { host: string; apiToken: string },
  tokenExpiresOn: string | null,
): Promise<{ result: TestResult; metadata: Metadata | null }> {
  const [leanix, cpi] = await Promise.all([testLeanIX(config, entered, tokenExpiresOn), testCpi(config)]);
  const { result, metadata } = leanix;
  const decisive = result.ok && !cpi.ok ? cpi : result;
  const { ok, code, message } = decisive;
  return { result: { ...result, ok, code, message, cpi }, metadata };
}

async function testLeanIX(
  config: ConfigRow,
  entered: { host: string; apiToken: string },
  tokenExpiresOn: string | null,
): Promise<{ result: Omit<TestResult, 'cpi'>; metadata: Metadata | null }> {
  const known = { workspaceId: null, workspaceName: null, role: null, factSheetTypes: [] };
  let result = { ...failed(''), ...known } as Omit<TestResult, 'cpi'>;
  let metadata: Metadata | null = null;
  try {
    const client = await openClient(await sourceOf(config, entered), { timing: IMPATIENT });
    const model = await client.dataModel();
    metadata = { model, labels: await client.labels(), tags: await client.tags() };
    const { workspaceId, workspaceName, role } = await client.identity();
    result = { ...result, workspaceId, workspaceName, role, factSheetTypes: [...model.types.keys()].sort() };
    const trial = role === 'VIEWER' ? null : await trialOf(config, client, metadata);
    const finding =
      (role === 'VIEWER' ? failed('TOKEN_READ_ONLY', role) : writeProblem(trial)) ??
      settingsProblem(config, metadata) ??
      hints(config, metadata, trial, tokenExpiresOn);
    return { result: { ...result, ...finding }, metadata };
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    return { result: { ...result, ...failed(error.code, ...error.args) }, metadata };
  }
}

/** Whether Cloud Integration provides what a refresh needs. */
async function testCpi({ cpiDestination }: ConfigRow): Promise<TestResult['cpi']> {
  if (!cpiDestination) return { ...failed('CPI_DESTINATION_REQUIRED'), tenantHost: null };
  let tenantHost: string | null = null;
  try {
    await readDestination(cpiDestination, { fresh: true });
    const client = await createCpiClient({ destination: cpiDestination, timing: IMPATIENT });
    tenantHost = client.tenantHost;
    await client.check();
    return { ...passed('CPI_CONNECTED', tenantHost), tenantHost };
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    return { ...failed(error.code, ...error.args), tenantHost };
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

const finding = (ok: boolean, code: string, args: string[]): Finding => ({
  ok,
  code,
  message: textOf(code, args, cds.context?.locale),
});
const failed = (code: string, ...args: string[]) => finding(false, code, args);
const passed = (code: string, ...args: string[]) => finding(true, code, args);

/** Lets LeanIX check what a run would write, without writing. Null where the workspace lacks the type. */
async function trialOf(config: ConfigRow, client: Awaited<ReturnType<typeof openClient>>, metadata: Metadata) {
  const { factSheetType } = config;
  const type = withLabels(metadata.model, metadata.labels).types.get(factSheetType ?? '');
  if (!factSheetType || !type) return null;
  const link = await inTransaction(() =>
    SELECT.one
      .from(IFlowLinks)
      .columns('factSheetId')
      .where({ 'iflow.config_ID': config.ID, status: 'linked', factSheetId: { '!=': null } }),
  );
  return tryMapping(
    { client, factSheetType, signal: undefined },
    config,
    type,
    metadata.tags,
    link?.factSheetId ?? null,
  );
}

/** Finds a read-only token before the first run. */
function writeProblem(trial: Trial | null): Finding | null {
  if (!trial?.creates || trial.updates === null) return null;
  const other = [trial.creates, trial.updates].find((reason) => reason && !isDenied(reason));
  return other ? failed('WRITES_REFUSED', other) : failed('TOKEN_READ_ONLY', trial.creates);
}

/** Settings that the workspace lacks. */
function settingsProblem({ factSheetType, category, defaultTags }: ConfigRow, { model, labels, tags }: Metadata) {
  if (!factSheetType) return null;
  const type = model.types.get(factSheetType);
  if (!type) return failed('FACT_SHEET_TYPE_UNKNOWN', factSheetType, [...model.types.keys()].join(', '));
  const [first] = findDefaultTags(defaultTags, tags, factSheetType).warnings;
  if (first) return failed(first.code, ...first.args);
  if (!category) return null;
  if (!type.fields.has('category')) return failed('CATEGORY_NOT_OF_TYPE', factSheetType, category);
  const { fields } = withLabels(model, labels).types.get(factSheetType)!;
  if (convert('/category', category, fields).value) return null;
  const options = fields.get('category')!.values.map(({ key, label }) => label || key);
  return failed('CATEGORY_UNKNOWN', factSheetType, category, options.join(', '));
}

/** Warnings about a working connection. The first one gives the code. */
function hints(config: ConfigRow, { model }: Metadata, trial: Trial | null, tokenExpiresOn: string | null): Finding {
  const all: Finding[] = [];
  if (trial?.creates) all.push(passed('CREATES_DENIED', trial.creates));
  if (trial?.updates) all.push(passed('UPDATES_DENIED', trial.updates));
  const refused = trial?.rows.map(({ leanixPath, reason }) => `${leanixPath} (${reason})`) ?? [];
  if (refused.length) all.push(passed('PATHS_DENIED', refused.join(', ')));
  if (tokenExpiresOn && Date.parse(tokenExpiresOn) < Date.now() + WARN_DAYS * 86_400_000) {
    const over = Date.parse(tokenExpiresOn) + 86_400_000 < Date.now();
    all.push(passed(over ? 'TOKEN_DATE_PASSED' : 'TOKEN_EXPIRES_SOON', dateText(tokenExpiresOn)));
  }
  const type = model.types.get(config.factSheetType ?? '');
  const category = type?.fields.get('category');
  if (!all.length && type && !category) all.push(passed('TYPE_WITHOUT_CATEGORY', type.name));
  else if (!all.length && category?.values.length === 0) all.push(passed('CATEGORY_LIST_EMPTY', type!.name));
  const [first] = all;
  return first ? { ...first, message: all.map(({ message }) => message).join(' ') } : passed('CONNECTED');
}
