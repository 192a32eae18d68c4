/** Exports and imports the access settings of all connections as one file without secrets. */
import type Dialog from 'sap/m/Dialog';
import MessageBox from 'sap/m/MessageBox';
import MessageToast from 'sap/m/MessageToast';
import type ListReportAPI from 'sap/fe/templates/ListReport/ExtensionAPI';
import File from 'sap/ui/core/util/File';
import JSONModel from 'sap/ui/model/json/JSONModel';
import { odata, text } from './models';

type Change = { name: string; element: string; before: string | null; after: string | null };
type Result = { created: number; updated: number; changes: Change[] };

export async function exportPackage(this: ListReportAPI): Promise<void> {
  const operation = odata(this).bindContext('/exportConnectionPackage(...)');
  await operation.invoke();
  const { value } = operation.getBoundContext().getObject() as { value: string };
  File.save(value, 'leanix-access', 'json', 'application/json', 'utf-8');
}

/** Shows the changes and asks before anything is imported. */
export function importPackage(this: ListReportAPI): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.json,.txt';
  input.addEventListener('change', () => void read(this, input.files?.[0]));
  input.click();
}

async function read(api: ListReportAPI, file: Blob | undefined): Promise<void> {
  if (!file) return;
  const bundle = await file.text();
  try {
    await show(api, bundle, await send(api, bundle, true));
  } catch (error) {
    MessageBox.error((error as Error).message, { title: text(api, 'importTitle') });
  }
}

async function show(api: ListReportAPI, bundle: string, { created, updated, changes }: Result): Promise<void> {
  const controller = {
    onImport: () => void bringIn(api, bundle).finally(() => dialog.close()),
    onCancel: () => dialog.close(),
  };
  const dialog = (await api.loadFragment({
    id: 'packagePreview',
    name: 'leanix.integration.access.ext.Preview',
    controller,
  })) as Dialog;
  const any = created + updated > 0;
  const summary = any ? text(api, 'importSummary', created, updated) : text(api, 'importNothing');
  const named = changes.map((change) => ({ ...change, element: nameOf(api, change.element) }));
  dialog.setModel(new JSONModel({ any, summary, changes: named }), 'preview');
  dialog.attachAfterClose(() => dialog.destroy());
  dialog.open();
}

/** An element as it is called on the page of the settings; jobs by their kind. */
function nameOf(api: ListReportAPI, element: string): string {
  const [job, kind] = element.split(' ');
  if (kind) return text(api, `${job}.${kind}`);
  const label: unknown = odata(api)
    .getMetaModel()
    .getObject(`/AccessConfigs/${element}@com.sap.vocabularies.Common.v1.Label`);
  return typeof label === 'string' ? label : text(api, element);
}

async function bringIn(api: ListReportAPI, bundle: string): Promise<void> {
  try {
    const { created, updated } = await send(api, bundle, false);
    MessageToast.show(text(api, 'importDone', created, updated));
    await api.refresh();
  } catch (error) {
    MessageBox.error((error as Error).message, { title: text(api, 'importTitle') });
  }
}

async function send(api: ListReportAPI, bundle: string, dryRun: boolean): Promise<Result> {
  const operation = odata(api).bindContext('/importConnectionPackage(...)');
  operation.setParameter('bundle', bundle).setParameter('dryRun', dryRun);
  await operation.invoke();
  return operation.getBoundContext().getObject() as Result;
}
