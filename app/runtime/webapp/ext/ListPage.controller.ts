import type ListReportAPI from 'sap/fe/templates/ListReport/ExtensionAPI';
import ControllerExtension from 'sap/ui/core/mvc/ControllerExtension';
import { showNotice } from './notice';

/**
 * Lists are read again whenever the user comes back to them, since runs change rows behind the scenes.
 * @namespace leanix.integration.runtime.ext
 */
export default class ListPage extends ControllerExtension {
  declare readonly base: { getExtensionAPI(): ListReportAPI };
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
    this.seen = true;
    await showNotice(api);
  }
}
