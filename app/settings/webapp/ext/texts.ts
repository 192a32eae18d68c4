import type ResourceBundle from 'sap/base/i18n/ResourceBundle';
import type ExtensionAPI from 'sap/fe/core/ExtensionAPI';
import type ResourceModel from 'sap/ui/model/resource/ResourceModel';

/** Texts in the user's language. */
export type Texts = { getText(key: string, values?: string[]): string };

/** The texts of this app. */
export function textsOf(api: ExtensionAPI): Texts {
  const bundle = (api.getModel('i18n') as unknown as ResourceModel).getResourceBundle() as ResourceBundle;
  return { getText: (key, values) => bundle.getText(key, values) ?? key };
}
