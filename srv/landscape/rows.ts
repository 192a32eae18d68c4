import { Channels, IFlowModels, IFlows } from '#cds-models/leanix';
import { nextId } from '../base/ids.ts';
import { textOf } from '../base/problem.ts';
import { cut } from '../base/text.ts';
import { inTransaction } from '../base/transaction.ts';
import { patternOf, roleOf } from '../core/landscape/roles.ts';
import type { Channel } from '../core/landscape/types.ts';
import type { Job } from '../runs/job.ts';
import type { Due, Reading } from './types.ts';

/** Rows read at once. */
const CHUNK = 500;
/** Milliseconds until an unreadable model is read again. */
const PAUSE = 86_400_000;

/** The iFlows whose deployed version or deployment was not read yet, or that must be read again. */
export async function readDue(config_ID: string): Promise<Due[]> {
  const now = new Date().toISOString();
  const found: Due[] = [];
  /* eslint-disable no-await-in-loop -- one short transaction after the other */
  for (let after = '', chunk: Due[] | null = null; !chunk || chunk.length === CHUNK;) {
    chunk = (await inTransaction(() =>
      SELECT.from(IFlows).columns(
        'ID',
        'artifactId',
        'version',
        'deployedOn',
        'sender',
        'receiver',
        'model.state as known' as 'type',
      ).where`config_ID = ${config_ID} and ID > ${after} and type = 'INTEGRATION_FLOW' and status != 'Undeployed'
            and (model.readAt is null or model.retryAt <= ${now}
              or coalesce(model.version, '') != coalesce(version, '')
              or model.deployedOn != deployedOn or (model.deployedOn is null and deployedOn is not null))`
        .orderBy('ID')
        .limit(CHUNK),
    )) as unknown as Due[];
    found.push(...chunk);
    after = chunk.at(-1)?.ID ?? '';
  }
  /* eslint-enable no-await-in-loop */
  return found;
}

/** Stores what was read, and counts it in the run. */
export async function storeReadings(job: Job, readings: readonly Reading[]): Promise<void> {
  const config_ID = job.run.config.ID;
  const readAt = new Date().toISOString();
  const ids = readings.map(({ due }) => due.ID);
  const failed = readings.filter(({ state }) => state === 'unreadable').length;
  const before = await inTransaction(() => SELECT.from(Channels).where({ iflow_ID: { in: ids } }));
  const known = Map.groupBy(before as unknown as ChannelRow[], ({ iflow_ID }) => iflow_ID);
  const changes = readings.map(({ due, facts }) =>
    differences(known.get(due.ID) ?? [], facts && facts.channels.map((one, n) => rowOf(one, n, due.ID, config_ID))),
  );
  const changed = changes.filter(({ rows, gone }) => rows.length + gone.length > 0).length;
  const counts = { done: readings.length, failed, updated: changed, unchanged: readings.length - failed - changed };
  const added = Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, { '+=': count }]));
  await job.commit(added, async () => {
    const there = await SELECT.from(IFlows)
      .columns('ID')
      .where({ ID: { in: ids } });
    const present = new Set(there.map(({ ID }) => ID));
    const kept = <T extends { iflow_ID: string }>(rows: T[]) => rows.filter(({ iflow_ID }) => present.has(iflow_ID));
    const models = kept(readings.map((reading) => modelOf(reading, config_ID, readAt)));
    const rows = kept(changes.flatMap((one) => one.rows));
    const gone = changes.flatMap((one) => one.gone);
    if (models.length) await UPSERT.into(IFlowModels).entries(models as never);
    if (gone.length) await DELETE.from(Channels).where({ ID: { in: gone } });
    if (rows.length) await UPSERT.into(Channels).entries(rows as never);
  });
}

/** Values that are not known stay unchanged: an unreadable iFlow keeps its known data. */
function modelOf({ due, state, facts, note, problem }: Reading, config_ID: string, readAt: string) {
  const { ID: iflow_ID, version, deployedOn } = due;
  return {
    iflow_ID,
    config_ID,
    state,
    code: note?.code ?? null,
    message: note ? cut(textOf(note.code, note.args), 1000) : null,
    version,
    deployedOn,
    readAt,
    retryAt: problem ? new Date(Date.parse(readAt) + PAUSE).toISOString() : null,
    ...(state === 'read' && facts && { role: roleOf(facts), pattern: patternOf(facts), timer: facts.timer }),
    // A configuration does not show what starts the iFlow and what it does.
    ...(state === 'fromConfiguration' && {
      role: facts?.channels.some(({ direction }) => direction === 'inbound') ? 'entry' : null,
      pattern: null,
      timer: false,
    }),
  };
}

type ChannelRow = { ID: string; iflow_ID: string; position: number };

function rowOf({ link, ...channel }: Channel, position: number, iflow_ID: string, config_ID: string) {
  return {
    iflow_ID,
    config_ID,
    position: position + 1,
    ...channel,
    adapter: cut(channel.adapter, 100) || null,
    participant: cut(channel.participant, 500),
    host: cut(channel.host, 255),
    locationId: cut(channel.locationId, 255),
    via: link?.via ?? null,
    address: cut(link?.address ?? null, 1000),
  };
}

/**
 * The rows to write and to delete so that the stored channels equal the read ones. IDs of positions are kept.
 * @param wanted null if nothing is known
 */
function differences(before: readonly ChannelRow[], wanted: ReturnType<typeof rowOf>[] | null) {
  if (!wanted) return { rows: [], gone: [] };
  const at = new Map(before.map((row) => [row.position, row as unknown as Record<string, unknown>]));
  const rows = wanted.flatMap((row) => {
    const known = at.get(row.position);
    const isSame = known && Object.entries(row).every(([name, value]) => (known[name] ?? null) === value);
    return isSame ? [] : [{ ID: (known?.['ID'] as string | undefined) ?? nextId(), ...row }];
  });
  return { rows, gone: before.filter(({ position }) => position > wanted.length).map(({ ID }) => ID) };
}
