import type DynamicPage from 'sap/f/DynamicPage';
import type DynamicPageTitle from 'sap/f/DynamicPageTitle';
import Title from 'sap/m/Title';
import type ListReportAPI from 'sap/fe/templates/ListReport/ExtensionAPI';
import Device from 'sap/ui/Device';
import type Control from 'sap/ui/core/Control';
import ControllerExtension from 'sap/ui/core/mvc/ControllerExtension';
import type View from 'sap/ui/core/mvc/View';
import { odata, text } from './models';
import { openPage, type Navigation } from './navigation';
import { loadSession } from './session';

/** Below this width, in pixels, filters would fill the first screen. */
const NARROW = 600;

/** The headings of the lists, except the first one. */
const HEADINGS = {
  TasksList: 'tasks',
  JobsList: 'jobs',
  RunsList: 'runs',
  PeopleList: 'people',
  RolesList: 'roles',
  GovernanceList: 'governance',
};

/** The routes of their pages. */
const PAGES: Record<string, string | undefined> = {
  TasksList: 'TaskPage',
  JobsList: 'JobPage',
  RunsList: 'RunPage',
  GovernanceList: 'GovernancePage',
};

type Page = {
  getExtensionAPI(): ListReportAPI;
  getView(): View;
  byId(id: string): Control | undefined;
};

/** The function that Fiori elements calls to name the list page in the shell. */
type Titled = { _getPageTitleInformation(): Promise<{ title: string }> };

/**
 * Refreshes lists whenever the user returns, since runs change rows in the background, and shows the next step above
 * them.
 * @namespace leanix.integration.access.ext
 */
export default class ListPage extends ControllerExtension {
  declare readonly base: Page;
  private seen = false;

  static overrides = {
    onInit(this: ListPage) {
      const heading = HEADINGS[this.list() as keyof typeof HEADINGS] as string | undefined;
      if (heading) this.name(heading);
    },
    routing: {
      onBeforeNavigation(this: ListPage, navigation: Navigation) {
        return openPage(this.base.getExtensionAPI(), PAGES[this.list()], navigation);
      },
      onAfterBinding(this: ListPage) {
        void this.shown();
      },
    },
  };

  private list(): string {
    return this.base.getView().getId().split('::').at(-1)!;
  }

  /** Fiori elements gives every list of an app the app's title. */
  private name(key: string): void {
    const view = this.base.getView();
    const heading = this.base.byId('fe::DynamicPageTitle') as DynamicPageTitle;
    heading.getHeading()?.destroy();
    heading.setHeading(new Title({ level: 'H2' }).bindProperty('text', { path: `i18n>${key}` }));
    const controller = view.getController() as unknown as Titled;
    controller._getPageTitleInformation = () => Promise.resolve({ title: text(view, key) });
  }

  private async shown(): Promise<void> {
    const api = this.base.getExtensionAPI();
    if (this.seen) void api.refresh();
    else this.begin();
    this.seen = true;
    const { isEnterpriseAdmin, isConfigured, openTasks, runsToConfirm } = await loadSession(api);
    if (!isConfigured) this.say(text(api, 'notConfigured'), 'Warning');
    else if (!isEnterpriseAdmin) this.say(text(api, 'notEnterprise'));
    else if (runsToConfirm) this.say(text(api, 'confirmNeeded'), 'Warning');
    else if (!(await anyAccount(api))) this.say(text(api, 'empty'));
    else if (openTasks) this.say(openTasks === 1 ? text(api, 'taskWaits') : text(api, 'tasksWait', openTasks));
    else this.say(null);
  }

  private begin(): void {
    const view = this.base.getView();
    if (Device.resize.width < NARROW) (view.byId('fe::ListReport') as DynamicPage).setHeaderExpanded(false);
    const [table] = view.findAggregatedObjects(true, (control) => control.isA('sap.ui.mdc.Table')) as Control[];
    // Fiori elements binds lists that have an address of their own to it, and then does not find their messages.
    table?.setBindingContext(null as never);
  }

  private say(message: string | null, type = 'Information'): void {
    const notice = message === null ? null : { message, type };
    this.base.getExtensionAPI().setCustomMessage(notice);
  }
}

async function anyAccount(api: ListReportAPI): Promise<boolean> {
  const list = odata(api).bindList('/Accounts', undefined, [], [], { $select: 'ID', $$groupId: '$direct' });
  return (await list.requestContexts(0, 1)).length > 0;
}
