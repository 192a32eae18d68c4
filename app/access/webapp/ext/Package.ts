/** Export and import of the access settings of all connections as one file; no secret is in it. */
import MessageBox from 'sap/m/MessageBox';
import MessageToast from 'sap/m/MessageToast';
import type ListReportAPI from 'sap/fe/templates/ListReport/ExtensionAPI';
import File from 'sap/ui/core/util/File';
import { odata, text } from './session';

type Change = { name: string; element: string; before: string | null; after: string | null };
type Result = { created: number; updated: number; changes: Change[] };

export async function exportPackage(this: ListReportAPI): Promise<void> {
  const operation = odata(this).bindContext('/exportConnectionPackage(...)');
  await operation.invoke();
  const { value } = operation.getBoundContext().getObject() as { value: string };
  File.save(value, 'leanix-access', 'json', 'application/json', 'utf-8');
}

/** What a file would change is shown first, and nothing is done before it is confirmed. */
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
  const title = text(api, 'importTitle');
  try {
    const result = await send(api, bundle, true);
    if (!result.changes.length) return void MessageBox.information(text(api, 'importNothing'), { title });
    MessageBox.confirm(text(api, 'importSummary', result.created, result.updated), {
      title,
      details: result.changes.map(
        ({ name, element, before, after }) => `${name}: ${element}: ${before ?? '–'} → ${after ?? '–'}`,
      ),
      actions: [text(api, 'importDo'), text(api, 'cancel')],
      emphasizedAction: text(api, 'importDo'),
      onClose: (action: string) => {
        if (action === text(api, 'importDo')) void bringIn(api, bundle);
      },
    });
  } catch (error) {
    MessageBox.error((error as Error).message, { title });
  }
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
