import cds from '@sap/cds';
import { Jobs as StoredJobs, ProvisioningTasks as StoredTasks, SyncRuns } from '#cds-models/leanix';
import { Accounts, JobRuns, Jobs, ProvisioningTasks } from '#cds-models/AccessService';
import { beforeTransactions } from '../http/change-sets.ts';
import { audit, auditOften } from '../runs/audit.ts';
import { startJob } from '../runs/scheduler.ts';
import type { JobKind } from '../governance/defaults.ts';
import { readAccess } from '../governance/settings.ts';
import { readConfig } from '../runs/connection.ts';
import { cancelRun, startRun, type NewRun } from '../runs/runs.ts';
import { lockConfigs } from '../base/transaction.ts';
import { missingSettings } from '../catalog/workspace.ts';
import { wakeWorker } from '../runs/worker.ts';
import { answerProblems, problem } from '../base/problem.ts';
import { linkPages } from '../http/pages.ts';
import { guardQueries } from '../http/queries.ts';
import { aroundRequests, configFor, keyOf } from '../http/requests.ts';
import { constrain, invalidInput } from './constraints.ts';
import { correlate, uncorrelate } from './correlation.ts';
import { keepHistory } from './history.ts';
import { serveOverview } from './overview.ts';
import { exportPackage, importPackage, parsePackage } from './connection-package.ts';
import { approveTask, assertOtherPerson, cancelTask, rejectTask, retryTask } from './task-decisions.ts';
import { requestAccount, requestChange, type ChangeKind } from './task-requests.ts';

export class AccessService extends cds.ApplicationService {
  override async init() {
    this.imports();
    this.requests();
    this.tasks();
    this.people();
    this.journal();
    this.connectionPackage();
    constrain(this);
    keepHistory(this);
    serveOverview(this);
    answerProblems(this, duplicate, invalidInput);
    await super.init();
    linkPages(this);
    guardQueries(this);
    beforeTransactions(this, []);
    this.guard();
  }

  /** Admins can read. Everything else requires the enterprise plan, and the refusal says so. */
  private guard() {
    aroundRequests(this, async ({ user, event }, handle) => {
      const reads = event === 'READ' || event === 'exportConnectionPackage';
      if (user.is('authenticated-user') && !user.is('EnterpriseAdmin')) {
        if (!reads) throw problem(403, 'ENTERPRISE_REQUIRED');
        // What CAP adds for drafts can be read by every user of the service.
        if (!user.is('Admin')) throw Object.assign(new Error('Forbidden'), { code: '403', status: 403 });
      }
      return handle();
    });
  }

  /** Runs for a whole workspace. */
  private imports() {
    const kinds: Record<string, string> = {
      importPeople: 'importPeople',
      importAccounts: 'importAccounts',
      importAccess: 'importAccess',
      importAll: 'importAll',
      runProvisioning: 'provision',
    };
    for (const [action, kind] of Object.entries(kinds)) {
      this.on(action, async (req) => {
        const { config } = req.data as { config?: string | null };
        return start(req, { configId: await configFor(config), kind });
      });
    }
  }

  /** Requests for changes of access, which become tasks. */
  private requests() {
    this.on('requestAccount', async (req) => requestAccount(req, await configFor((req.data as Data).config)));
    const kinds: ChangeKind[] = ['enableAccount', 'addAccess', 'removeAccess', 'removeAccount'];
    for (const kind of kinds) this.on(kind, Accounts, (req) => requestChange(req, kind));
  }

  private tasks() {
    this.on('cancel', ProvisioningTasks, (req) => cancelTask(keyOf(req)));
    this.on('approve', ProvisioningTasks, (req) => approveTask(req, keyOf(req)));
    this.on('reject', ProvisioningTasks, (req) => rejectTask(req, keyOf(req)));
    this.on('retry', ProvisioningTasks, (req) => retryTask(req, keyOf(req)));
  }

  /** Assigns accounts to people. */
  private people() {
    this.on('correlate', Accounts, (req) => correlate(keyOf(req), (req.data as { person?: string | null }).person));
    this.on('uncorrelate', Accounts, (req) => uncorrelate(keyOf(req)));
  }

  /** Actions on jobs and their runs. */
  private journal() {
    this.on('runNow', Jobs, async (req) => {
      const job = await SELECT.one
        .from(StoredJobs)
        .columns('ID', 'config_ID', 'kind')
        .where({ ID: keyOf(req) });
      if (!job) throw problem(404, 'JOB_UNKNOWN');
      const { ID, config_ID, kind } = job as { ID: string; config_ID: string; kind: JobKind };
      await assertConfigured(config_ID, kind);
      const runId = await startJob({ ID, config_ID, kind }, { startedBy: req.user.id, trigger: 'person' });
      req.on('succeeded', wakeWorker);
      return rowOf(runId);
    });
    this.on('cancel', JobRuns, async (req) => {
      const ID = keyOf(req);
      if (!(await rowOf(ID))) throw problem(404, 'RUN_UNKNOWN');
      await cancelRun(ID);
      req.on('succeeded', wakeWorker);
      return rowOf(ID);
    });
    this.on('confirm', JobRuns, async (req) => {
      const ID = keyOf(req);
      const reason = (req.data as { reason?: string | null }).reason?.trim();
      if (!reason) throw problem(400, 'REASON_REQUIRED');
      const run = await SELECT.one.from(SyncRuns).where({ ID });
      if (!run) throw problem(404, 'RUN_UNKNOWN');
      if (run.code !== 'THRESHOLD_EXCEEDED' || !run.limits) throw problem(409, 'NOT_STOPPED');
      // If two people confirm at the same time, the second one finds the run of the first.
      await lockConfigs(run.config_ID!);
      const confirmed = await SELECT.one.from(SyncRuns).columns('ID').where({ source_ID: ID });
      if (confirmed) throw problem(409, 'ALREADY_CONFIRMED');
      if (await SELECT.one.from(SyncRuns).columns('ID').where`ID = ${ID} and exists laterAlike`) {
        throw problem(409, 'RUN_OUTDATED');
      }
      const { fourEyes } = await readAccess(run.config_ID!);
      if (fourEyes) assertOtherPerson(req.user, await whoAsked(ID, run.startedBy ?? ''));
      await audit({
        action: 'confirmRun',
        configId: run.config_ID!,
        subject: ID,
        element: run.kind ?? '',
        before: run.limits,
        after: reason,
      });
      return start(req, {
        configId: run.config_ID!,
        kind: run.kind!,
        sourceId: ID,
        jobId: run.job_ID ?? null,
        confirmReason: reason,
      });
    });
  }

  private connectionPackage() {
    this.on('exportConnectionPackage', () => {
      auditOften({ action: 'exportPackage', configId: null, subject: 'leanix_access.json' });
      return exportPackage();
    });
    this.on('importConnectionPackage', async (req) => {
      const { bundle, dryRun } = req.data as { bundle?: unknown; dryRun?: boolean | null };
      return importPackage(await parsePackage(bundle), dryRun ?? false);
    });
  }
}

/**
 * `reject` is also a method of every CAP service. CAP does not replace it with the action and warns at each start,
 * unless the method is marked as a stub. Nothing here calls the action as a method.
 */
type Reject = { _is_stub?: boolean } & ((this: object, ...args: unknown[]) => unknown);
const { reject } = cds.ApplicationService.prototype as unknown as { reject: Reject };
Object.defineProperty(AccessService.prototype, 'reject', {
  value: Object.assign(
    function (this: object, ...args: unknown[]) {
      return reject.apply(this, args);
    } as Reject,
    { _is_stub: true },
  ),
});

type Data = { config?: string | null };

/** Creates the run and returns its row; the work begins after the commit. */
async function start(req: cds.Request, run: Omit<NewRun, 'startedBy'>) {
  await assertConfigured(run.configId, run.kind);
  const ID = await startRun({ ...run, startedBy: req.user.id });
  req.on('succeeded', wakeWorker);
  return rowOf(ID);
}

/** The user who started a run, and the requester of its tasks if there is only one. */
async function whoAsked(runId: string, startedBy: string): Promise<string[]> {
  const tasks = await SELECT.distinct.from(StoredTasks).columns('requester').where({ run_ID: runId });
  const [requester] = tasks.length === 1 ? tasks.map(({ requester }) => requester ?? '') : [];
  return [...new Set([startedBy, requester ?? startedBy])];
}

/** @throws 400 NOT_CONFIGURED, PEOPLE_NOT_CONFIGURED */
async function assertConfigured(configId: string, kind: string): Promise<void> {
  const config = await readConfig(configId);
  if (!config) throw problem(404, 'CONFIG_UNKNOWN', configId);
  if (kind === 'importPeople') {
    const { peopleDestination } = await readAccess(configId);
    if (!peopleDestination) throw problem(400, 'PEOPLE_NOT_CONFIGURED', config.name);
    return;
  }
  const access = ['leanixHost', 'leanixDestination'];
  // The catalog job syncs after it has refreshed.
  const missing = missingSettings(config).filter((element) => kind === 'catalog' || access.includes(element));
  if (missing.length) throw problem(400, 'NOT_CONFIGURED', config.name, missing.join(', '));
}

async function rowOf(ID: string) {
  return await SELECT.one.from(JobRuns).where({ ID });
}

/** A configuration has one active run for access, an account one open task, and names are unique. */
function duplicate(constraint: string): Error {
  if (/config[._]name\b/i.test(constraint)) return problem(409, 'NAME_TAKEN', '');
  return /task/i.test(constraint) ? problem(409, 'TASK_OPEN', '') : problem(409, 'RUN_ACTIVE', '');
}
