import { ProvisioningTasks } from '#cds-models/leanix';
import { toAccount, type Attributes } from '../core/access/accounts.ts';
import type { TaskPlan } from '../core/access/task-plan.ts';
import type { Permission, Refusal } from '../core/access/types.ts';
import type { AccessClient } from '../leanix/access.ts';
import { textOf } from '../base/problem.ts';
import type { Job } from '../runs/job.ts';
import { attributesOf, mapper, MappingError, type Mapper } from './mapping.ts';
import { addEntitlements, assignRoles, correlateAccounts, readAccount, writeAccounts } from './rows.ts';
import type { TaskRow } from './tasks.ts';
import { keepWorkspace } from './workspace.ts';
import { accessOf } from './settings.ts';

const COUNTERS = {
  createAccount: 'created',
  enableAccount: 'updated',
  addAccess: 'updated',
  removeAccess: 'updated',
  removeAccount: 'removed',
} as const;

/** Records the progress of tasks and their accounts while the run's lease is held. */
export class TaskJournal {
  private readonly job: Job;
  private readonly client: AccessClient;
  private readonly toStore: Mapper;

  constructor(job: Job, client: AccessClient) {
    this.job = job;
    this.client = client;
    this.toStore = mapper(accessOf(job), 'import');
  }

  /**
   * Marks a task as running.
   * @returns false if it was withdrawn or rejected in the meantime
   */
  async take(task: TaskRow): Promise<boolean> {
    let taken = 0;
    await this.job.commit({}, async () => {
      taken = (await UPDATE.entity(ProvisioningTasks)
        .set({ status: 'running', run_ID: this.job.run.ID })
        .where({ ID: task.ID, status: { in: ['open', 'running'] } })) as number;
    });
    if (!taken) await this.job.commit({ done: { '+=': 1 }, skipped: { '+=': 1 } });
    return taken > 0;
  }

  /** Records what will be sent, and when: the answer may be lost. */
  async announce(task: TaskRow, plan: TaskPlan, sentAt: string): Promise<void> {
    await this.job.commit({}, async () =>
      UPDATE.entity(ProvisioningTasks)
        .set({ sentAt, ...planOf(plan) })
        .where({ ID: task.ID }),
    );
  }

  /** LeanIX refused it: restores the values before the request. */
  async recall({ ID }: TaskRow, sentAt: string | null): Promise<void> {
    await this.job.commit({}, async () => UPDATE.entity(ProvisioningTasks).set({ sentAt }).where({ ID }));
  }

  /** Ends a task as done, with the account as it was read back. @param sent whether this task made the change */
  async finish(task: TaskRow, plan: TaskPlan, found: Permission, sent: boolean): Promise<void> {
    const message = textOf(sent ? 'TASK_DONE' : 'TASK_NOTHING_TO_DO', [task.email, found.status, found.role]);
    const counter = sent ? COUNTERS[task.kind] : 'unchanged';
    const planned = sent && plan.call === 'none' ? {} : planOf(plan);
    await this.store(found, sent ? task : null, { done: { '+=': 1 }, [counter]: { '+=': 1 } }, async (account_ID) => {
      await UPDATE.entity(ProvisioningTasks)
        .set({
          ...planned,
          ...this.ended('done'),
          account_ID,
          roleResult: found.role,
          statusResult: found.status,
          code: null,
          message,
        })
        .where({ ID: task.ID });
    });
  }

  /** Leaves a task to the next run, which checks whether LeanIX lists the account. */
  async wait(task: TaskRow, plan: TaskPlan): Promise<void> {
    const code = 'ACCOUNT_PENDING';
    await this.job.commit({ done: { '+=': 1 }, skipped: { '+=': 1 } }, async () =>
      UPDATE.entity(ProvisioningTasks)
        .set({ ...planOf(plan), status: 'open', code, message: textOf(code, [task.email]) })
        .where({ ID: task.ID }),
    );
  }

  /** Ends a task as failed. @param found the permission as it was read back, if possible */
  async fail(task: TaskRow, { code, args }: Refusal, plan?: TaskPlan, found?: Permission): Promise<void> {
    await this.job.commit({ done: { '+=': 1 }, failed: { '+=': 1 } }, async () =>
      UPDATE.entity(ProvisioningTasks)
        .set({
          ...(plan && planOf(plan)),
          ...this.ended('failed'),
          ...(found && { roleResult: found.role, statusResult: found.status }),
          code,
          message: textOf(code, args),
        })
        .where({ ID: task.ID }),
    );
  }

  /** Updates an account to what was read, even though the task failed. */
  refresh(found: Permission): Promise<void> {
    return this.store(found, null);
  }

  private ended(status: 'done' | 'failed') {
    return { status, run_ID: this.job.run.ID, finishedAt: new Date().toISOString() as never, activeKey: null };
  }

  /**
   * Updates the account and its role to what was read.
   * @param by the task that granted this role; null if it was changed otherwise
   * @param also runs in the same transaction
   */
  private async store(
    found: Permission,
    by: TaskRow | null,
    counters: object = {},
    also: (accountId: string) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<void> {
    const { config } = this.job.run;
    const access = accessOf(this.job);
    const now = new Date().toISOString();
    const mapped = await this.attributesOf(found);
    const rules = { ownUserId: this.client.userId, dormantDays: access.dormantDays, now };
    await this.job.commit(counters, async () => {
      const known = await readAccount(config.ID, found.userId);
      const attributes = mapped ?? known?.attributes ?? attributesOf({ email: found.email });
      const data = toAccount(found, attributes, rules);
      if (known) data.suspendedOn &&= known.suspendedOn ?? now;
      await keepWorkspace(this.job, this.client);
      const [ID] = await writeAccounts(config.ID, [{ ...(known && { ID: known.ID }), data }], now);
      const entitlements = await addEntitlements(config.ID, [found.role]);
      const role = data.state === 'active' ? found.role : null;
      const origin = by ? { changedBy: 'task' as const, taskId: by.ID } : { changedBy: 'import' as const };
      await assignRoles([{ accountId: ID!, role }], entitlements, { now, ...origin });
      if (!known) await correlateAccounts(config.ID, access);
      await also(ID!);
    });
  }

  /** The mapped attributes of an account; null if mapping fails, so that the known values stay. */
  private async attributesOf({ raw }: Permission): Promise<Attributes | null> {
    try {
      return attributesOf(await this.toStore({ leanix: raw }));
    } catch (error) {
      if (error instanceof MappingError) return null;
      throw error;
    }
  }
}

const planOf = ({ before, after }: TaskPlan) => ({
  roleBefore: before?.role ?? null,
  statusBefore: before?.status ?? null,
  roleAfter: after.role,
  statusAfter: after.status,
});
