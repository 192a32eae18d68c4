/**
 * A sync as a simple script does it, which processes one iFlow after the other and keeps no state: find the fact sheet,
 * create or update it, tag it. Uses the client library `leanix-js`, in a separate process.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Authenticator, GraphQLClient } from 'leanix-js';
import { scaled } from '../../sandbox/seed/scaled.ts';
import type { Size } from './types.ts';

type Job = { size: Size; host: string; tenantHost: string; apiToken: string };

/** The result of the loop: seconds, and peak memory in bytes. */
export type LoopTaken = { seconds: number; peakMemory: number };

export async function runLoop(job: Job): Promise<LoopTaken> {
  const child = fork(import.meta.filename, [JSON.stringify(job)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [taken] = (await once(child, 'message')) as [LoopTaken];
  return taken;
}

type Sheet = { id: string; name: string; rev: number };

const FIND = `query ($filter: FilterInput) {
  allFactSheets(factSheetType: Interface, filter: $filter) { edges { node { id name rev } } }
}`;
const CREATE = `mutation ($input: BaseFactSheetInput!, $patches: [Patch]) {
  createFactSheet(input: $input, patches: $patches) { factSheet { id name rev } }
}`;
const UPDATE = `mutation ($id: ID!, $patches: [Patch]!) {
  updateFactSheet(id: $id, patches: $patches) { factSheet { id name rev } }
}`;

async function sync({ size, host, tenantHost, apiToken }: Job): Promise<void> {
  speakHttp();
  const authenticator = new Authenticator({ host, apitoken: apiToken });
  await authenticator.start();
  const client = new GraphQLClient(authenticator);
  const find = async (filter: object): Promise<Sheet[]> => {
    const { allFactSheets } = await client.executeGraphQL(FIND, { filter });
    return allFactSheets.edges.map(({ node }: { node: Sheet }) => node);
  };
  for (const { id, name, version } of scaled(tenantHost, size).cpi.artifacts) {
    const externalId = `cpi:${tenantHost}/${id}`;
    const [known] = await find({ externalIds: [`externalId/${externalId}`] });
    const found = known ?? (await find({ displayName: name })).find((sheet) => sheet.name === name);
    const patches = [
      { op: 'replace', path: '/release', value: version },
      { op: 'replace', path: '/category', value: 'api' },
      { op: 'replace', path: '/externalId', value: JSON.stringify({ externalId }) },
    ];
    const written = found
      ? (await client.executeGraphQL(UPDATE, { id: found.id, patches })).updateFactSheet
      : (await client.executeGraphQL(CREATE, { input: { name, type: 'Interface' }, patches })).createFactSheet;
    const tag = { op: 'add', path: '/tags', value: JSON.stringify([{ tagName: 'CPI-Managed' }]) };
    await client.executeGraphQL(UPDATE, { id: written.factSheet.id, patches: [tag] });
  }
  authenticator.stop();
}

/** The library supports only https; the sandbox uses http. */
function speakHttp(): void {
  const axios = createRequire(import.meta.resolve('leanix-js'))('axios');
  axios.interceptors.request.use((config: { url: string }) => {
    return { ...config, url: config.url.replace('https://', 'http://') };
  });
}

if (process.send && process.argv[1] === import.meta.filename) {
  const began = performance.now();
  await sync(JSON.parse(process.argv[2]!) as Job);
  const taken: LoopTaken = {
    seconds: (performance.now() - began) / 1000,
    peakMemory: process.resourceUsage().maxRSS * 1024,
  };
  process.send(taken, () => process.exit(0));
}
