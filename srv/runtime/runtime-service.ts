import cds from '@sap/cds';
import { IFlows as StoredIFlows } from '#cds-models/leanix';
import { Connections, Endpoints, IFlows, SyncRuns } from '#cds-models/RuntimeService';
import { beforeTransactions } from '../http/change-sets.ts';
import { readConfig } from '../runs/connection.ts';
import { applyPreview, resumeRun, retryFailed, startFor } from '../catalog/repeats.ts';
import { cancelRun, startRun, type NewRun } from '../runs/runs.ts';
import { wakeWorker } from '../runs/worker.ts';
import { missingSettings } from '../catalog/workspace.ts';
import { assertEnterprise } from '../http/enterprise.ts';
import { answerProblems, problem } from '../base/problem.ts';
import { linkPages } from '../http/pages.ts';
import { guardQueries } from '../http/queries.ts';
import { aroundRequests, configFor, isUUID, keyOf } from '../http/requests.ts';
import { linkIFlow, unlinkIFlow } from './links.ts';
import { findFactSheets, readEndpoints, readSyncPlan } from './remote-reads.ts';

/** Limits on queries of rows that come from other systems. */
type Asked = { columns?: { as?: string }[]; limit?: { rows?: { val: number }; offset?: { val: number } } };

export class RuntimeService extends cds.ApplicationService {
  override async init() {
    this.wholeConfigurations();
    this.selectedRows();
    this.singleRows();
    this.links();
    this.reading();
    this.journal();
    this.whoAmI();
    answerProblems(this, () => problem(409, 'RUN_ACTIVE', ''));
    await super.init();
    linkPages(this);
    guardQueries(this);
    beforeTransactions(this, ['link', 'unlink', 'syncPlan', 'findFactSheets', Endpoints.name]);
    aroundRequests(this, async (req, handle) => {
      assertEnterprise(this, req);
      return handle();
    });
  }

  /** Runs for all iFlows of a configuration. */
  private wholeConfigurations() {
    const kinds = {
      refresh: 'refresh',
      analyze: 'analyze',
      match: 'match',
      createAllNew: 'create',
      syncAll: 'sync',
      preview: 'preview',
    };
    for (const [action, kind] of Object.entries(kinds)) {
      this.on(action, async (req) => {
        const { config, acceptEmpty } = req.data as { config?: string | null; acceptEmpty?: boolean | null };
        if (acceptEmpty && !isAdmin(req.user)) throw problem(403, 'ADMIN_REQUIRED');
        const configId = await configFor(config);
        return start(req, { configId, kind, acceptEmpty: acceptEmpty ?? false });
      });
    }
  }

  /** One run for several iFlows. */
  private selectedRows() {
    const kinds = { createFactSheets: 'create', updateFactSheets: 'update' };
    for (const [action, kind] of Object.entries(kinds)) {
      this.on(action, async (req) => {
        const { iflows } = req.data as { iflows?: unknown };
        if (!Array.isArray(iflows) || !iflows.length || !iflows.every(isUUID)) throw problem(400, 'IFLOWS_INVALID');
        const selection = [...new Set(iflows)];
        const [configId, ...others] = await configsOf(selection);
        if (others.length) throw problem(400, 'IFLOWS_MIXED');
        return start(req, { configId: configId!, kind, selection });
      });
    }
  }

  /** A run for one iFlow. */
  private singleRows() {
    const kinds = { createFactSheet: 'create', updateFactSheet: 'update', previewFactSheet: 'preview' };
    for (const [action, kind] of Object.entries(kinds)) {
      this.on(action, IFlows, async (req) => {
        const ID = keyOf(req);
        const iflow = await SELECT.one.from(StoredIFlows).columns('config_ID').where({ ID });
        if (!iflow) throw problem(404, 'IFLOW_UNKNOWN');
        return start(req, { configId: iflow.config_ID!, kind, selection: [ID] });
      });
    }
  }

  /** Links and unlinks fact sheets. */
  private links() {
    this.on('link', IFlows, async (req) => {
      const { row, differs } = await linkIFlow(keyOf(req), (req.data as { factSheetId?: string }).factSheetId);
      const code = 'FACT_SHEET_TYPE_DIFFERS';
      if (differs) req.warn({ code, message: code, args: differs });
      return row;
    });
    this.on('unlink', IFlows, (req) => unlinkIFlow(keyOf(req)));
  }

  /** Reads from the other systems while somebody looks at an iFlow. */
  private reading() {
    this.on('READ', Endpoints, async (req) => {
      const rows = await readEndpoints(keyOf(req));
      const { columns = [], limit } = (req.query as unknown as { SELECT: Asked }).SELECT;
      if (columns.some(({ as }) => as === '$count')) return [{ $count: rows.length }];
      const skip = limit?.offset?.val ?? 0;
      return Object.assign(rows.slice(skip, skip + (limit?.rows?.val ?? rows.length)), { $count: rows.length });
    });
    this.on('syncPlan', IFlows, (req) => readSyncPlan(keyOf(req)));
    this.on('findFactSheets', IFlows, (req) => findFactSheets(keyOf(req), (req.data as { search?: string }).search));
  }

  /** Actions on a run. */
  private journal() {
    this.on('cancel', SyncRuns, async (req) => {
      const ID = keyOf(req);
      if (!(await rowOf(ID))) throw problem(404, 'RUN_UNKNOWN');
      await cancelRun(ID);
      req.on('succeeded', wakeWorker);
      return rowOf(ID);
    });
    const followUps = { retryFailed, apply: applyPreview, resume: resumeRun };
    for (const [action, file] of Object.entries(followUps)) {
      this.on(action, SyncRuns, async (req) => {
        const ID = await file(keyOf(req), req.user.id);
        req.on('succeeded', wakeWorker);
        return rowOf(ID);
      });
    }
  }

  /** What the user may do, for the screens. */
  private whoAmI() {
    this.on('READ', 'Me', async (req) => {
      const configured = await SELECT.one.from(Connections).columns('ID').where({ configured: true });
      const isEnterpriseAdmin = req.user.is('EnterpriseAdmin');
      return { isAdmin: isAdmin(req.user), isEnterpriseAdmin, configured: Boolean(configured) };
    });
  }
}

const isAdmin = (user: cds.User) => user.is('EnterpriseAdmin') || user.is('Admin');

/** iFlows per statement: databases limit the number of values. */
const CHUNK = 1000;

/** The configurations of iFlows, in the caller's transaction. @throws 400 IFLOWS_UNKNOWN */
async function configsOf(iflows: readonly string[]): Promise<Set<string>> {
  const configs = new Set<string>();
  for (let i = 0; i < iflows.length; i += CHUNK) {
    const ids = iflows.slice(i, i + CHUNK);
    // eslint-disable-next-line no-await-in-loop -- one transaction takes one statement at a time
    const found = await SELECT.from(StoredIFlows)
      .columns('config_ID')
      .where({ ID: { in: ids } });
    if (found.length < ids.length) throw problem(400, 'IFLOWS_UNKNOWN');
    for (const { config_ID } of found) configs.add(config_ID!);
  }
  return configs;
}

/** Creates the run and returns its row; the work begins after the commit. */
async function start(req: cds.Request, run: Omit<NewRun, 'startedBy'>) {
  await assertConfigured(run.configId, run.kind);
  const { selection } = run;
  const filed = { ...run, startedBy: req.user.id };
  const ID = await (selection ? startFor({ ...filed, selection }) : startRun(filed));
  req.on('succeeded', wakeWorker);
  return rowOf(ID);
}

async function assertConfigured(configId: string, kind: string): Promise<void> {
  const config = await readConfig(configId);
  if (!config) throw problem(404, 'CONFIG_UNKNOWN', configId);
  const needsLeanIX = kind !== 'refresh' && kind !== 'analyze';
  const missing = missingSettings(config).filter((element) => needsLeanIX || element === 'cpiDestination');
  if (missing.length) throw problem(400, 'NOT_CONFIGURED', config.name, missing.join(', '));
}

async function rowOf(ID: string) {
  return await SELECT.one.from(SyncRuns).where({ ID });
}
