/** Page actions. Annotations could offer them, but not hide them for some users: pages do not know the current user. */
import type PageAPI from 'sap/fe/templates/ObjectPage/ExtensionAPI';
import type Context from 'sap/ui/model/odata/v4/Context';
import MessageToast from 'sap/m/MessageToast';
import { rowOf } from './Actions';
import { odata, text } from './models';
import { readAgain, taskEnded } from './session';

export async function addAccess(this: PageAPI, context: Context) {
  await request(this, context, 'addAccess');
}
export async function removeAccess(this: PageAPI, context: Context) {
  await request(this, context, 'removeAccess');
}
export async function removeAccount(this: PageAPI, context: Context) {
  await request(this, context, 'removeAccount');
}
export async function enableAccount(this: PageAPI, context: Context) {
  await request(this, context, 'enableAccount');
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
export async function approveTask(this: PageAPI, context: Context) {
  const task = await call(this, context, 'approve', 'approveTask');
  if (task && (await taskEnded(this, task.ID))) await readAgain(context);
}
export async function rejectTask(this: PageAPI, context: Context) {
  await call(this, context, 'reject', 'rejectTask');
}
export async function retryTask(this: PageAPI, context: Context) {
  const task = await call(this, context, 'retry', 'retryTask');
  if (task && (await taskEnded(this, task.ID))) await readAgain(context);
}
export async function cancelRun(this: PageAPI, context: Context) {
  await call(this, context, 'cancel', 'cancelRun');
}

/** Executes the open tasks of the workspace, and shows the run. */
export async function carryOut(this: PageAPI, context: Context) {
  const parameterValues = [{ name: 'config', value: context.getProperty('config_ID') as string }];
  try {
    const settings = { model: odata(this), parameterValues, skipParameterDialog: true, label: text(this, 'carryOut') };
    lead(this, rowOf(await this.getEditFlow().invokeAction('runProvisioning', settings)));
  } catch {
    // Fiori elements has shown it.
  }
}

/** A new run has its own page. */
export async function runNow(this: PageAPI, context: Context) {
  lead(this, await call(this, context, 'runNow'));
}
export async function confirmRun(this: PageAPI, context: Context) {
  lead(this, await call(this, context, 'confirm', 'confirmRun'));
}

type Row = { ID: string } | undefined;

/** Requests a change, which becomes a task or is executed immediately. */
async function request(api: PageAPI, context: Context, action: string) {
  const task = await call(api, context, action);
  if (!task) return;
  MessageToast.show(text(api, 'requested'));
  if (await taskEnded(api, task.ID)) await readAgain(context);
}

/**
 * Calls an action; Fiori elements asks for parameters and shows errors.
 * @returns the row that the action returned
 */
async function call(api: PageAPI, contexts: Context, action: string, label = action): Promise<Row> {
  try {
    const answer: unknown = await api
      .getEditFlow()
      .invokeAction(`AccessService.${action}`, { contexts, label: text(api, label) });
    return rowOf(answer);
  } catch {
    return undefined;
  }
}

function lead(api: PageAPI, run: Row) {
  if (run) void api.getRouting().navigateToRoute('RunPage', { key: run.ID });
}
