import type cds from '@sap/cds';
import { Jobs as StoredJobs } from '#cds-models/leanix';
import { AccessConfigs, Jobs } from '#cds-models/AccessService';
import { keyOf } from '../http/requests.ts';
import { auditChanges, compare, readStored } from './connection-package.ts';

/** Records changes of access settings and schedules, with the old and new values. */
export function keepHistory(service: cds.ApplicationService): void {
  const rows = [AccessConfigs, Jobs] as never;
  const on = service.on.bind(service) as (events: string[], entities: never, handler: unknown) => void;
  on(['UPDATE'], rows, async (req: cds.Request, next: () => unknown) => {
    const ID = await configOf(req);
    const [before] = await readStored(ID);
    const result = await next();
    const [after] = await readStored(ID);
    if (before && after) await auditChanges(ID, compare(before, after));
    return result;
  });
}

/** The ID of the configuration that access settings, or a job, belong to. */
async function configOf(req: cds.Request): Promise<string> {
  const ID = (req.data as { ID?: string }).ID ?? keyOf(req);
  if ((req.target as { name?: string }).name === AccessConfigs.name) return ID;
  const job = await SELECT.one.from(StoredJobs).columns('config_ID').where({ ID });
  return job?.config_ID ?? '';
}
