import type Dialog from 'sap/m/Dialog';
import MessageToast from 'sap/m/MessageToast';
import type ExtensionAPI from 'sap/fe/templates/ListReport/ExtensionAPI';
import type Event from 'sap/ui/base/Event';
import File from 'sap/ui/core/util/File';
import JSONModel from 'sap/ui/model/json/JSONModel';
import type ODataModel from 'sap/ui/model/odata/v4/ODataModel';
import type ODataContextBinding from 'sap/ui/model/odata/v4/ODataContextBinding';
import { textsOf, type Texts } from './texts';

/** Export and import of all settings as one file. */

type Change = { name: string; element: string; before: string | null; after: string | null };
type ImportResult = { created: number; updated: number; changes: Change[] };

/** Downloads the settings, which contain no secrets. */
export async function exportSettings(this: ExtensionAPI): Promise<void> {
  const operation = operationOf(this, '/exportSettings(...)');
  await operation.invoke();
  const { value } = operation.getBoundContext().getObject() as { value: string };
  File.save(value, 'leanix-settings', 'json', 'application/json', 'utf-8');
}

/** Imports settings after showing the changes and asking for confirmation. */
export async function importSettings(this: ExtensionAPI): Promise<void> {
  const texts = textsOf(this);
  const model = new JSONModel(nothing());
  let bundle = '';
  const controller = {
    onFile: async (event: Event) => {
      model.setData(nothing());
      const [file] = (event.getParameter('files' as never) ?? []) as Blob[];
      if (!file) return;
      bundle = await file.text();
      dialog.setBusy(true);
      try {
        const result = await send(this, bundle, true);
        model.setData({
          state: 'read',
          summary: summaryOf(result, texts),
          changes: namedChanges(result, texts),
          error: '',
        });
      } catch (error) {
        model.setProperty('/error', (error as Error).message);
      } finally {
        dialog.setBusy(false);
      }
    },
    onImport: async () => {
      dialog.setBusy(true);
      try {
        const result = await send(this, bundle, false);
        dialog.close();
        MessageToast.show(texts.getText('ImportDone', [String(result.created), String(result.updated)]));
        modelOf(this).refresh();
      } catch (error) {
        model.setProperty('/error', (error as Error).message);
      } finally {
        dialog.setBusy(false);
      }
    },
    onCancel: () => dialog.close(),
  };
  const dialog = (await this.loadFragment({
    id: 'importDialog',
    name: 'leanix.integration.settings.ext.ImportDialog',
    controller,
  })) as Dialog;
  dialog.setModel(model, 'import');
  dialog.attachAfterClose(() => dialog.destroy());
  dialog.open();
}

const nothing = () => ({ state: 'empty', summary: '', changes: [] as Change[], error: '' });

async function send(api: ExtensionAPI, bundle: string, dryRun: boolean): Promise<ImportResult> {
  const operation = operationOf(api, '/importSettings(...)');
  operation.setParameter('bundle', bundle).setParameter('dryRun', dryRun);
  await operation.invoke();
  return operation.getBoundContext().getObject() as ImportResult;
}

function operationOf(api: ExtensionAPI, path: string): ODataContextBinding {
  return modelOf(api).bindContext(path);
}

function modelOf(api: ExtensionAPI): ODataModel {
  return api.getModel() as unknown as ODataModel;
}

function summaryOf({ created, updated }: ImportResult, texts: Texts): string {
  if (!created && !updated) return texts.getText('ImportNothing');
  return texts.getText('ImportSummary', [String(created), String(updated)]);
}

function namedChanges({ changes }: ImportResult, texts: Texts): Change[] {
  return changes.map((change) => ({ ...change, element: texts.getText(`Element.${change.element}`) }));
}
