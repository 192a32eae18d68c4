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

/** What a task comes to: with what, and the permission as it was. */
type Prepared = { plan: TaskPlan; current: Permission | null; values: Record<string, string | null> };

/** Milliseconds within which LeanIX should list whom it has invited. */
const LISTED_WITHIN = 24 * 3_600_000;

/** What LeanIX may answer to a request because of the permission that it is about. */
const ABOUT_ONE = [
  'LEANIX_ADMIN_REQUIRED',
  'LEANIX_FORBIDDEN',
  'LEANIX_ERROR',
  'LEANIX_UNREADABLE',
  'LEANIX_NOT_A_WORKSPACE',
  'PERMISSIONS_CHANGED',
];

/** Carries out the tasks of one run. */
export class Provisioner {
  private readonly job: Job;
  private readonly client: AccessClient;
  private readonly toSend: Mapper;
  private readonly journal: TaskJournal;
  /** Whom this run has made an administrator: lists of LeanIX may lag behind. */
  private readonly madeAdmin: Permission[] = [];

  constructor(job: Job, client: AccessClient) {
    this.job = job;
    this.client = client;
    this.toSend = mapper(accessOf(job), 'provision');
    this.journal = new TaskJournal(job, client);
  }

  /**
   * Carries out one task.
   * @returns what keeps LeanIX from answering about this one; null where the task has ended or waits
   * @throws RemoteError where LeanIX can't be asked at all; Canceled, LeaseLost
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

  /** Fails a task that LeanIX gives no usable answer about. What was sent may have been done. */
  giveUp(task: TaskRow, { code, args, detail }: RemoteError): Promise<void> {
    return this.journal.fail(task, { code: 'TASK_UNANSWERED', args: [task.email, detail ?? textOf(code, args)] });
  }

  /** Whether LeanIX answers what is about no task, and this service's user is still an administrator. */
  private async isWellOtherwise({ code }: RemoteError): Promise<boolean> {
    const own = await this.client.own();
    return code !== 'LEANIX_ADMIN_REQUIRED' || (own?.role === 'ADMIN' && (await this.client.role()) === 'ADMIN');
  }

  /**
   * Reads the permission of a task, decides what to do, hands it to LeanIX, and reads it back. Where the
   * answer is lost, it looks first, and only sends again what is not as it should be. Whom LeanIX has invited but does
   * not list yet is left for the next run. Where the task fails for a reason of its own, it says so.
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

  /** Reads what is, and decides. */
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
    // What was asked for and shown is done, or nothing.
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

  /** The permission of a task, as LeanIX has it now. */
  private read({ kind, email }: TaskRow, account: AccountRow | null): Promise<Permission | null> {
    const id = account?.permissionId;
    return id && kind !== 'createAccount' ? this.client.byId(id) : this.client.byEmail(email);
  }

  /**
   * Whether somebody else can administer the workspace now. It is asked before each write that takes an administrator
   * away, since others may have changed something meanwhile; and each by id, since lists may lag behind.
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

  /** Looks whether LeanIX has it as it was asked for; lists may lag, so once more after a while. */
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

  /** LeanIX took the invitation and lists nobody yet: the next run looks again, and a person after a day. */
  private wait(task: TaskRow, plan: TaskPlan, sentAt: string): Promise<void> {
    const isLate = Date.now() - Date.parse(sentAt) > LISTED_WITHIN;
    if (isLate) return this.journal.fail(task, { code: 'ACCOUNT_NOT_LISTED', args: [task.email] }, plan);
    return this.journal.wait(task, plan);
  }

  /** @param sent whether it was this task that made it so */
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

/** Whoever has been active in another workspace of the company may be so at once when invited. */
function fits({ role, status }: Permission, { call, after }: TaskPlan): boolean {
  return role === after.role && (status === after.status || (call === 'invite' && status === 'ACTIVE'));
}
