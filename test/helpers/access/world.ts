import type { Sandbox } from '../../../sandbox/index.ts';
import type { User as Account } from '../../../sandbox/leanix/types.ts';
import { accessRows, expectAccessQuiet, expectAccountsTrue, expectTasksEnded, jobOf } from './invariants.ts';
import { NO_LIMITS } from './no-limits.ts';
import type { User } from '../app/user.ts';
import { World } from '../runs/world.ts';

/** The access settings of one history. */
export type AccessSetup = {
  instantProvisioning: boolean;
  managedElsewhere: boolean;
  fourEyes: boolean;
  peopleDestination: string | null;
};

/** Two enterprise admins, by their names in the service. */
const NAMES = { user: 'enterprise', other: 'enterprise2' } as const;
type Admins = Record<keyof typeof NAMES, () => User>;

/** Limits that a second account exceeds. */
export const NARROW = {
  maxSuspended: 1,
  maxRemoved: 1,
  maxCreated: 1,
  maxRolesGiven: 1,
  maxRolesTaken: 1,
  maxEnabled: 1,
  maxAdmins: 1,
};

type Known = Pick<Account, 'role' | 'status' | 'technical' | 'scimManaged'>;

const isAdmin = ({ role, status, technical }: Known) => role === 'ADMIN' && status === 'ACTIVE' && !technical;

/** A workspace whose access changes while the app works. It records the changes by people and by the app. */
export class AccessWorld extends World {
  readonly setup: AccessSetup;
  readonly configId: string;
  readonly #other: () => User;
  /** The known permissions by user. */
  readonly #known = new Map<string, Known>();
  #followed = 0;
  /** Users whom people changed during a run: a write may repeat their change. */
  readonly #raced = new Set<string>();
  /** When tasks ended. */
  readonly #ends = new Map<string, string>();

  constructor(sandbox: Sandbox, admins: Admins, setup: AccessSetup, configId: string) {
    super(sandbox, 'access/JobRuns', admins.user);
    this.#other = admins.other;
    this.setup = setup;
    this.configId = configId;
    for (const account of this.sandbox.leanix.state.users) this.#note(account);
  }

  /** Another enterprise admin. */
  get other(): User {
    return this.#other();
  }

  get #own(): string {
    return this.sandbox.leanix.state.apiTokens[0]!.userId;
  }

  /** Users that people may change: not the service's own, and not the last administrators. */
  accounts(): Account[] {
    const { users } = this.sandbox.leanix.state;
    const admins = users.filter(isAdmin);
    return users.filter((user) => user.id !== this.#own && (!isAdmin(user) || admins.length > 2));
  }

  /** Users who are not administrators. */
  others(): Account[] {
    return this.accounts().filter((user) => !isAdmin(user));
  }

  /** A user changes an account in LeanIX. @param meanwhile in the middle of a run */
  change(account: Account | undefined, values: Partial<Account> | 'delete', meanwhile = false): void {
    if (!account) return;
    this.#follow();
    const { state } = this.sandbox.leanix;
    if (meanwhile) this.#raced.add(account.id);
    if (values === 'delete') {
      state.users = state.users.filter(({ id }) => id !== account.id);
      this.#known.delete(account.id);
    } else this.#note(Object.assign(account, values));
  }

  /** A user invites another one in LeanIX. */
  invite(account: Account): void {
    this.#follow();
    const { users } = this.sandbox.leanix.state;
    if (users.some(({ email }) => email === account.email)) return;
    users.push(account);
    this.#note(account);
  }

  async govern(settings: object): Promise<void> {
    const path = `access/AccessConfigs(ID=${this.configId},IsActiveEntity=true)`;
    expect((await this.user.patch(path, settings)).status).toBe(200);
  }

  override rows(path: string): Promise<any[]> {
    return accessRows(this, path);
  }

  /** Opens a task again that has failed. */
  async retry(task: any): Promise<void> {
    const opened = await this.ask(`ProvisioningTasks(${task.ID})/AccessService.retry`);
    if (opened) this.#ends.delete(task.ID as string);
  }

  /** Approves a task as a user other than its requester. */
  async approve({ ID, requester }: any): Promise<void> {
    const by = requester === NAMES.user ? this.other : this.user;
    await this.ask(`ProvisioningTasks(${ID})/AccessService.approve`, {}, by);
  }

  override async check(): Promise<void> {
    this.#follow();
    const tasks = await this.rows('ProvisioningTasks');
    for (const { ID, status, finishedAt, requester, approvedBy, sentAt } of tasks) {
      if (this.setup.fourEyes && sentAt) {
        expect({ ID, approvedBy }).toEqual({ ID, approvedBy: requester === NAMES.user ? NAMES.other : NAMES.user });
      }
      const before = this.#ends.get(ID as string);
      if (before) expect({ ID, ended: finishedAt }).toEqual({ ID, ended: before });
      else if (['done', 'failed', 'canceled'].includes(status as string)) this.#ends.set(ID as string, finishedAt);
    }
  }

  /** Executes the open tasks once more without faults, then checks that nothing was lost, doubled or done to others. */
  async finish(): Promise<void> {
    this.calm();
    await this.settled();
    await this.govern({ ...NO_LIMITS, instantProvisioning: false });
    expect(await jobOf(this, 'importAll')).toMatchObject({ status: 'completed' });
    for (const task of await this.rows('ProvisioningTasks?$filter=canApprove eq true')) await this.approve(task);
    expect((await jobOf(this, 'runProvisioning')).status).toMatch(/^completed/);
    await this.check();
    await expectTasksEnded(this);
    await this.#expectStopped();
    expect(await jobOf(this, 'importAll')).toMatchObject({ status: 'completed' });
    await expectAccountsTrue(this);
    await expectAccessQuiet(this);
    expect(this.sandbox.leanix.state.users.filter(isAdmin)).not.toEqual([]);
  }

  /** A run that a limit has stopped changed nothing. */
  async #expectStopped(): Promise<void> {
    const stopped = await this.rows(`JobRuns?$filter=code eq 'THRESHOLD_EXCEEDED' and kind ne 'importAll'`);
    for (const run of stopped) expect(run).toMatchObject({ created: 0, updated: 0, removed: 0, failed: 0 });
  }

  /** Checks each new write of the service, in order. */
  #follow(): void {
    const { log, state } = this.sandbox.leanix;
    for (const { userId, before, after } of state.permissionWrites.slice(this.#followed)) {
      const known = this.#known.get(userId) ?? { technical: false, scimManaged: false };
      const now = { ...known, ...after };
      expect(this.setup.managedElsewhere).toBe(false);
      expect(userId).not.toBe(this.#own);
      // A repeated write changes nothing.
      const isRepeated = before?.role === after.role && before.status === after.status;
      if (!this.#raced.has(userId)) expect({ userId, before, after, isRepeated }).toMatchObject({ isRepeated: false });
      const others = [...this.#known].filter(([id, one]) => id !== userId && isAdmin(one));
      if (before && isAdmin({ ...known, ...before }) && !isAdmin(now)) expect(others).not.toEqual([]);
      this.#known.set(userId, now);
    }
    this.#followed = state.permissionWrites.length;
    // LeanIX refuses changes of SCIM users with 409: none was attempted.
    expect(log.entries.filter(({ write, status }) => write && status === 409)).toEqual([]);
  }

  #note({ id, role, status, technical, scimManaged }: Account): void {
    this.#known.set(id, { role, status, technical, scimManaged });
  }
}
