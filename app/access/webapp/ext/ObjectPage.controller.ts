import ControllerExtension from 'sap/ui/core/mvc/ControllerExtension';
import type Context from 'sap/ui/model/odata/v4/Context';
import { loadSession, type Models } from './session';

/**
 * Pages that are opened by their address know who is signed in, too.
 * @namespace leanix.integration.access.ext
 */
export default class ObjectPage extends ControllerExtension {
  declare readonly base: { getView(): Models };

  static overrides = {
    routing: {
      onAfterBinding(this: ObjectPage, context?: Context) {
        if (context) void loadSession(this.base.getView());
      },
    },
  };
}
