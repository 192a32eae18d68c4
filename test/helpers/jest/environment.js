/**
 * The environment of the tests. A failed test also reports what `globalThis.seenOnFailure` returns. With
 * `globalThis.startAgain`, it is repeated after a clean start, and reported as unsteady if it passes. JavaScript,
 * because Jest loads it before it can read TypeScript.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { TestEnvironment } from 'jest-environment-node';

export default class extends TestEnvironment {
  #failures = new Map();

  async handleTestEvent({ name, error, test }) {
    if (name === 'test_fn_failure' || name === 'hook_failure') await this.#describe(error);
    if (name === 'test_done' && this.global.startAgain) await this.#done(test);
  }

  async #describe(error) {
    if (!this.global.seenOnFailure || typeof error?.stack !== 'string') return;
    const late = sleep(15_000, '', { ref: false });
    const seen = await Promise.race([this.global.seenOnFailure(), late]).catch(() => '');
    const { message, stack } = error;
    if (seen) error.stack = stack.replace(message, () => `${message}\n\n${seen}`);
  }

  async #done(test) {
    if (test.errors.length) {
      this.#failures.set(test, test.errors.map((one) => String([one].flat()[0]?.stack ?? one)).join('\n'));
      await this.global.startAgain();
    } else if (this.#failures.has(test)) {
      const name = [];
      for (let part = test; part.parent; part = part.parent) name.unshift(part.name);
      process.stderr.write(`UNSTEADY: "${name.join(' › ')}" passed from a clean start, but failed before that:\n`);
      process.stderr.write(`${this.#failures.get(test)}\n`);
    }
  }
}
