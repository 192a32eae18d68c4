import ControllerExtension from 'sap/ui/core/mvc/ControllerExtension';
import type Context from 'sap/ui/model/odata/v4/Context';
import { type Models } from './models';
import { loadSession } from './session';
import { pause } from './runs';

/**
 * Shows the progress of a run while it goes on.
 * @namespace leanix.integration.runtime.ext
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
        void this.follow(context);
      },
    },
  };

  /**
   * Asks for the run every second until it has ended, or another one is shown; then once more, since the parts of the page
   * are read at different moments: of a run that has just ended, some are of before.
   */
  private async follow(context: Context): Promise<void> {
    const isShown = () => this.shown === context && !!context.getBinding() && location.hash.includes(idOf(context));
    let isActive = (await context.requestProperty('isActive').catch(() => false)) as boolean;
    while (isShown()) {
      // eslint-disable-next-line no-await-in-loop -- asks until it has ended
      if (isActive) await pause(1000);
      if (!isShown()) break;
      // eslint-disable-next-line no-await-in-loop
      await readAgain(context);
      if (!isActive) break;
      isActive = context.getProperty('isActive') !== false;
    }
    if (this.shown === context) this.shown = undefined;
  }
}

/** Reads all parts of the page. A browser that was offline for a moment goes on asking. */
const readAgain = (context: Context) =>
  context.requestSideEffects(['*', 'statusText', 'items', 'changes']).catch(() => undefined);

const idOf = (context: Context) => /\(([^()]*)\)[^()]*$/.exec(context.getPath())?.[1] ?? '';
