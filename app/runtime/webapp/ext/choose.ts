import type Dialog from 'sap/m/Dialog';
import type List from 'sap/m/List';
import type Context from 'sap/ui/model/odata/v4/Context';
import { link } from './link';
import type { API } from './runs';

/** Lets the user choose among the candidates of an ambiguous iFlow, and links it. */
export async function choose(api: API, iflow: Context): Promise<void> {
  const handlers = {
    link: async () => {
      const list = dialog.getContent().find((control) => control.isA('sap.m.List')) as List;
      const candidate = list.getSelectedItem()?.getBindingContext() as Context | undefined;
      if (!candidate) return;
      if (await link(api, iflow, candidate.getProperty('factSheetId') as string)) dialog.close();
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
