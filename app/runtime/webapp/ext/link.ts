import type Dialog from 'sap/m/Dialog';
import type Input from 'sap/m/Input';
import type { Input$LiveChangeEvent, Input$SuggestEvent, Input$SuggestionItemSelectedEvent } from 'sap/m/Input';
import MessageToast from 'sap/m/MessageToast';
import JSONModel from 'sap/ui/model/json/JSONModel';
import type Context from 'sap/ui/model/odata/v4/Context';
import type { API } from './runs';
import { ask } from './remote';
import { odata, text, type Models } from './models';

/** The parts of an iFlow that change with its link. */
export const ROW = ['*', 'linkStatusText', 'matchedByText', 'candidates'];

/** Refreshes an iFlow, and what depends on it, after its link has changed. */
export async function decided(api: Models, iflow: Context): Promise<void> {
  await iflow.requestSideEffects(ROW);
  (api.getModel('remote') as JSONModel).setProperty('/decidedAt', Date.now());
}

/**
 * Links an iFlow to a fact sheet. Fiori elements shows errors and warnings.
 * @returns whether it is linked now
 */
export async function link(api: API, iflow: Context, factSheetId: string): Promise<boolean> {
  const operation = odata(api).bindContext('RuntimeService.link(...)', iflow);
  operation.setParameter('factSheetId', factSheetId);
  let isLinked = false;
  const call = async () => {
    await operation.invoke();
    isLinked = true;
    await decided(api, iflow);
    MessageToast.show(text(api, 'linked', iflow.getProperty('name') as string));
  };
  await api
    .getEditFlow()
    .securedExecution(call, { busy: { set: true, check: false } })
    .catch(() => undefined);
  return isLinked;
}

/** Lets the user enter the fact sheet of an iFlow, or choose it from the results of LeanIX, and links it. */
export async function linkTo(api: API, iflow: Context): Promise<void> {
  const found = new JSONModel([]);
  /** The ID of the chosen suggestion; undefined if the user entered something else. */
  let picked: string | undefined;
  const handlers = {
    search: async (event: Input$SuggestEvent) => {
      const input: Input = event.getSource();
      const search = event.getParameter('suggestValue') ?? '';
      // IDs and addresses are no names.
      if (/\/|^[0-9a-f]{8}-/i.test(search)) return;
      try {
        const answer = await ask(iflow, 'findFactSheets', { search });
        if (input.getValue() === search) found.setData((answer as { value: object[] }).value);
        input.setValueState('None');
      } catch (error) {
        input.setValueState('Warning').setValueStateText((error as Error).message);
      }
    },
    typed: (event: Input$LiveChangeEvent) => {
      picked = undefined;
      dialog.getBeginButton().setEnabled(!!event.getParameter('value')?.trim());
    },
    picked: (event: Input$SuggestionItemSelectedEvent) => {
      picked = event.getParameter('selectedItem')?.getKey();
    },
    link: async () => {
      const input = dialog.findAggregatedObjects(true, (control) => control.isA('sap.m.Input'))[0] as Input;
      if (await link(api, iflow, picked ?? input.getValue())) dialog.close();
    },
    cancel: () => void dialog.close(),
    closed: () => dialog.destroy(),
  };
  const dialog = (await api.loadFragment({
    id: 'linkTo',
    name: 'leanix.integration.runtime.ext.LinkTo',
    controller: handlers,
  })) as unknown as Dialog;
  dialog.setModel(found, 'found');
  dialog.setBindingContext(iflow);
  dialog.open();
}
