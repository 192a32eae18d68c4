import MessageBox from 'sap/m/MessageBox';
import MessageToast from 'sap/m/MessageToast';
import type ExtensionAPI from 'sap/fe/templates/ObjectPage/ExtensionAPI';
import Message from 'sap/ui/core/message/Message';
import MessageType from 'sap/ui/core/message/MessageType';
import Messaging from 'sap/ui/core/Messaging';
import type Context from 'sap/ui/model/odata/v4/Context';
import type ODataListBinding from 'sap/ui/model/odata/v4/ODataListBinding';
import { textsOf } from './texts';

/** The actions of the field mapping. */

type Row = { ID: string; iflowField: string | null; leanixPath: string | null; position: number | null };
type Refusal = { iflowField: string | null; leanixPath: string; code: string; message: string };

/** The code of the messages of the last validation. */
const REFUSED = 'VALIDATE';

/** The usual mapping. */
const USUAL = [
  { iflowField: 'name', leanixPath: '/name' },
  { iflowField: 'description', leanixPath: '/description' },
  { iflowField: 'version', leanixPath: '/release' },
  { iflowField: 'Status', leanixPath: '/tags' },
];

/** The tags that `Status` needs. */
const STATUS_TAGS = ['Started', 'Stopped', 'Error'];

/** Adds the usual rows that are not mapped yet and whose field exists, as far as known. */
export async function addUsualRows(this: ExtensionAPI, context: Context): Promise<void> {
  const config = pageContext(this, context);
  const rows = await rowsOf(config);
  const taken = new Set(rows.map((row) => row.getProperty('leanixPath') as string));
  const [paths, tags] = await Promise.all([knownPaths(config), knownTags(config)]);
  const exists = (path: string) =>
    path === '/tags' ? STATUS_TAGS.every((tag) => tags.has(tag)) : !paths.size || paths.has(path);
  const missing = USUAL.filter(({ leanixPath }) => !taken.has(leanixPath) && exists(leanixPath));
  const binding = mappingsOf(config);
  let position = Math.max(0, ...rows.map((row) => (row.getProperty('position') as number | null) ?? 0));
  await Promise.all(missing.map(async (row) => binding.create({ ...row, position: ++position }).created()));
  await this.refresh('mappings');
}

export function isOneSelected(_binding: unknown, selected: Context[]): boolean {
  return selected.length === 1;
}

export function moveUp(this: ExtensionAPI, context: Context, selected: Context[]): Promise<void> {
  return move(this, context, selected, -1);
}

export function moveDown(this: ExtensionAPI, context: Context, selected: Context[]): Promise<void> {
  return move(this, context, selected, 1);
}

/** Swaps a row with its neighbor; positions then count from 1. */
async function move(api: ExtensionAPI, context: Context, selected: Context[], by: -1 | 1): Promise<void> {
  const [row] = selected;
  const config = pageContext(api, context);
  const rows = await rowsOf(config);
  const from = rows.findIndex((each) => each.getProperty('ID') === row?.getProperty('ID'));
  const to = from + by;
  if (from < 0 || to < 0 || to >= rows.length) return;
  [rows[from], rows[to]] = [rows[to], rows[from]];
  const number = async (each: Context, index: number) => {
    if (each.getProperty('position') !== index + 1) await each.setProperty('position', index + 1);
  };
  await Promise.all(rows.map(number));
  await api.refresh('mappings');
}

/** Asks LeanIX which rows it would refuse, and shows messages at their fields. */
export async function validate(this: ExtensionAPI, context: Context): Promise<void> {
  const texts = textsOf(this);
  const config = pageContext(this, context);
  const rows = await rowsOf(config);
  const settings = {
    contexts: config,
    parameterValues: [{ name: 'artifactId', value: null }],
    skipParameterDialog: true,
  };
  let answer: { value: Refusal[] };
  try {
    const result = await this.getEditFlow().invokeAction('SettingsService.validateMapping', settings);
    answer = (result as unknown as Context).getObject() as { value: Refusal[] };
  } catch {
    return; // Fiori elements shows what went wrong.
  }
  const refusals = answer.value;
  Messaging.removeMessages(
    (Messaging.getMessageModel().getData() as Message[]).filter((each) => each.getCode() === REFUSED),
  );
  if (!refusals.length) {
    return MessageToast.show(
      rows.length ? texts.getText('ValidateFine', [String(rows.length)]) : texts.getText('ValidateNothing'),
    );
  }
  const messages = refusals.map(({ iflowField, leanixPath, message }) => {
    const row = rows.find((each) => {
      const data = each.getObject() as Row;
      return data.iflowField === iflowField && data.leanixPath === leanixPath;
    });
    return new Message({
      message,
      code: REFUSED,
      type: MessageType.Warning,
      target: row ? `${row.getPath()}/leanixPath` : config.getPath(),
      processor: config.getModel(),
    });
  });
  Messaging.addMessages(messages);
  MessageBox.warning(
    refusals
      .map(({ iflowField, leanixPath, message }) => `${iflowField ? `${iflowField} → ` : ''}${leanixPath}: ${message}`)
      .join('\n\n'),
    {
      title: texts.getText('Validate'),
      contentWidth: '32rem',
    },
  );
}

/** Actions of a table get the context of the page, or that of the first row. */
function pageContext(api: ExtensionAPI, context: Context | undefined): Context {
  return (api as unknown as { getBindingContext(): Context }).getBindingContext() ?? context;
}

function mappingsOf(config: Context): ODataListBinding {
  return config.getModel().bindList('mappings', config, undefined, undefined, {
    $$ownRequest: true,
    $orderby: 'position',
    $select: 'ID,iflowField,leanixPath,position',
  }) as unknown as ODataListBinding;
}

function rowsOf(config: Context): Promise<Context[]> {
  return mappingsOf(config).requestContexts(0, 1000);
}

/** The paths of the workspace for the fact sheet type; empty before the first connection test. */
async function knownPaths(config: Context): Promise<Set<string>> {
  const type = config.getProperty('factSheetType') as string | null;
  if (!type) return new Set();
  return known(config, 'FieldPaths', 'path', ` and factSheetType eq '${type.replace(/'/g, "''")}'`);
}

/** The workspace's tags that `Status` needs. */
async function knownTags(config: Context): Promise<Set<string>> {
  return known(config, 'Tags', 'name', ` and name in (${STATUS_TAGS.map((tag) => `'${tag}'`).join(',')})`);
}

/** The result of the last connection test for the workspace. */
async function known(config: Context, entity: string, element: string, filter: string): Promise<Set<string>> {
  const list = config.getModel().bindList(`/${entity}`, undefined, undefined, undefined, {
    $filter: `config_ID eq ${config.getProperty('ID') as string}${filter}`,
  }) as unknown as ODataListBinding;
  return new Set((await list.requestContexts(0, 1000)).map((one) => one.getProperty(element) as string));
}
