import cds from '@sap/cds';
import { FieldMappings, LeanIXConfigs } from '#cds-models/SettingsService';
import { CRITICALITY, labelOf, tokenState } from '../http/token-state.ts';
import { checkElement, checkMappingRows, type MappingInput } from './constraints.ts';

/** Data only for the settings screen: states as text, and messages while a user types. */

type Row = Record<string, unknown>;
type Columns = { ref?: string[] }[] | undefined;

const DERIVED = ['connectionText', 'connectionCriticality', 'tokenText', 'tokenCriticality'];
const BASIS = ['connectionStatus', 'leanixHost', 'tokenExpiresOn'];

/** Registers all of it at the settings service. */
export function serveScreen(service: cds.ApplicationService): void {
  tellStates(service);
  checkDrafts(service);
  numberRows(service);
}

/** Derived elements are not stored, so the elements they derive from are read too. */
function tellStates(service: cds.ApplicationService) {
  const rows = [LeanIXConfigs, LeanIXConfigs.drafts] as never;
  service.before('READ', rows, (req: cds.Request) => {
    const columns = (req.query as { SELECT?: { columns?: Columns } }).SELECT?.columns;
    const names = new Set(columns?.map(({ ref }) => ref?.at(-1)));
    if (!columns || !DERIVED.some((name) => names.has(name))) return;
    for (const name of BASIS) if (!names.has(name)) columns.push({ ref: [name] });
  });
  const tell = (result: unknown) => {
    for (const row of [result].flat() as (Row | null | undefined)[]) {
      if (!row || typeof row !== 'object') continue;
      // States can only be derived from elements that were read.
      if ('connectionStatus' in row && 'leanixHost' in row) Object.assign(row, connectionState(row));
      if ('tokenExpiresOn' in row) Object.assign(row, tokenState(row));
    }
  };
  service.after('READ', rows, tell);
}

function connectionState({ connectionStatus, leanixHost }: Row) {
  if (connectionStatus === 'connected') return connection('positive', 'connected');
  if (connectionStatus === 'failed') return connection('negative', 'failed');
  return connection('neutral', leanixHost ? 'untested' : 'notSetUp');
}

function connection(criticality: keyof typeof CRITICALITY, key: string) {
  return { connectionText: labelOf(`Connection.${key}`), connectionCriticality: CRITICALITY[criticality] };
}

/** Drafts may be unfinished, but invalid values are reported at their fields at once. */
function checkDrafts(service: cds.ApplicationService) {
  service.before('UPDATE', LeanIXConfigs.drafts as never, (req: cds.Request) => {
    for (const [element, value] of Object.entries(req.data as Row)) {
      note(req, element, () => checkElement(element, value));
    }
  });
  service.before('UPDATE', FieldMappings.drafts as never, (req: cds.Request) => {
    const { iflowField, leanixPath } = req.data as MappingInput;
    if (iflowField) note(req, 'iflowField', () => checkMappingRows([{ iflowField, leanixPath: '/name' }]));
    if (leanixPath) note(req, 'leanixPath', () => checkMappingRows([{ iflowField: 'name', leanixPath }]));
  });
}

function note(req: cds.Request, target: string, check: () => void) {
  try {
    check();
  } catch (error) {
    const { status, code, args } = error as { status: number; code: string; args: string[] };
    req.error({ status, code, message: code, args, target } as never);
  }
}

/** Adds new rows of the mapping at the end. */
function numberRows(service: cds.ApplicationService) {
  service.before('NEW', FieldMappings.drafts as never, async (req: cds.Request) => {
    const row = req.data as { config_ID?: string; position?: number | null };
    if (row.position != null || !row.config_ID) return;
    const last = (await SELECT.one
      .from(FieldMappings.drafts as never)
      .columns('max(position) as position')
      .where({ config_ID: row.config_ID } as never)) as { position?: number | null } | undefined;
    row.position = (last?.position ?? 0) + 1;
  });
}
