import MessageBox from 'sap/m/MessageBox';
import type ExtensionAPI from 'sap/fe/core/ExtensionAPI';
import ControllerExtension from 'sap/ui/core/mvc/ControllerExtension';
import type Context from 'sap/ui/model/odata/v4/Context';
import type ODataModel from 'sap/ui/model/odata/v4/ODataModel';
import { textsOf, type Texts } from './texts';

type Impact = Record<'iflows' | 'links' | 'runs' | 'accounts' | 'tasks', number> & {
  kept: Record<'assignments' | 'tasks' | 'auditEntries' | 'days', number>;
  /** Why the connection cannot be deleted now; null if it can. */
  message: string | null;
};

/**
 * Shows what is deleted with a connection and what is kept, before it is deleted.
 * @namespace leanix.integration.settings.ext
 */
export default class Deletion extends ControllerExtension {
  declare readonly base: { getExtensionAPI(): ExtensionAPI };

  static overrides = {
    editFlow: {
      async onBeforeDelete(this: Deletion, { contexts = [] }: { contexts?: Context[] } = {}) {
        const texts = textsOf(this.base.getExtensionAPI());
        const impacts = await Promise.all(contexts.filter(isConnection).map(impactOf));
        for (const impact of impacts) {
          // eslint-disable-next-line no-await-in-loop -- one question after the other
          if (!(await isMeant(impact, texts))) throw new Error('The connection stays.');
        }
      },
    },
  };
}

/** Whether this is a saved connection, and not a row of its field mapping. */
const isConnection = (context: Context) =>
  /^\/LeanIXConfigs\([^/]*\)$/.test(context.getPath()) && context.getProperty('IsActiveEntity') === true;

async function impactOf(context: Context): Promise<Impact> {
  const path = 'SettingsService.deletionImpact(...)';
  const call = (context.getModel() as ODataModel).bindContext(path, context);
  await call.invoke('$direct');
  return call.getBoundContext().getObject() as Impact;
}

/** Asks whether to delete the connection with its data. Does not ask if there is none. */
function isMeant(impact: Impact, texts: Texts): Promise<boolean> {
  const { iflows, links, runs, accounts, kept, message } = impact;
  if (!message && iflows + links + runs + accounts === 0) return Promise.resolve(true);
  const text = (key: string, ...values: number[]) => texts.getText(key, values.map(String));
  const parts = [text('DeletedWith', iflows, links, runs, accounts)];
  if (kept.assignments + kept.tasks + kept.auditEntries) {
    parts.push(text('DeletionKeeps', kept.assignments, kept.tasks, kept.auditEntries, kept.days));
  }
  const title = texts.getText('DeleteConnection');
  const doIt = texts.getText('DeleteDo');
  return new Promise((resolve) => {
    if (message) MessageBox.error(message, { title, onClose: () => resolve(false) });
    else {
      MessageBox.warning(parts.join('\n\n'), {
        title,
        contentWidth: '32rem',
        actions: [doIt, MessageBox.Action.CANCEL],
        emphasizedAction: doIt,
        onClose: (action: string | null) => resolve(action === doIt),
      });
    }
  });
}
