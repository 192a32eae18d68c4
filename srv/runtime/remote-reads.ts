import cds from '@sap/cds';
import { IMPATIENT } from '../btp/transport.ts';
import { createCpiClient } from '../cpi/client.ts';
import { cut } from '../base/text.ts';
import { planSync, type SyncPlan } from '../catalog/sync-plan.ts';
import { missingSettings } from '../catalog/workspace.ts';
import { openClient } from '../leanix/client.ts';
import { asProblem, problem } from '../base/problem.ts';
import { openEntry } from './open-iflow.ts';

/** Reads other systems while a user looks at an iFlow. Nothing is stored in the database. */

/** Suggestions per search; a user types more to find others. */
const SUGGESTIONS = 20;

type EndpointRow = Awaited<ReturnType<typeof askForEndpoints>>[number];

/** How long an answer is kept, in milliseconds, and how many are kept. */
const KEEP = 60_000;
const MOST = 200;
const answers = new Map<string, { until: number; rows: Promise<EndpointRow[]> }>();

/** The iFlow whose endpoints were read for a request; a batch is one request. */
const asked = new WeakMap<object, string>();

/**
 * The addresses at which an iFlow can be called, one row each, from Cloud Integration within the last minute.
 * @throws 404 IFLOW_UNKNOWN; 400 NOT_CONFIGURED, and ENDPOINTS_ONCE for a second iFlow in the same batch; 503 CPI_BUSY
 * if too many callers wait; 502 and 409 for remote problems
 */
export async function readEndpoints(iflowId: string): Promise<EndpointRow[]> {
  const { entry, config } = await openEntry(iflowId);
  const { version, deployedOn } = entry.iflow;
  const key = JSON.stringify([iflowId, config.cpiDestination, version, deployedOn]);
  const known = answers.get(key);
  if (known && Date.now() < known.until) return answered(() => known.rows);
  const request = (cds.context as unknown as { http?: { req?: object } } | undefined)?.http?.req;
  if (request && (asked.get(request) ?? iflowId) !== iflowId) throw problem(400, 'ENDPOINTS_ONCE');
  if (request) asked.set(request, iflowId);
  const rows = askForEndpoints(iflowId, entry.iflow.artifactId, config.cpiDestination ?? '');
  const answer = { until: Date.now() + KEEP, rows };
  answers.delete(key);
  answers.set(key, answer);
  if (answers.size > MOST) answers.delete(answers.keys().next().value!);
  // A failure may be temporary, so it is not kept.
  rows.catch(() => answers.get(key) === answer && answers.delete(key));
  return answered(() => rows);
}

async function askForEndpoints(iflowId: string, artifactId: string, destination: string) {
  const client = await createCpiClient({ destination, timing: IMPATIENT, behind: true });
  const found = await client.endpoints(artifactId);
  const rows = found.flatMap(({ id, protocol, lastUpdated, entryPoints, apiDefinitions }) =>
    (entryPoints.length ? entryPoints : [{ name: id, url: null, type: null }]).map((entryPoint) => ({
      ...entryPoint,
      protocol,
      lastUpdated,
      apiDefinitions,
    })),
  );
  return rows.map((row, position) => ({ iflow_ID: iflowId, position, ...row }));
}

/**
 * What a sync would change on the fact sheet of an iFlow.
 * @throws 404 IFLOW_UNKNOWN; 400 NOT_CONFIGURED; 502 and 409 for remote problems
 */
export async function readSyncPlan(iflowId: string): Promise<SyncPlan> {
  const { entry, config } = await openEntry(iflowId);
  return answered(() => planSync(config, entry, cds.context?.locale));
}

/**
 * Fact sheets of the configured type that an iFlow can be linked to, found by LeanIX.
 * @returns at most twenty; none for a blank text
 * @throws 404 IFLOW_UNKNOWN; 400 NOT_CONFIGURED; 502 and 409 for remote problems
 */
export async function findFactSheets(iflowId: string, search: string | null | undefined) {
  const text = cut(search?.trim() ?? '', 200);
  const { config } = await openEntry(iflowId);
  const missing = missingSettings(config);
  if (missing.length) throw problem(400, 'NOT_CONFIGURED', config.name, missing.join(', '));
  if (text === '') return [];
  return answered(async () => {
    const source = { destination: config.leanixDestination!, host: config.leanixHost! };
    const client = await openClient(source, { timing: IMPATIENT });
    const found = await client.search(text, config.factSheetType!, SUGGESTIONS);
    return found.map(({ id, name, displayName, type }) => ({ factSheetId: id, name: displayName ?? name, type }));
  });
}

async function answered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asProblem(error);
  }
}
