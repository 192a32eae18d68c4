/**
 * Where the tests run: a test that fails says besides its error what `globalThis.seenOnFailure` of its file returns.
 * Plain JavaScript, since Jest loads it before it can read TypeScript.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { TestEnvironment } from 'jest-environment-node';

export default class extends TestEnvironment {
  async handleTestEvent({ name, error }) {
    if (name !== 'test_fn_failure' && name !== 'hook_failure') return;
    if (!this.global.seenOnFailure || typeof error?.stack !== 'string') return;
    const late = sleep(15_000, '', { ref: false });
    const seen = await Promise.race([this.global.seenOnFailure(), late]).catch(() => '');
    const { message, stack } = error;
    if (seen) error.stack = stack.replace(message, () => `${message}\n\n${seen}`);
  }
}
