import type { BTP } from './btp/server.ts';
import type { CPI } from './cpi/server.ts';
import type { LeanIXSandbox } from './leanix/server.ts';
import type { Edit, FactSheet, User } from './leanix/state.ts';

/** The three stand-ins, while they run. */
export interface Sandbox {
  readonly btp: BTP;
  /** Another object after `reset`. */
  readonly leanix: LeanIXSandbox;
  readonly cpi: CPI;
  /** What the application needs in its environment. */
  env(): Record<string, string>;
  /** Changes a fact sheet as a user of LeanIX would. */
  editFactSheet(id: string, changes: Edit): FactSheet;
  /** Changes a user of the workspace as another admin would; undefined if there is none with this ID. */
  editUser(id: string, changes: Partial<User>): User | undefined;
  /** Removes a user from the workspace. @returns whether there was one with this ID */
  removeUser(id: string): boolean;
  /** Restarts with the seed; restores the destinations, and removes all faults and switches. */
  reset(): Promise<void>;
  /** Saves the state and stops all three. */
  stop(): Promise<void>;
}
