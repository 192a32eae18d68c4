import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRemoteSandbox } from '../bench/sandbox.ts';
import { startService } from '../bench/service.ts';
import type { Size } from '../bench/types.ts';

const MB = 1024 * 1024;
const folders: string[] = [];

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** Peak memory of the whole process, in MB, for each of these runs; the service restarts for each. */
async function peaks(size: Size, actions: string[]): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'leanix-memory-'));
  folders.push(folder);
  const sandbox = await startRemoteSandbox(size, { requestMs: 10, mutationMs: 0.2 });
  const found: number[] = [];
  for (const action of ['', ...actions]) {
    const service = await startService(sandbox, join(folder, 'db.sqlite'), { perSecond: 30 });
    if (action) {
      const { run } = await service.ended(await service.start(action));
      expect(run).toMatchObject({ status: 'completed', done: size.iflows });
      found.push((await service.taken()).peakMemory / MB);
    } else {
      await service.configure(sandbox.host);
    }
    await service.stop();
  }
  await sandbox.stop();
  return found;
}

test('10,000 iFlows against 50,000 fact sheets stay under 300 MB, whatever the run does', async () => {
  const actions = ['refresh', 'match', 'syncAll', 'syncAll', 'refresh'];
  for (const peak of await peaks({ iflows: 10_000, factSheets: 50_000 }, actions)) expect(peak).toBeLessThan(300);
});

test('twice as many fact sheets that match nothing take less than a tenth more', async () => {
  const half = await peaks({ iflows: 1000, factSheets: 25_000 }, ['refresh', 'match', 'match', 'match']);
  const whole = await peaks({ iflows: 1000, factSheets: 50_000 }, ['refresh', 'match', 'match', 'match']);
  const least = (list: number[]) => Math.min(...list.slice(1));
  expect(least(whole)).toBeLessThan(1.1 * least(half));
});
