/**
 * Preloaded into the measured service (`--import`). Reports the resources used since the last call, on a separate port
 * that it prints. The service itself does not know it.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/** The resources of a process; memory in bytes, times in milliseconds. */
export type Taken = { peakMemory: number; cpu: number; delayP99: number; delayMax: number };

const RESOLUTION = 5;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
let peakMemory = 0;
let since = process.cpuUsage();

const sample = () => (peakMemory = Math.max(peakMemory, process.memoryUsage.rss()));

/** The histogram contains the delay of a timer plus `RESOLUTION`. */
const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION);

const server = createServer((_request, response) => {
  sample();
  const { user, system } = process.cpuUsage(since);
  const taken: Taken = {
    peakMemory,
    cpu: (user + system) / 1000,
    delayP99: late(delay.percentile(99)),
    delayMax: late(delay.max),
  };
  response.end(JSON.stringify(taken));
  peakMemory = 0;
  since = process.cpuUsage();
  delay.reset();
});
// Threads get the same preloads. Their usage is part of the process, so measuring them would double it.
if (isMainThread) {
  setInterval(sample, 20).unref();
  delay.enable();
  server.listen(0, '127.0.0.1', () => {
    process.stderr.write(`probe on port ${(server.address() as AddressInfo).port}\n`);
  });
  server.unref();
}
