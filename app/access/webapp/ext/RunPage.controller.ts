import ControllerExtension from 'sap/ui/core/mvc/ControllerExtension';
import type Context from 'sap/ui/model/odata/v4/Context';
import { type Models } from './models';
import { loadSession } from './session';

const SECOND = 1000;

/**
 * Shows the progress of a run while it goes on. Pages that are opened by their address know who is signed in, too.
 * @namespace leanix.integration.access.ext
 */
export default class RunPage extends ControllerExtension {
  declare readonly base: { getView(): Models };

  private shown?: Context;

  static overrides = {
    routing: {
      onAfterBinding(this: RunPage, context?: Context) {
        this.shown = context;
        if (!context) return;
        void loadSession(this.base.getView());
        this.follow(context);
      },
    },
  };

  /**
   * Asks for the run every second until it has ended, or another one is shown; then once more, since the parts of the page
   * are read at different moments: of a run that has just ended, some are of before.
   */
  private follow(context: Context): void {
    const next = (isActive: boolean) => void setTimeout(() => void again(isActive), isActive ? SECOND : 0);
    const again = async (wasActive: boolean) => {
      if (this.shown !== context || !context.getBinding()) return;
      // A browser that was offline for a moment goes on asking.
      await context.requestSideEffects(['*', 'statusText', 'tasks']).catch(() => undefined);
      if (wasActive) next(context.getProperty('isActive') !== false);
    };
    // Who leaves the page before it has been read gets no answer.
    void (context.requestProperty('isActive') as Promise<boolean>).then(next).catch(() => undefined);
  }
}
