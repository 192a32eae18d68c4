import type DynamicPage from 'sap/f/DynamicPage';
import type ListReportAPI from 'sap/fe/templates/ListReport/ExtensionAPI';
import Device from 'sap/ui/Device';
import ControllerExtension from 'sap/ui/core/mvc/ControllerExtension';
import type View from 'sap/ui/core/mvc/View';
import { loadSession, odata, text } from './session';

/** Below this width, in pixels, filters would fill the first screen. */
const NARROW = 600;

/**
 * Lists are read again whenever the user comes back to them, since runs change rows behind the scenes; a message above
 * them says what to do next.
 * @namespace leanix.integration.access.ext
 */
export default class ListPage extends ControllerExtension {
  declare readonly base: { getExtensionAPI(): ListReportAPI; getView(): View };
  private seen = false;

  static overrides = {
    routing: {
      onAfterBinding(this: ListPage) {
        void this.shown();
      },
    },
  };

  private async shown(): Promise<void> {
    const api = this.base.getExtensionAPI();
    if (this.seen) void api.refresh();
    else if (Device.resize.width < NARROW) {
      (this.base.getView().byId('fe::ListReport') as DynamicPage).setHeaderExpanded(false);
    }
    this.seen = true;
    const { isEnterpriseAdmin, openTasks, runsToConfirm } = await loadSession(api);
    const say = (message: string, type = 'Information') => api.setCustomMessage({ message, type: type as never });
    if (!isEnterpriseAdmin) say(text(api, 'notEnterprise'));
    else if (runsToConfirm) say(text(api, 'confirmNeeded'), 'Warning');
    else if (!(await anyAccount(api))) say(text(api, 'empty'));
    else if (openTasks) say(text(api, 'tasksWait', openTasks));
    else api.setCustomMessage(null);
  }
}

async function anyAccount(api: ListReportAPI): Promise<boolean> {
  const list = odata(api).bindList('/Accounts', undefined, [], [], { $select: 'ID', $$groupId: '$direct' });
  return (await list.requestContexts(0, 1)).length > 0;
}
