import { parse } from 'dot-properties';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import type { Parameters } from '../../core/landscape/types.ts';

/** Why a model could not be read: a message code and the arguments of its text. */
export class ModelProblem extends Error {
  readonly code: string;
  readonly args: string[];

  constructor(code: string, ...args: string[]) {
    super(code);
    this.code = code;
    this.args = args;
  }
}

const MB = 1024 * 1024;
/** Maximum bytes to read of a bundle and of its entries, which may be larger than they claim. */
export const LIMITS = { bundle: 8 * MB, model: 4 * MB, properties: MB, all: 64 * MB, entries: 2000 };

const MODEL = /^src\/main\/resources\/scenarioflows\/integrationflow\/[^/]+\.iflw$/;
const PARAMETERS = 'src/main/resources/parameters.prop';

/** The model of an iFlow as XML, and the values of its externalized parameters. */
export type Bundle = { xml: string; parameters: Parameters };

/**
 * Reads the two entries of an artifact's zip that define its connections. Uses the central directory, since local
 * headers have no sizes. Nothing is written to disk, so paths do no harm.
 * @throws ModelProblem MODEL_TOO_LARGE, MODEL_INVALID, MODEL_MISSING
 */
export async function readBundle(content: Buffer): Promise<Bundle> {
  if (content.length > LIMITS.bundle) throw tooLarge();
  const zip = await fromBufferPromise(content, { lazyEntries: true }).catch(invalid);
  if (zip.entryCount > LIMITS.entries) throw tooLarge();
  let xml: string | undefined;
  let properties = '';
  let all = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      all += entry.uncompressedSize;
      if (all > LIMITS.all) throw tooLarge();
      if (xml === undefined && MODEL.test(entry.fileName))
        xml = (await inflate(zip, entry, LIMITS.model)).toString('utf8');
      // Properties files are in Latin-1.
      else if (entry.fileName === PARAMETERS)
        properties = (await inflate(zip, entry, LIMITS.properties)).toString('latin1');
    }
  } catch (error) {
    if (error instanceof ModelProblem) throw error;
    invalid(error);
  }
  if (xml === undefined) throw new ModelProblem('MODEL_MISSING');
  return { xml, parameters: new Map(Object.entries(parse(properties) as Record<string, string>)) };
}

/** Counts while inflating: the size that an entry claims is not trusted. */
async function inflate(zip: ZipFile, entry: Entry, limit: number): Promise<Buffer> {
  if (entry.uncompressedSize > limit) throw tooLarge();
  const stream = await zip.openReadStreamPromise(entry);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const tooLarge = () => new ModelProblem('MODEL_TOO_LARGE');

/** The zip library's message may quote the bundle, so it is not shown. */
function invalid(_: unknown): never {
  throw new ModelProblem('MODEL_INVALID');
}
