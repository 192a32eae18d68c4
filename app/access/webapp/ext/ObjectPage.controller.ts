import type Control from 'sap/ui/core/Control';
import ControllerExtension from 'sap/ui/core/mvc/ControllerExtension';
import type Context from 'sap/ui/model/odata/v4/Context';
import { type Models } from './models';
import { loadSession, readAgain } from './session';

/**
 * Pages that are opened by their address know who is signed in, too; and they are read again whenever the user comes back
 * to them, since runs change rows behind the scenes.
 * @namespace leanix.integration.access.ext
 */
export default class ObjectPage extends ControllerExtension {
  declare readonly base: { getView(): Models; byId(id: string): Control | undefined };

  private seen = false;

  static overrides = {
    onInit(this: ObjectPage) {
      // An annotation cannot: of a singleton, pages do not know the values.
      this.base.byId('fe::StandardAction::Edit')?.bindProperty('visible', {
        parts: ['session>/isEnterpriseAdmin', 'ui>/isEditable'],
        formatter: (may?: boolean, isEditable?: boolean) => may === true && isEditable !== true,
      });
    },
    routing: {
      onAfterBinding(this: ObjectPage, context?: Context) {
        if (!context) return;
        void loadSession(this.base.getView());
        // Who leaves the page before it has been read gets no answer.
        if (this.seen) void readAgain(context).catch(() => undefined);
        this.seen = true;
      },
    },
  };
}
