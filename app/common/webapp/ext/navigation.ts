import type ListReportAPI from 'sap/fe/templates/ListReport/ExtensionAPI';
import type Context from 'sap/ui/model/odata/v4/Context';

export type Navigation = { bindingContext: Context; openInNewTab?: boolean };

/**
 * Opens the page of a row in a list other than the first one. When the user goes back, Fiori elements would not show
 * such a list, because the address of the page does not contain it.
 * @param route the name of the page's route; none for lists without one, and for the first one
 * @returns whether the page was opened; if not, Fiori elements opens it
 */
export function openPage(api: ListReportAPI, route: string | undefined, navigation: Navigation): Promise<boolean> {
  const key = /^[^(]*\((.*)\)$/.exec(navigation.bindingContext.getPath())?.[1];
  if (!route || !key || navigation.openInNewTab) return Promise.resolve(false);
  void api.getRouting().navigateToRoute(route, { key, preserveHistory: true });
  return Promise.resolve(true);
}
