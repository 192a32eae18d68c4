import { Worker } from 'node:worker_threads';
import type { Facts } from '../../core/landscape/types.ts';
import { ModelProblem } from './bundle.ts';
import type { Result, Task } from './worker.ts';

/** The compiled files are beside the service's sources, or the sources themselves. */
const FILE = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

/** Milliseconds allowed for one model; the largest known ones take 50. */
const PATIENCE = 20_000;
/** MB of heap allowed for the thread. */
const MEMORY = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 8 };

/** Reads models in a thread of its own, so that the service keeps responding. */
export type ModelReader = {
  /**
   * @param content the artifact's zip; it is transferred, and empty afterwards
   * @throws ModelProblem if this model cannot be read; the next one can
   */
  read(content: Uint8Array<ArrayBuffer>): Promise<Facts>;
  /** Ends the thread. */
  close(): Promise<void>;
};

/** The caller of the model in the thread. */
type Waiting = { resolve: (facts: Facts) => void; reject: (error: Error) => void };

export function openModelReader(patience = PATIENCE): ModelReader {
  let worker: Worker | undefined;
  let waiting: Waiting | undefined;

  const settle = (act: (who: Waiting) => void) => {
    const who = waiting;
    waiting = undefined;
    if (who) act(who);
  };
  // A model that takes too long or too much memory ends the thread. The next one gets a new thread.
  const giveUp = () => {
    void worker?.terminate();
    worker = undefined;
    settle(({ reject }) => reject(new ModelProblem('MODEL_TOO_LARGE')));
  };
  const start = () => {
    const thread = new Worker(FILE, { resourceLimits: MEMORY });
    thread.on('message', (result: Result) =>
      settle(({ resolve, reject }) =>
        'facts' in result ? resolve(result.facts) : reject(new ModelProblem(result.code, ...result.args)),
      ),
    );
    thread.on('error', () => thread === worker && giveUp());
    thread.on('exit', () => thread === worker && giveUp());
    return thread;
  };
  const ask = (content: Uint8Array<ArrayBuffer>) =>
    new Promise<Facts>((resolve, reject) => {
      worker ??= start();
      const timer = setTimeout(giveUp, patience);
      waiting = {
        resolve: (facts) => (clearTimeout(timer), resolve(facts)),
        reject: (error) => (clearTimeout(timer), reject(error)),
      };
      worker.postMessage({ content } satisfies Task, [content.buffer]);
    });

  let last: Promise<unknown> = Promise.resolve();
  return {
    read(content) {
      // One after the other: the thread has one model in memory.
      const facts = last.then(() => ask(content));
      last = facts.catch(() => undefined);
      return facts;
    },
    async close() {
      await last;
      const thread = worker;
      worker = undefined;
      await thread?.terminate();
    },
  };
}
