import type { Service } from './service.ts';

/** The list of iFlows that a user filters: the first page, sorted and counted. */
const LIST =
  'runtime/IFlows?$count=true&$top=100&$skip=0&$orderby=name' +
  `&$filter=status eq 'Started' and linkStatus ne 'ambiguous'` +
  '&$select=ID,artifactId,name,packageId,packageName,version,status,statusCriticality,linkStatus,criticality,' +
  'factSheetName,factSheetUrl,lastSyncedAt';

const USERS = 20;
/** How long a user looks at a page before asking for the next. */
const THINK_MS = 1000;

/** Milliseconds from the request to the last byte of the answer. */
export type Waits = { p50: number; p95: number; pages: number };

/** Lets 20 users read the list repeatedly until `until` settles. */
export async function look(service: Service, until: Promise<unknown>): Promise<Waits> {
  let over = false;
  void until.finally(() => (over = true));
  const waits: number[] = [];
  const user = async (index: number) => {
    await pause((index * THINK_MS) / USERS);
    while (!over) {
      const began = performance.now();
      await service.get(LIST);
      waits.push(performance.now() - began);
      await pause(THINK_MS);
    }
  };
  await Promise.all(Array.from({ length: USERS }, (_, index) => user(index)));
  waits.sort((a, b) => a - b);
  const at = (share: number) => waits[Math.floor((waits.length - 1) * share)] ?? NaN;
  return { p50: at(0.5), p95: at(0.95), pages: waits.length };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
