import { parentPort } from 'node:worker_threads';
import { factsOf } from '../../core/landscape/channels.ts';
import type { Facts } from '../../core/landscape/types.ts';
import { ModelProblem, readBundle } from './bundle.ts';
import { parseModel } from './xml.ts';

/** Messages to and from the thread. Of parameters, only hosts are returned. */
export type Task = { content: Uint8Array };
export type Result = { facts: Facts } | { code: string; args: string[] };

parentPort?.on('message', (task: Task) => void work(task).then((result) => parentPort!.postMessage(result)));

async function work({ content }: Task): Promise<Result> {
  try {
    const { xml, parameters } = await readBundle(Buffer.from(content.buffer, content.byteOffset, content.byteLength));
    return { facts: factsOf(parseModel(xml), parameters) };
  } catch (error) {
    const { code, args } = error instanceof ModelProblem ? error : new ModelProblem('MODEL_INVALID');
    return { code, args };
  }
}
