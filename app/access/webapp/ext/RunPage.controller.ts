import ControllerExtension from 'sap/ui/core/mvc/ControllerExtension';
import type Context from 'sap/ui/model/odata/v4/Context';
import { type Models } from './models';
import { loadSession } from './session';
import { follow } from './waiting';

const PARTS = ['*', 'statusText', 'tasks'];

/**
 * Shows the progress of an active run, and loads the session for pages that are opened by their address.
 * @namespace leanix.integration.access.ext
 */
export default class RunPage extends ControllerExtension {
  declare readonly base: { getView(): Models };
  private shown?: Context;

  static overrides = {
    routing: {
      onAfterBinding(this: RunPage, context?: Context) {
        if (!context || this.shown === context) return;
        this.shown = context;
        void loadSession(this.base.getView());
        void this.progress(context);
      },
    },
  };

  private async progress(context: Context): Promise<void> {
    await follow(context, PARTS, () => this.shown === context);
    if (this.shown === context) this.shown = undefined;
  }
}
