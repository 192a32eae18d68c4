import type Control from 'sap/ui/core/Control';
import ControllerExtension from 'sap/ui/core/mvc/ControllerExtension';
import type Context from 'sap/ui/model/odata/v4/Context';
import { type Models } from './models';
import { loadSession, readAgain } from './session';

/**
 * Loads the session for pages that are opened by their address, and refreshes pages whenever the user returns, since
 * runs change rows in the background.
 * @namespace leanix.integration.access.ext
 */
export default class ObjectPage extends ControllerExtension {
  declare readonly base: { getView(): Models; byId(id: string): Control | undefined };

  private seen = false;

  static overrides = {
    onInit(this: ObjectPage) {
      // Annotations cannot do this: pages do not know the values of a singleton.
      this.base.byId('fe::StandardAction::Edit')?.bindProperty('visible', {
        parts: ['session>/isEnterpriseAdmin', 'ui>/isEditable'],
        formatter: (may?: boolean, isEditable?: boolean) => may === true && isEditable !== true,
      });
    },
    routing: {
      onAfterBinding(this: ObjectPage, context?: Context) {
        if (!context) return;
        void loadSession(this.base.getView());
        // No answer comes if the user leaves the page first.
        if (this.seen) void readAgain(context).catch(() => undefined);
        this.seen = true;
      },
    },
  };
}
