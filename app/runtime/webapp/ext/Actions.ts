/** Actions that annotations cannot offer, because they lead to the run they start. */
import MessageBox from 'sap/m/MessageBox';
import MessageToast from 'sap/m/MessageToast';
import type ListReportAPI from 'sap/fe/templates/ListReport/ExtensionAPI';
import type Context from 'sap/ui/model/odata/v4/Context';
import { choose } from './choose';
import { whichConnection } from './connection';
import { decided, linkTo } from './link';
import { showNotice } from './notice';
import { ended, open, start, type API, type Run } from './runs';
import { text } from './models';
import { count, session } from './session';

export async function refresh(this: ListReportAPI) {
  await stayHere(this, 'refresh');
}
export async function match(this: ListReportAPI) {
  await stayHere(this, 'match');
}
export async function createAllNew(this: ListReportAPI) {
  await forAll(this, 'createAllNew');
}
export async function syncAll(this: ListReportAPI) {
  await forAll(this, 'syncAll');
}
export async function preview(this: ListReportAPI) {
  await forAll(this, 'preview');
}
export async function createSelected(this: ListReportAPI, _context: Context | undefined, selected: Context[]) {
  lead(this, await start(this, 'createFactSheets', { iflows: idsOf(selected) }));
}
export async function updateSelected(this: ListReportAPI, _context: Context | undefined, selected: Context[]) {
  lead(this, await start(this, 'updateFactSheets', { iflows: idsOf(selected) }));
}
export function canCreate(_context: Context | undefined, selected: Context[]): boolean {
  return selected.length > 0 && selected.every((row) => row.getProperty('linkStatus') === 'notLinked');
}
export function canUpdate(_context: Context | undefined, selected: Context[]): boolean {
  return selected.length > 0 && selected.every((row) => row.getProperty('linkStatus') === 'linked');
}

export async function createRow(this: API, context: Context) {
  lead(this, await start(this, 'createFactSheet', {}, context));
}
export async function updateRow(this: API, context: Context) {
  lead(this, await start(this, 'updateFactSheet', {}, context));
}
export async function previewRow(this: API, context: Context) {
  lead(this, await start(this, 'previewFactSheet', {}, context));
}
export async function chooseRow(this: API, context: Context) {
  await choose(this, context);
}
export async function linkRow(this: API, context: Context) {
  await linkTo(this, context);
}
export async function applyPreview(this: API, context: Context) {
  lead(this, await start(this, 'apply', {}, context));
}
export async function retryFailed(this: API, context: Context) {
  lead(this, await start(this, 'retryFailed', {}, context));
}
export async function resumeRun(this: API, context: Context) {
  lead(this, await start(this, 'resume', {}, context));
}

export async function cancelRun(this: API, context: Context) {
  if (!(await confirmed(this, 'cancelRun'))) return;
  if (await start(this, 'cancel', {}, context)) await context.requestSideEffects(['*', 'statusText']);
}
export async function unlink(this: API, context: Context) {
  const name = context.getProperty('name') as string;
  if (!(await confirmed(this, 'unlink', text(this, 'unlinkAsk', name)))) return;
  if (await start(this, 'unlink', {}, context)) await decided(this, context);
}

export function openRuns(this: API) {
  void this.getRouting().navigateToRoute('RunsList', {});
}
export function openIFlows(this: API) {
  void this.getRouting().navigateToRoute('IFlowsList', {});
}
export function openSettings(this: ListReportAPI) {
  this.getIntentBasedNavigation().navigateOutbound('settings', {});
}

/** Asks for confirmation; the text key is `<action>Ask` by default. */
function confirmed(api: API, action: string, question = text(api, `${action}Ask`)): Promise<boolean> {
  const yes = text(api, action);
  return new Promise((resolve) => {
    MessageBox.confirm(question, {
      title: yes,
      contentWidth: '32rem',
      actions: [yes, text(api, 'keep')],
      emphasizedAction: yes,
      onClose: (chosen: string) => resolve(chosen === yes),
    });
  });
}

function lead(api: API, run: Run | undefined) {
  if (run) open(api, run);
}

async function forAll(api: ListReportAPI, action: string) {
  const config = await whichConnection(api);
  if (config) lead(api, await start(api, action, { config }));
}

/** Reading takes seconds: the user stays with the list and sees it change. */
async function stayHere(api: ListReportAPI, action: 'refresh' | 'match') {
  const config = await whichConnection(api);
  if (config) await startHere(api, action, config);
}

async function startHere(api: ListReportAPI, action: 'refresh' | 'match', config: string, more: object = {}) {
  const started = await start(api, action, { config, ...more });
  if (!started) return;
  const say = (message: string) => aboutConnection(api, config, message);
  api.setCustomMessage({ message: say(text(api, `working_${action}`)), type: 'Information' as never });
  const run = await ended(api, started.ID);
  await showNotice(api);
  await api.refresh();
  if (run.status === 'completed') MessageToast.show(say(await summary(api, action, config)));
  else if (run.code === 'CPI_EMPTY' && session(api).isAdmin) await acceptEmpty(api, config);
  else tellProblem(api, run);
}

/** An empty tenant counts as a failed read unless an admin confirms it. */
async function acceptEmpty(api: ListReportAPI, config: string) {
  const question = text(api, 'acceptEmptyAsk', await deployed(api, config));
  if (!(await confirmed(api, 'acceptEmpty', aboutConnection(api, config, question)))) return;
  await startHere(api, 'refresh', config, { acceptEmpty: true });
}

async function summary(api: ListReportAPI, action: 'refresh' | 'match', config: string): Promise<string> {
  const all = await deployed(api, config);
  return action === 'refresh'
    ? text(api, 'ended_refresh', all)
    : text(api, 'ended_match', await deployed(api, config, " and linkStatus eq 'linked'"), all);
}

/** How many iFlows of a connection are deployed. */
const deployed = (api: ListReportAPI, config: string, andThat = '') =>
  count(api, '/IFlows', `config_ID eq ${config} and status ne 'Undeployed'${andThat}`);

/** Names the connection if there are several. */
function aboutConnection(api: ListReportAPI, config: string, message: string): string {
  const { connections } = session(api);
  const name = connections.find(({ ID }) => ID === config)?.name;
  return connections.length > 1 && name ? text(api, 'about', name, message) : message;
}

function tellProblem(api: ListReportAPI, run: Run) {
  const show = text(api, 'showRun');
  MessageBox[run.status === 'failed' ? 'error' : 'warning'](run.message ?? text(api, 'runFailed'), {
    actions: [show, MessageBox.Action.CLOSE],
    emphasizedAction: show,
    onClose: (action: string) => {
      if (action === show) open(api, run);
    },
  });
}

const idsOf = (rows: Context[]) => rows.map((row) => row.getProperty('ID') as string);
