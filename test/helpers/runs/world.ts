import type { Sandbox } from '../../../sandbox/index.ts';
import type { User } from '../app/user.ts';
import { endIn, rowsAt, type Running, type Runs } from './running.ts';

/** A tenant and a workspace that people change while the app works. Each feature records what it has to check. */
export abstract class World implements Running {
  readonly sandbox: Sandbox;
  readonly #runs: Runs;
  readonly #service: string;
  readonly #collection: string;
  readonly #user: () => User;

  constructor(sandbox: Sandbox, runs: Runs, user: () => User) {
    this.sandbox = sandbox;
    this.#runs = runs;
    [this.#service, this.#collection] = runs.split('/') as [string, string];
    this.#user = user;
  }

  get user(): User {
    return this.#user();
  }

  rows(path: string): Promise<any[]> {
    return rowsAt(this, `${this.#service}/${path}`);
  }

  /** Sends a request. It may be refused, but the service must not fail. @returns null if it was refused */
  async ask(path: string, body: object = {}, by = this.user): Promise<any> {
    const { status, body: answer } = await by.post(`${this.#service}/${path}`, body);
    if (status >= 500) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    if (status >= 400) expect(answer.error.message).toMatch(/\w \w/);
    return status < 300 ? answer : null;
  }

  /** A run of this action, unless it is refused: another run is active, or there is nothing to do. */
  async run(action: string, body: object = {}, by = this.user): Promise<any> {
    const run = await this.ask(action, body, by);
    return run && this.ended(run.ID as string);
  }

  /** Waits until a run has ended. @returns its row */
  ended(ID: string): Promise<any> {
    return endIn(this, this.#runs, ID);
  }

  /** Waits until no run is active: an ended run may start another one. */
  async settled(): Promise<void> {
    const isActive = `${this.#collection}?$filter=isActive eq true`;
    for (let runs = await this.rows(isActive); runs.length; runs = await this.rows(isActive)) {
      for (const { ID } of runs) await this.ended(ID as string);
    }
  }

  async cancel({ ID }: { ID: string }): Promise<void> {
    const service = this.#service === 'runtime' ? 'RuntimeService' : 'AccessService';
    await this.run(`${this.#collection}(${ID})/${service}.cancel`);
  }

  /** Removes all faults. */
  calm(): void {
    for (const { faults } of [this.sandbox.leanix, this.sandbox.cpi, this.sandbox.btp]) faults.clear();
    Object.assign(this.sandbox.leanix.switches, { listLagMs: 0, permissionOrder: 'stable' });
  }

  /** What must hold after each step. */
  check(): Promise<void> {
    return Promise.resolve();
  }

  /** Executes the open work once more without faults, then checks that nothing was lost, doubled or done to others. */
  abstract finish(): Promise<void>;
}
