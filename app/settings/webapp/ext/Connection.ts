import type Dialog from 'sap/m/Dialog';
import MessageBox from 'sap/m/MessageBox';
import type ExtensionAPI from 'sap/fe/templates/ObjectPage/ExtensionAPI';
import JSONModel from 'sap/ui/model/json/JSONModel';
import type Context from 'sap/ui/model/odata/v4/Context';
import { textsOf, type Texts } from './texts';

/** The connection test, and the dialog for the API token. */

type TestResult = {
  ok: boolean;
  code: string;
  message: string;
  workspaceName: string | null;
  role: string | null;
  factSheetTypes: string[];
  cpi: { ok: boolean; message: string; tenantHost: string | null };
};

/** Tests the stored credentials. */
export async function test(this: ExtensionAPI, context: Context): Promise<void> {
  const result = await run(this, context);
  if (result) show(result, textsOf(this));
}

/** Asks for an API token, tests it on demand, and passes it to the service. Nothing is kept here. */
export async function enterToken(this: ExtensionAPI, context: Context): Promise<void> {
  const texts = textsOf(this);
  const model = new JSONModel({
    host: context.getProperty('leanixHost') as string | null,
    kept: texts.getText('TokenKept', [(context.getProperty('leanixDestination') as string | null) ?? '']),
    expiresOn: context.getProperty('tokenExpiresOn') as string | null,
    apiToken: '',
    type: 'None',
    message: '',
  });
  const parameters = () => ({
    apiToken: model.getProperty('/apiToken') as string,
    expiresOn: (model.getProperty('/expiresOn') as string) || null,
  });
  const busy = async (work: () => Promise<void>) => {
    dialog.setBusy(true);
    await work().finally(() => dialog.setBusy(false));
  };
  const controller = {
    onTest: () =>
      busy(async () => {
        const result = await run(this, context, parameters().apiToken);
        if (!result) return;
        model.setProperty('/type', typeOf(result));
        model.setProperty('/message', textOf(result, texts));
        model.setProperty('/untouched', result.ok ? '' : texts.getText('TokenUntouched'));
      }),
    onStore: () =>
      busy(async () => {
        if (!(await invoke(this, context, 'storeApiToken', parameters()))) return;
        dialog.close();
        const result = await run(this, context);
        if (result) show(result, texts);
      }),
    onCancel: () => dialog.close(),
  };
  const dialog = (await this.loadFragment({
    id: 'tokenDialog',
    name: 'leanix.integration.settings.ext.TokenDialog',
    controller,
  })) as Dialog;
  dialog.setModel(model, 'token');
  dialog.attachAfterClose(() => {
    model.setData({});
    dialog.destroy();
  });
  dialog.open();
}

async function run(api: ExtensionAPI, context: Context, apiToken?: string): Promise<TestResult | undefined> {
  const answer = await invoke(api, context, 'testConnection', { host: null, apiToken: apiToken || null });
  return answer?.getObject() as TestResult | undefined;
}

/**
 * Calls an action; Fiori elements shows errors.
 * @returns undefined after an error
 */
async function invoke(api: ExtensionAPI, context: Context, action: string, parameters: object) {
  const parameterValues = Object.entries(parameters).map(([name, value]) => ({ name, value: value as unknown }));
  try {
    const settings = { contexts: context, parameterValues, skipParameterDialog: true };
    return (await api.getEditFlow().invokeAction(`SettingsService.${action}`, settings)) as unknown as Context;
  } catch {
    return undefined;
  }
}

function show(result: TestResult, texts: Texts): void {
  const text = textOf(result, texts);
  const title = texts.getText('TestConnection');
  const type = typeOf(result);
  if (type === 'Success') MessageBox.success(text, { title });
  else if (type === 'Warning') MessageBox.warning(text, { title });
  else MessageBox.error(text, { title });
}

/** Warnings about a working connection. */
const WARNINGS = ['TOKEN_EXPIRES_SOON', 'TOKEN_DATE_PASSED', 'CREATES_DENIED', 'UPDATES_DENIED', 'PATHS_DENIED'];

function typeOf({ ok, code }: TestResult): 'Success' | 'Warning' | 'Error' {
  if (!ok) return 'Error';
  return WARNINGS.includes(code) ? 'Warning' : 'Success';
}

function textOf({ message, workspaceName, role, factSheetTypes, cpi }: TestResult, texts: Texts): string {
  const parts = [message];
  if (workspaceName) {
    parts.push(texts.getText('TestResult', [workspaceName, roleText(role, texts), String(factSheetTypes.length)]));
  }
  // If only Cloud Integration fails, the message already says so.
  if (cpi.message !== message) parts.push(texts.getText('TestResultCpi', [cpi.message]));
  return parts.join('\n\n');
}

/** The name of a role; unknown roles keep their technical name. */
function roleText(role: string | null, texts: Texts): string {
  const key = role ? `Role${role}` : 'RoleUnknown';
  const text = texts.getText(key);
  return role && text === key ? role : text;
}
