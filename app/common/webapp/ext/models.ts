import type ODataModel from 'sap/ui/model/odata/v4/ODataModel';
import type ResourceModel from 'sap/ui/model/resource/ResourceModel';
import type Model from 'sap/ui/model/Model';

/** The extension APIs of list and page, views and controls: everything with access to the models. */
export type Models = { getModel(name?: string): Model | undefined };

export const odata = (api: Models) => api.getModel() as ODataModel;

/** A text of the app. */
export function text(api: Models, key: string, ...values: (string | number)[]): string {
  const bundle = (api.getModel('i18n') as ResourceModel).getResourceBundle();
  return ('getText' in bundle && bundle.getText(key, values)) || key;
}
