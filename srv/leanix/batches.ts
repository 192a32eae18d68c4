import type { FactSheet } from '../core/catalog/types.ts';
import { OutcomeUnknown, RemoteError } from '../base/remote-error.ts';
import type { LeanIXClient, Mutation, WriteOptions, WriteResult } from './client.ts';

/**
 * How one mutation ended. `code` is that of `Failure`, or `OUTCOME_UNKNOWN`: look the fact sheet up before writing
 * again.
 */
export type Outcome =
  { key: string; ok: true; factSheet: FactSheet } | { key: string; ok: false; code: string; message: string };

/** The rest of a batch: it is sent again without the failed mutations, or in halves. */
type Part = readonly Mutation[];

/**
 * Writes a batch with as few requests as its failures allow. LeanIX stores all of a request or nothing. Mutations that
 * it names as failed are removed and the rest is sent again. If it names none, the request is halved until the failing
 * mutation is alone.
 *
 * Yields after each request that decided something, so that the caller can store the outcomes and stop before the next
 * request. Leaving the loop leaves the rest unsent. Every key comes once. After a lost answer, all keys of that request
 * end as `OUTCOME_UNKNOWN`. Other errors mean that nothing was stored and are thrown: forbidden, wrong token,
 * unreachable, canceled.
 */
export async function* writeBatch(
  client: Pick<LeanIXClient, 'write'>,
  mutations: readonly Mutation[],
  options: Omit<WriteOptions, 'validateOnly'>,
): AsyncGenerator<Outcome[], void, undefined> {
  const parts: Part[] = mutations.length > 0 ? [mutations] : [];
  for (let part = parts.shift(); part; part = parts.shift()) {
    // eslint-disable-next-line no-await-in-loop -- the order is the point: what one answer says decides the next request
    const result = await writeOne(client, part, options);
    if (result === 'lost') {
      yield part.map(({ key }) => ({ key, ok: false, code: 'OUTCOME_UNKNOWN', message: '' }));
    } else if (result.ok) {
      yield stored(part, result.factSheets);
    } else {
      const failed = failures(part, result.failures);
      const left = part.filter(({ key }) => !failed.has(key));
      if (failed.size === 0) parts.unshift(...halves(left));
      else if (left.length > 0) parts.unshift(left);
      if (failed.size > 0) yield [...failed.values()];
    }
  }
}

async function writeOne(
  client: Pick<LeanIXClient, 'write'>,
  part: Part,
  options: WriteOptions,
): Promise<WriteResult | 'lost'> {
  try {
    return await client.write(part, options);
  } catch (error) {
    if (error instanceof OutcomeUnknown) return 'lost';
    // Too large: nothing was stored, but smaller parts may succeed.
    if (error instanceof RemoteError && error.status === 413) {
      return { ok: false, failures: [{ key: null, code: error.code, message: error.detail ?? 'HTTP 413' }] };
    }
    throw error;
  }
}

function stored(part: Part, factSheets: Map<string, FactSheet>): Outcome[] {
  return part.map(({ key }) => {
    const factSheet = factSheets.get(key);
    return factSheet ? { key, ok: true, factSheet } : { key, ok: false, code: 'OUTCOME_UNKNOWN', message: '' };
  });
}

/** The mutations that LeanIX named, each with its first error. The only mutation of a request needs no name. */
function failures(part: Part, found: { key: string | null; code: string; message: string }[]): Map<string, Outcome> {
  const keys = new Set(part.map(({ key }) => key));
  const failed = new Map<string, Outcome>();
  const [only] = part.length === 1 ? part : [];
  for (const { key: named, code, message } of found) {
    const key = only?.key ?? named;
    if (key !== null && keys.has(key) && !failed.has(key)) failed.set(key, { key, ok: false, code, message });
  }
  return failed;
}

function halves(part: Part): Part[] {
  const middle = Math.ceil(part.length / 2);
  return [part.slice(0, middle), part.slice(middle)];
}
