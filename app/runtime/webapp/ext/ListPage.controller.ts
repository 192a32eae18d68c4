import Title from 'sap/m/Title';
import type DynamicPageTitle from 'sap/f/DynamicPageTitle';
import type ListReportAPI from 'sap/fe/templates/ListReport/ExtensionAPI';
import type DynamicPage from 'sap/f/DynamicPage';
import Device from 'sap/ui/Device';
import type Control from 'sap/ui/core/Control';
import ControllerExtension from 'sap/ui/core/mvc/ControllerExtension';
import type View from 'sap/ui/core/mvc/View';
import type Table from 'sap/ui/mdc/Table';
import type Column from 'sap/ui/mdc/table/Column';
import { showNotice } from './notice';
import { text } from './models';
import { openPage, type Navigation } from './navigation';
import { session } from './session';

/** Below this width, in pixels, filters would fill the first screen. */
const NARROW = 600;

type Page = {
  getExtensionAPI(): ListReportAPI;
  getView(): View;
  byId(id: string): Control | undefined;
};

/** Removes a column and its cells in rows that exist already, which `destroy` alone leaves behind. */
type WithColumns = Table & { removeColumn(column: Column): void };

/** The function that Fiori elements calls to name the list page in the shell. */
type Titled = { _getPageTitleInformation(): Promise<{ title: string }> };

/**
 * Refreshes lists whenever the user returns, since runs change rows in the background.
 * @namespace leanix.integration.runtime.ext
 */
export default class ListPage extends ControllerExtension {
  declare readonly base: Page;
  private seen = false;

  static overrides = {
    onInit(this: ListPage) {
      if (this.isRuns()) this.nameRuns();
    },
    routing: {
      onBeforeNavigation(this: ListPage, navigation: Navigation) {
        return openPage(this.base.getExtensionAPI(), this.isRuns() ? 'RunPage' : undefined, navigation);
      },
      onAfterBinding(this: ListPage) {
        void this.shown();
      },
    },
  };

  private isRuns(): boolean {
    return this.base.getView().getId().endsWith('::RunsList');
  }

  /** Fiori elements gives every list of an app the app's title. */
  private nameRuns(): void {
    const view = this.base.getView();
    const heading = this.base.byId('fe::DynamicPageTitle') as DynamicPageTitle;
    heading.getHeading()?.destroy();
    heading.setHeading(new Title({ text: '{i18n>openRuns}', level: 'H2' }));
    const controller = view.getController() as unknown as Titled;
    controller._getPageTitleInformation = () => Promise.resolve({ title: text(view, 'openRuns') });
  }

  private async shown(): Promise<void> {
    const api = this.base.getExtensionAPI();
    if (this.seen) void api.refresh();
    else if (Device.resize.width < NARROW)
      (this.base.getView().byId('fe::ListReport') as DynamicPage).setHeaderExpanded(false);
    this.seen = true;
    await showNotice(api);
    const { canSync, connections } = session(api);
    // Hides the action column from users who may not act, and the connection if there is only one.
    await this.without([...(canSync ? [] : ['RowAction']), ...(connections.length > 1 ? [] : ['config_ID'])]);
  }

  private async without(columns: string[]): Promise<void> {
    const table = this.base.getView().byId('fe::table::IFlows::LineItem') as WithColumns | undefined;
    await table?.initialized();
    const needless = table?.getColumns().filter((one) => columns.some((name) => one.getId().endsWith(name))) ?? [];
    for (const column of needless) {
      table?.removeColumn(column);
      column.destroy();
    }
  }
}
