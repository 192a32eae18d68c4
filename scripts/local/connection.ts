import { setTimeout as sleep } from 'node:timers/promises';

/** The local connection as a settings export: the sandbox's LeanIX and the usual mapping. */
export function settingsFor(leanixHost: string): string {
  const rows = { name: '/name', description: '/description', version: '/release', Status: '/tags' };
  const mappings = Object.entries(rows).map(([iflowField, leanixPath], index) => ({
    iflowField,
    leanixPath,
    position: index + 1,
  }));
  const connection = {
    name: 'Default',
    leanixHost,
    factSheetType: 'Interface',
    category: 'api',
    defaultTags: 'CPI-Managed',
    mappings,
  };
  return JSON.stringify({ version: 1, 'leanix_config.json': { configurations: [connection] } });
}

type Rows = { value: { status: string; message: string | null; configured: boolean }[] };

/**
 * Refreshes and matches once for each database. Models are read afterwards by a run in the background.
 * @param password of the local user `enterprise`
 * @throws Error if a run is not successful
 */
export async function fill(url: string, password: string): Promise<void> {
  const headers = {
    authorization: `Basic ${Buffer.from(`enterprise:${password}`).toString('base64')}`,
    'content-type': 'application/json',
  };
  const call = async (path: string, method = 'GET') => {
    const body = method === 'POST' ? '{}' : null;
    const answer = await fetch(`${url}/odata/v4/runtime/${path}`, { method, headers, body });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Rows & { ID: string };
  };
  const [{ value: runs }, { value: connections }] = await Promise.all([
    call('SyncRuns?$top=1'),
    call('Connections?$top=2'),
  ]);
  if (runs.length > 0 || connections.length !== 1 || !connections[0]?.configured) return;
  for (const kind of ['refresh', 'match']) {
    // eslint-disable-next-line no-await-in-loop -- the second needs what the first has read
    await call(kind, 'POST');
    // eslint-disable-next-line no-await-in-loop -- asks until no run is under way
    while ((await call(`SyncRuns?$filter=kind%20eq%20'${kind}'%20and%20isActive%20eq%20true`)).value.length > 0)
      // eslint-disable-next-line no-await-in-loop
      await sleep(100);
  }
  const { value } = await call(`SyncRuns?$filter=kind%20ne%20'analyze'%20and%20status%20ne%20'completed'&$top=1`);
  if (value[0]) throw new Error(value[0].message ?? value[0].status);
}
