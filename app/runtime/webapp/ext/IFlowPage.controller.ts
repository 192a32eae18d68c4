import type ObjectPageLayout from 'sap/uxap/ObjectPageLayout';
import ControllerExtension from 'sap/ui/core/mvc/ControllerExtension';
import type View from 'sap/ui/core/mvc/View';
import type JSONModel from 'sap/ui/model/json/JSONModel';
import type Context from 'sap/ui/model/odata/v4/Context';
import { ROW } from './link';
import { ask, list } from './remote';
import { type Models } from './models';
import { loadSession } from './session';

/** The sections with data of other systems, and the functions that read it. */
const SECTIONS = {
  endpoints: async (iflow: Context) => ({ rows: await list(iflow, 'endpoints') }),
  syncPlan: async (iflow: Context) => {
    const { changes, ...plan } = (await ask(iflow, 'syncPlan')) as { changes: object[] };
    return { ...plan, rows: changes };
  },
};

/**
 * Reads data of other systems when its section is opened.
 * @namespace leanix.integration.runtime.ext
 */
export default class IFlowPage extends ControllerExtension {
  declare readonly base: { getView(): View; getAppComponent(): Models };
  private shown?: Context;
  /** Only the last of several reads counts. */
  private reads = 0;

  static overrides = {
    onInit(this: IFlowPage) {
      this.remote()
        .bindProperty('/decidedAt')
        .attachChange(() => void this.opened());
      this.layout().attachSectionChange(() => void this.opened());
    },
    routing: {
      onAfterBinding(this: IFlowPage, context?: Context) {
        if (!context) return;
        void loadSession(this.base.getView());
        // Runs change rows in the background.
        if (this.shown) void context.requestSideEffects([...ROW, 'history']).catch(() => undefined);
        this.shown = context;
        void this.opened();
      },
    },
  };

  /** Reads again after an error. */
  tryAgain() {
    void this.opened();
  }

  /** Reads the data of the open section, if it comes from another system. */
  private async opened(): Promise<void> {
    const name = this.section();
    const iflow = this.shown;
    if (!name || !iflow) return;
    const show = (found: object) => void this.remote().setProperty(`/${name}`, found);
    const read = ++this.reads;
    show({ busy: true, rows: [] });
    const found = await SECTIONS[name](iflow).catch((error: Error) => ({ error: error.message, rows: [] }));
    if (read === this.reads) show(found);
  }

  private section(): keyof typeof SECTIONS | undefined {
    const id = this.layout().getSelectedSection();
    if (id?.endsWith('::Endpoints')) return 'endpoints';
    return id?.endsWith('::SyncPlan') ? 'syncPlan' : undefined;
  }

  private remote(): JSONModel {
    return this.base.getAppComponent().getModel('remote') as JSONModel;
  }

  private layout(): ObjectPageLayout {
    return this.base.getView().byId('fe::ObjectPage') as ObjectPageLayout;
  }
}
