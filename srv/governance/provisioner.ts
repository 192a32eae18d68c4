import { setTimeout as sleep } from 'node:timers/promises';
import { givesRole, isActiveAdmin, planTask, roleOf, takesAdmin, type TaskPlan } from '../core/access/task-plan.ts';
import type { Permission, Refusal } from '../core/access/types.ts';
import { OutcomeUnknown, RemoteError } from '../base/remote-error.ts';
import type { AccessClient } from '../leanix/access.ts';
import { textOf } from '../base/problem.ts';
import type { Job } from '../runs/job.ts';
import { engineSettings } from '../runs/settings.ts';
import { inTransaction } from '../base/transaction.ts';
import { assertOwnerKnown, mapper, MappingError, type Mapper } from './mapping.ts';
import { TaskJournal } from './task-journal.ts';
import { accessOf } from './settings.ts';
import { readTaskContext, type AccountRow, type TaskContext, type TaskRow } from './tasks.ts';

/** The plan of a task, its values, and the permission before it. */
type Prepared = { plan: TaskPlan; current: Permission | null; values: Record<string, string | null> };

/** Milliseconds until LeanIX should list an invited user. */
const LISTED_WITHIN = 24 * 3_600_000;

/** Errors about the permission of a single request. */
const ABOUT_ONE = [
  'LEANIX_ADMIN_REQUIRED',
  'LEANIX_FORBIDDEN',
  'LEANIX_ERROR',
  'LEANIX_UNREADABLE',
  'LEANIX_NOT_A_WORKSPACE',
  'PERMISSIONS_CHANGED',
];

/** Executes the tasks of one run. */
export class Provisioner {
  private readonly job: Job;
  private readonly client: AccessClient;
  private readonly toSend: Mapper;
  private readonly journal: TaskJournal;
  /** Users that this run made administrators: lists of LeanIX may lag. */
  private readonly madeAdmin: Permission[] = [];

  constructor(job: Job, client: AccessClient) {
    this.job = job;
    this.client = client;
    this.toSend = mapper(accessOf(job), 'provision');
    this.journal = new TaskJournal(job, client);
  }

  /**
   * Executes one task.
   * @returns the problem if LeanIX does not answer for this account; null if the task has ended or waits
   * @throws RemoteError if LeanIX cannot be called at all; Canceled, LeaseLost
   */
  async carryOut(task: TaskRow): Promise<RemoteError | null> {
    try {
      await this.work(task);
      return null;
    } catch (error) {
      if (error instanceof RemoteError && ABOUT_ONE.includes(error.code) && (await this.isWellOtherwise(error))) {
        return error;
      }
      throw error;
    }
  }

  /** Fails a task without a usable answer. What was sent may have been done. */
  giveUp(task: TaskRow, { code, args, detail }: RemoteError): Promise<void> {
    return this.journal.fail(task, { code: 'TASK_UNANSWERED', args: [task.email, detail ?? textOf(code, args)] });
  }

  /** Whether LeanIX answers other requests, and this service's user is still an administrator. */
  private async isWellOtherwise({ code }: RemoteError): Promise<boolean> {
    const own = await this.client.own();
    return code !== 'LEANIX_ADMIN_REQUIRED' || (own?.role === 'ADMIN' && (await this.client.role()) === 'ADMIN');
  }

  /**
   * Reads the permission, plans, writes, and reads back. After a lost answer, it looks first and sends only what is
   * missing. If LeanIX does not list an invited user yet, the next run looks again.
   */
  private async work(task: TaskRow): Promise<void> {
    const { settleSeconds, attempts } = engineSettings();
    if (!(await this.journal.take(task))) return;
    const { config } = this.job.run;
    const { peopleDestination } = accessOf(this.job);
    const { account, context } = await inTransaction(() => readTaskContext(config.ID, peopleDestination, task));
    let sentAt = task.sentAt;
    if (sentAt) await this.settle(Date.parse(sentAt) + settleSeconds * 1000 - Date.now());
    for (let tries = 1; ; tries++) {
      /* eslint-disable no-await-in-loop -- a second try only after the first was lost */
      const prepared = await this.prepare(task, account, context);
      if ('code' in prepared) return this.journal.fail(task, prepared);
      const { plan, current } = prepared;
      if (plan.call === 'none') return this.finish(task, plan, current!, Boolean(sentAt));
      if (task.code === 'ACCOUNT_PENDING' && !current) return this.wait(task, plan, sentAt!);
      if (tries > attempts) return this.journal.fail(task, { code: 'TASK_OUTCOME_UNKNOWN', args: [task.email] }, plan);
      const sentBefore = sentAt;
      sentAt = new Date().toISOString();
      await this.journal.announce(task, plan, sentAt);
      try {
        await this.send(task, prepared);
      } catch (error) {
        if (!(error instanceof RemoteError) || error.code === 'CANCELED') throw error;
        if (error.code === 'LEANIX_REFUSED') {
          return this.journal.fail(task, { code: 'TASK_REFUSED', args: [task.email, error.args[0] ?? ''] }, plan);
        }
        if (!(error instanceof OutcomeUnknown)) {
          await this.journal.recall(task, sentBefore);
          throw error;
        }
        await this.settle(settleSeconds * 1000);
        continue;
      }
      return this.readBack(task, plan, account, sentAt);
      /* eslint-enable no-await-in-loop */
    }
  }

  /** Reads the current state and decides. */
  private async prepare(task: TaskRow, account: AccountRow | null, context: TaskContext): Promise<Prepared | Refusal> {
    const { managedElsewhere } = accessOf(this.job);
    const current = await this.read(task, account);
    let values: Record<string, string | null>;
    try {
      assertOwnerKnown(accessOf(this.job), context);
      values = await this.toSend(context);
    } catch (error) {
      if (error instanceof MappingError) return { code: error.code, args: error.args };
      throw error;
    }
    const role = roleOf(task.kind, values['role'], task.role ?? '');
    if (typeof role !== 'string') return role;
    // The task does what was shown when it was requested, or fails.
    if (givesRole(task.kind) && role !== task.roleAfter) {
      return { code: 'TASK_PLAN_STALE', args: [task.email, task.roleAfter ?? '', role] };
    }
    const wish = { kind: task.kind, email: task.email, role };
    const plan = planTask(wish, current, { managedElsewhere, ownUserId: this.client.userId });
    if ('code' in plan) return plan;
    if (takesAdmin(current, plan) && !(await this.hasOtherAdmin(current!.userId))) {
      return { code: 'LAST_ADMIN', args: [task.email] };
    }
    return { plan, current, values };
  }

  /** The current permission of a task in LeanIX. */
  private read({ kind, email }: TaskRow, account: AccountRow | null): Promise<Permission | null> {
    const id = account?.permissionId;
    return id && kind !== 'createAccount' ? this.client.byId(id) : this.client.byEmail(email);
  }

  /**
   * Whether another active administrator exists. Checked right before each write that removes one, and by ID, because
   * others may change access and lists may lag.
   */
  private async hasOtherAdmin(userId: string): Promise<boolean> {
    const others = [...(await this.client.active()), ...this.madeAdmin].filter(
      (one) => isActiveAdmin(one) && one.userId !== userId,
    );
    for (const { id } of others) {
      // eslint-disable-next-line no-await-in-loop -- the first one is enough
      const now = await this.client.byId(id);
      if (now && isActiveAdmin(now)) return true;
    }
    return false;
  }

  private async send(task: TaskRow, { plan, current, values }: Prepared): Promise<void> {
    const { role, status } = plan.after;
    if (plan.call === 'set') return this.client.set({ ...current!, role, status });
    const { email, silent } = task;
    const { firstName = null, lastName = null, message = null } = values;
    return this.client.invite({ email, firstName, lastName, role, message, silent });
  }

  /** Checks the result in LeanIX; lists may lag, so it looks twice. */
  private async readBack(task: TaskRow, plan: TaskPlan, account: AccountRow | null, sentAt: string): Promise<void> {
    let found = await this.read(task, account);
    if (!found || !fits(found, plan)) {
      await this.settle(engineSettings().settleSeconds * 1000);
      found = await this.read(task, account);
    }
    if (!found && !plan.before) return this.wait(task, plan, sentAt);
    if (!found) return this.journal.fail(task, { code: 'ACCOUNT_NOT_FOUND', args: [task.email] }, plan);
    if (fits(found, plan)) return this.finish(task, plan, found, true);
    await this.journal.refresh(found);
    return this.journal.fail(task, { code: 'TASK_DIFFERS', args: [task.email, found.role, found.status] }, plan, found);
  }

  /**
   * LeanIX accepted the invitation but does not list the account yet. The next run looks again; after one day, the task
   * fails.
   */
  private wait(task: TaskRow, plan: TaskPlan, sentAt: string): Promise<void> {
    const isLate = Date.now() - Date.parse(sentAt) > LISTED_WITHIN;
    if (isLate) return this.journal.fail(task, { code: 'ACCOUNT_NOT_LISTED', args: [task.email] }, plan);
    return this.journal.wait(task, plan);
  }

  /** @param sent whether this task made the change */
  private finish(task: TaskRow, plan: TaskPlan, found: Permission, sent: boolean): Promise<void> {
    if (isActiveAdmin(found)) this.madeAdmin.push(found);
    return this.journal.finish(task, plan, found, sent);
  }

  private async settle(milliseconds: number): Promise<void> {
    await this.job.checkpoint();
    const { settleSeconds } = engineSettings();
    const wait = Math.min(milliseconds, settleSeconds * 1000);
    if (wait > 0) await sleep(wait, undefined, { signal: this.job.signal });
  }
}

/** A user who is active in another workspace of the company may become active at once. */
function fits({ role, status }: Permission, { call, after }: TaskPlan): boolean {
  return role === after.role && (status === after.status || (call === 'invite' && status === 'ACTIVE'));
}
