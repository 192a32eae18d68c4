import type ListReportAPI from 'sap/fe/templates/ListReport/ExtensionAPI';
import type Context from 'sap/ui/model/odata/v4/Context';

export type Navigation = { bindingContext: Context; openInNewTab?: boolean };

/**
 * Opens the page of a row in a list other than the first one. Fiori elements would drop such a list from the way back,
 * because the page's address does not contain it.
 * @param route the name of the page's route; none for lists without, and for the first one
 * @returns whether it did: if not, Fiori elements does
 */
export function openPage(api: ListReportAPI, route: string | undefined, navigation: Navigation): Promise<boolean> {
  const key = /^[^(]*\((.*)\)$/.exec(navigation.bindingContext.getPath())?.[1];
  if (!route || !key || navigation.openInNewTab) return Promise.resolve(false);
  void api.getRouting().navigateToRoute(route, { key, preserveHistory: true });
  return Promise.resolve(true);
}
