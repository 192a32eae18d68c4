import type cds from '@sap/cds';
import { FieldMappings as StoredMappings } from '#cds-models/leanix';
import { FieldMappings, LeanIXConfigs } from '#cds-models/SettingsService';
import { audit } from '../runs/audit.ts';
import { keyOf } from '../http/requests.ts';
import { compare, deedsOf, readStored } from './bundle.ts';

/** Records changes of saved configurations, element by element, with the old and new values. */
export function keepHistory(service: cds.ApplicationService): void {
  const rows = [LeanIXConfigs, FieldMappings] as never;
  const on = service.on.bind(service) as (events: string[], entities: never, handler: unknown) => void;
  on(['CREATE', 'UPDATE', 'DELETE'], rows, async (req: cds.Request, next: () => unknown) => {
    const ID = await configOf(req);
    const [before] = await readStored({ ID });
    const result = await next();
    const [after] = await readStored({ ID });
    if (after) await audit(...deedsOf(ID, compare(before, after)));
    return result;
  });
}

/** The ID of the configuration in a request for a configuration or one of its mappings. */
async function configOf(req: cds.Request): Promise<string> {
  const data = req.data as { ID?: string; config_ID?: string };
  const ID = data.ID ?? keyOf(req);
  if ((req.target as { name?: string }).name === LeanIXConfigs.name) return ID;
  const mapping = data.config_ID ? data : await SELECT.one.from(StoredMappings).columns('config_ID').where({ ID });
  return mapping?.config_ID ?? '';
}
