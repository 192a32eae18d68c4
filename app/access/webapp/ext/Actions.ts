/** List actions that annotations cannot offer: actions without a row, and actions that lead elsewhere. */
import type ListReportAPI from 'sap/fe/templates/ListReport/ExtensionAPI';
import { odata, text } from './models';
import { session, taskEnded } from './session';

export async function importAll(this: ListReportAPI) {
  await run(this, 'importAll');
}
export async function importPeople(this: ListReportAPI) {
  await run(this, 'importPeople');
}
export async function importAccounts(this: ListReportAPI) {
  await run(this, 'importAccounts');
}
export async function importAccess(this: ListReportAPI) {
  await run(this, 'importAccess');
}
export async function runProvisioning(this: ListReportAPI) {
  await run(this, 'runProvisioning');
}

/** Asks for the person, role and reason of a new account. */
export async function requestAccount(this: ListReportAPI) {
  const silent = await isSilent(this);
  const task = await invoke(this, 'requestAccount', false, [{ name: 'silent', value: silent }]);
  if (!task) return;
  goTo(this, 'TasksList');
  // The list has been read before, and does not refresh itself.
  if (await taskEnded(this, task.ID)) odata(this).refresh();
}

/** Whether all connections invite without an e-mail: the default of the dialog. */
async function isSilent(api: ListReportAPI): Promise<boolean> {
  const saved = { $$groupId: '$direct', $select: 'silentInvite', $filter: 'IsActiveEntity eq true' };
  const contexts = await odata(api).bindList('/AccessConfigs', undefined, [], [], saved).requestContexts(0, 100);
  return contexts.every((context) => context.getProperty('silentInvite') === true);
}

export function goToAccounts(this: ListReportAPI) {
  goTo(this, 'AccountsList');
}
export function goToTasks(this: ListReportAPI) {
  goTo(this, 'TasksList');
}
export function goToJobs(this: ListReportAPI) {
  goTo(this, 'JobsList');
}
export function goToRuns(this: ListReportAPI) {
  goTo(this, 'RunsList');
}
export function goToPeople(this: ListReportAPI) {
  goTo(this, 'PeopleList');
}
export function goToRoles(this: ListReportAPI) {
  goTo(this, 'RolesList');
}
export function goToGovernance(this: ListReportAPI) {
  goTo(this, 'GovernanceList');
}
export function openSettings(this: ListReportAPI) {
  this.getIntentBasedNavigation().navigateOutbound('settings', {});
}

function goTo(api: ListReportAPI, route: string) {
  void api.getRouting().navigateToRoute(route, {});
}

/** Starts a run and shows it. Asks for the connection only if there are several. */
async function run(api: ListReportAPI, action: string) {
  const started = await invoke(api, action, session(api).connections.length < 2);
  if (started) void api.getRouting().navigateToRoute('RunPage', { key: started.ID });
}

/**
 * Calls an action; Fiori elements shows errors.
 * @returns the row that the action returned
 */
async function invoke(
  api: ListReportAPI,
  action: string,
  withoutDialog: boolean,
  values: { name: string; value: unknown }[] = [],
): Promise<{ ID: string } | undefined> {
  const [connection] = session(api).connections;
  const parameterValues = connection ? [{ name: 'config', value: connection.ID }, ...values] : values;
  try {
    const settings = {
      model: odata(api),
      parameterValues,
      skipParameterDialog: withoutDialog,
      label: text(api, action),
    };
    const answer: unknown = await api.getEditFlow().invokeAction(action, settings);
    return rowOf(answer);
  } catch {
    return undefined;
  }
}

/** Fiori elements answers a context, or a list with the result of each call. */
export function rowOf(answer: unknown): { ID: string } | undefined {
  type Answered = { value?: Answered; getObject?: () => { ID: string } } | undefined;
  const first = (Array.isArray(answer) ? answer[0] : answer) as Answered;
  return (first?.value ?? first)?.getObject?.();
}
