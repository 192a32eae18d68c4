import type Dialog from 'sap/m/Dialog';
import type List from 'sap/m/List';
import MessageToast from 'sap/m/MessageToast';
import type Context from 'sap/ui/model/odata/v4/Context';
import { odata, text } from './session';
import type { API } from './runs';

/** What changes in an iFlow when a person decides about its fact sheet. */
export const ROW = ['*', 'linkStatusText', 'matchedByText', 'candidates'];

/** Lets the user choose among the candidates of an ambiguous iFlow, and links it. */
export async function choose(api: API, iflow: Context): Promise<void> {
  const name = iflow.getProperty('name') as string;
  const handlers = {
    link: async () => {
      const list = dialog.getContent().find((control) => control.isA('sap.m.List')) as List;
      const candidate = list.getSelectedItem()?.getBindingContext() as Context | undefined;
      if (!candidate) return;
      const operation = odata(api).bindContext('RuntimeService.link(...)', iflow);
      operation.setParameter('factSheetId', candidate.getProperty('factSheetId'));
      const call = async () => {
        await operation.invoke();
        dialog.close();
        await iflow.requestSideEffects(ROW);
        MessageToast.show(text(api, 'linked', name));
      };
      await api
        .getEditFlow()
        .securedExecution(call, { busy: { set: true, check: false } })
        .catch(() => undefined);
    },
    selected: () => void dialog.getBeginButton().setEnabled(true),
    cancel: () => void dialog.close(),
    closed: () => dialog.destroy(),
  };
  const dialog = (await api.loadFragment({
    id: 'choose',
    name: 'leanix.integration.runtime.ext.Choose',
    controller: handlers,
  })) as unknown as Dialog;
  dialog.setBindingContext(iflow);
  dialog.open();
}
