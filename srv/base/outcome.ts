/** How a run ends. `code` is a key of `_i18n/messages.properties`. */
export type Outcome = {
  status: 'completed' | 'completedWithError' | 'failed' | 'canceled';
  code?: string | undefined;
  message?: string | undefined;
  /** A preview leaves its items planned. */
  keepPlanned?: boolean;
};

/** Ends a run before it writes anything, because its configuration cannot work. */
export class RunProblem extends Error {
  readonly code: string;
  readonly args: string[];

  constructor(code: string, ...args: string[]) {
    super(code);
    this.code = code;
    this.args = args;
  }
}

/** A temporary problem stops the run; it continues after a while. */
export class RunWaits extends RunProblem {}
