import type { FactSheet } from '../catalog/types.ts';
import { OutcomeUnknown, RemoteError } from '../btp/errors.ts';
import type { LeanIXClient, Mutation, WriteOptions, WriteResult } from './client.ts';

/** How one mutation ended. `code` is that of `Failure`, or `OUTCOME_UNKNOWN`: look before you write it again. */
export type Outcome =
  { key: string; ok: true; factSheet: FactSheet } | { key: string; ok: false; code: string; message: string };

export type BatchOptions = Omit<WriteOptions, 'validateOnly'> & {
  /** Mutations a request, 50 at most are advised. */
  batchSize: number;
};

/** What is left of one request: it is sent again without those that failed, or in halves. */
type Batch = readonly Mutation[];

/**
 * Writes mutations in requests of at most `batchSize`. LeanIX stores all of a request or nothing: those that it names
 * as failed are taken out and the rest is sent again; where it names none, the batch is halved, until the one that is
 * left alone is the one that failed.
 *
 * Yields after each request that decided something, so that the caller can keep the outcomes and stop before the next
 * request: whoever leaves the loop leaves the rest unsent. Every key comes once. After an answer that was lost, all
 * keys of that request end as `OUTCOME_UNKNOWN`, and further requests have half the size. Other errors (nothing was
 * stored, and nothing would be) are thrown: forbidden, wrong token, unreachable, canceled.
 */
export async function* writeAll(
  client: Pick<LeanIXClient, 'write'>,
  mutations: readonly Mutation[],
  { batchSize, ...options }: BatchOptions,
): AsyncGenerator<Outcome[], void, undefined> {
  let size = Math.max(1, Math.floor(batchSize));
  let rest = mutations;
  let parts: Batch[] = [];
  while (parts.length > 0 || rest.length > 0) {
    if (parts.length === 0) {
      parts = [rest.slice(0, size)];
      rest = rest.slice(size);
    }
    const batch = parts.shift() ?? [];
    // eslint-disable-next-line no-await-in-loop -- the order is the point: what one answer says decides the next request
    const result = await writeOne(client, batch, options);
    if (result === 'lost') {
      size = Math.max(1, Math.floor(size / 2));
      rest = [...parts.flat(), ...rest];
      parts = [];
      yield batch.map(({ key }) => ({ key, ok: false, code: 'OUTCOME_UNKNOWN', message: '' }));
    } else if (result.ok) {
      yield stored(batch, result.factSheets);
    } else {
      const failed = failures(batch, result.failures);
      const left = batch.filter(({ key }) => !failed.has(key));
      if (failed.size === 0) parts.unshift(...halves(left));
      else if (left.length > 0) parts.unshift(left);
      if (failed.size > 0) yield [...failed.values()];
    }
  }
}

async function writeOne(
  client: Pick<LeanIXClient, 'write'>,
  batch: Batch,
  options: WriteOptions,
): Promise<WriteResult | 'lost'> {
  try {
    return await client.write(batch, options);
  } catch (error) {
    if (error instanceof OutcomeUnknown) return 'lost';
    // Too large: nothing was stored, and smaller parts may go through.
    if (error instanceof RemoteError && error.status === 413) {
      return { ok: false, failures: [{ key: null, code: error.code, message: error.detail ?? 'HTTP 413' }] };
    }
    throw error;
  }
}

function stored(batch: Batch, factSheets: Map<string, FactSheet>): Outcome[] {
  return batch.map(({ key }) => {
    const factSheet = factSheets.get(key);
    return factSheet ? { key, ok: true, factSheet } : { key, ok: false, code: 'OUTCOME_UNKNOWN', message: '' };
  });
}

/** Those that LeanIX named, each with the first thing it said; the only one of a batch needs no name. */
function failures(batch: Batch, found: { key: string | null; code: string; message: string }[]): Map<string, Outcome> {
  const keys = new Set(batch.map(({ key }) => key));
  const failed = new Map<string, Outcome>();
  const [only] = batch.length === 1 ? batch : [];
  for (const { key: named, code, message } of found) {
    const key = only?.key ?? named;
    if (key !== null && keys.has(key) && !failed.has(key)) failed.set(key, { key, ok: false, code, message });
  }
  return failed;
}

function halves(batch: Batch): Batch[] {
  const middle = Math.ceil(batch.length / 2);
  return [batch.slice(0, middle), batch.slice(middle)];
}
