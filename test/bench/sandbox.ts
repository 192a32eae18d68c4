/** The sandbox in a separate process, so that neither the service nor the users share its processor time. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { startSandbox, type Sandbox } from '../../sandbox/index.ts';
import { scaled } from '../../sandbox/seed/scaled.ts';
import type { Pace, Size } from './types.ts';

/** Requests since the last count, without those for tokens, and the processor time of the sandbox in milliseconds. */
export type Traffic = { requests: number; mutations: number; cpi: number; refused: number; cpu: number };

export type RemoteSandbox = {
  env: Record<string, string>;
  host: string;
  tenantHost: string;
  apiToken: string;
  /** The requests since the last call. */
  traffic(): Promise<Traffic>;
  /** Deploys every hundredth iFlow in its next version. @returns their number */
  release(version: string): Promise<number>;
  stop(): Promise<void>;
};

type Request = { id: number; call: 'traffic' | 'release' | 'stop'; argument?: string };

/** Starts it, with iFlows and fact sheets of the seed `scaled`, latency and LeanIX's own rate limit. */
export async function startRemoteSandbox(size: Size, pace: Pace): Promise<RemoteSandbox> {
  const child = fork(import.meta.filename, [JSON.stringify({ size, pace })], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [started] = (await once(child, 'message')) as [Pick<RemoteSandbox, 'env' | 'host' | 'tenantHost' | 'apiToken'>];
  let calls = 0;
  const call = async (name: Request['call'], argument?: string): Promise<unknown> => {
    const id = ++calls;
    const answered = new Promise((resolve) => {
      child.on('message', function take(message) {
        const answer = message as { id: number; result: unknown };
        if (answer.id !== id) return;
        child.off('message', take);
        resolve(answer.result);
      });
    });
    child.send({ id, call: name, argument } satisfies Request);
    return answered;
  };
  return {
    ...started,
    traffic: async () => (await call('traffic')) as Traffic,
    release: async (version) => (await call('release', version)) as number,
    stop: async () => {
      const exited = once(child, 'exit');
      child.send({ id: 0, call: 'stop' } satisfies Request);
      await exited;
    },
  };
}

if (process.send && process.argv[1] === import.meta.filename) {
  const { size, pace } = JSON.parse(process.argv[2]!) as { size: Size; pace: Pace };
  const sandbox = await startSandbox({
    seed: (host) => scaled(host, size),
    leanix: { pace, rateLimit: { perSecond: 30, intervalSeconds: 60 } },
    cpi: { switches: { latencyMs: pace.requestMs } },
  });
  let since = process.cpuUsage();
  const traffic = (): Traffic => {
    const { leanix, cpi } = sandbox;
    const seen = leanix.log.entries.filter(({ token }) => !token);
    const { user, system } = process.cpuUsage(since);
    const result = {
      requests: seen.length,
      mutations: seen.reduce((sum, { mutations }) => sum + mutations, 0),
      cpi: cpi.log.count(({ token }) => !token),
      refused: seen.filter(({ status }) => status === 429).length + cpi.log.count({ status: 429 }),
      cpu: (user + system) / 1000,
    };
    leanix.log.clear();
    cpi.log.clear();
    since = process.cpuUsage();
    return result;
  };
  process.on('message', ({ id, call, argument }: Request) => {
    if (call === 'stop') void sandbox.stop().then(() => process.exit(0));
    else process.send!({ id, result: call === 'traffic' ? traffic() : release(sandbox, argument!) });
  });
  process.send({
    env: sandbox.env(),
    host: sandbox.leanix.host,
    tenantHost: sandbox.cpi.host,
    apiToken: sandbox.leanix.state.apiTokens[0]!.token,
  });
}

function release({ cpi }: Sandbox, version: string): number {
  const changed = cpi.state.artifacts.filter((_, index) => index % 100 === 0);
  for (const { id } of changed) cpi.setVersion(id, version);
  return changed.length;
}
