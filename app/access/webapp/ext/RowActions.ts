/**
 * Actions of the pages. Annotations could offer them, but not hide them from those who may not use them: on a page they
 * do not know who is signed in.
 */
import type PageAPI from 'sap/fe/templates/ObjectPage/ExtensionAPI';
import type Context from 'sap/ui/model/odata/v4/Context';
import { text } from './session';

export async function addAccess(this: PageAPI, context: Context) {
  await call(this, context, 'addAccess');
}
export async function removeAccess(this: PageAPI, context: Context) {
  await call(this, context, 'removeAccess');
}
export async function removeAccount(this: PageAPI, context: Context) {
  await call(this, context, 'removeAccount');
}
export async function enableAccount(this: PageAPI, context: Context) {
  await call(this, context, 'enableAccount');
}
export async function correlate(this: PageAPI, context: Context) {
  await call(this, context, 'correlate');
}
export async function uncorrelate(this: PageAPI, context: Context) {
  await call(this, context, 'uncorrelate');
}
export async function cancelTask(this: PageAPI, context: Context) {
  await call(this, context, 'cancel', 'cancelTask');
}
export async function retryTask(this: PageAPI, context: Context) {
  await call(this, context, 'retry', 'retryTask');
}
export async function cancelRun(this: PageAPI, context: Context) {
  await call(this, context, 'cancel', 'cancelRun');
}

/** What is started anew has a page of its own. */
export async function runNow(this: PageAPI, context: Context) {
  lead(this, await call(this, context, 'runNow'));
}
export async function confirmRun(this: PageAPI, context: Context) {
  lead(this, await call(this, context, 'confirm', 'confirmRun'));
}

/** Calls an action; Fiori elements asks for its parameters and shows what goes wrong. @returns the row that it answers */
async function call(api: PageAPI, contexts: Context, action: string, label = action): Promise<Context | undefined> {
  try {
    const answer: unknown = await api
      .getEditFlow()
      .invokeAction(`AccessService.${action}`, { contexts, label: text(api, label) });
    return answer as Context | undefined;
  } catch {
    return undefined;
  }
}

function lead(api: PageAPI, run: Context | undefined) {
  const ID = (run?.getObject() as { ID?: string } | undefined)?.ID;
  if (ID) void api.getRouting().navigateToRoute('RunPage', { key: ID });
}
