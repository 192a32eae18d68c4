import { RemoteError } from '../base/remote-error.ts';
import { factsOfConfiguration } from '../core/landscape/channels.ts';
import type { CpiClient } from '../cpi/client.ts';
import { LIMITS, ModelProblem } from '../cpi/models/bundle.ts';
import type { ModelReader } from '../cpi/models/reader.ts';
import type { Due, Reading } from './types.ts';

/** Problems with the content of one artifact, not with the tenant or the connection to it. */
const OF_ONE = new Set(['CPI_ERROR', 'CPI_ROLE_MISSING', 'CPI_TOO_LARGE', 'CPI_WEB_ADDRESS', 'CPI_UNREACHABLE']);

/**
 * Reads what one iFlow connects: from the content of the deployed version, else from the current design, else from its
 * configuration. One to three requests.
 * @throws RemoteError for problems that concern all iFlows
 */
export async function readModel(client: CpiClient, reader: ModelReader, due: Due): Promise<Reading> {
  const { artifactId, version } = due;
  const unreadable = (problem: ModelProblem | RemoteError): Reading => {
    const isTooLarge = problem.code === 'CPI_TOO_LARGE';
    const note = isTooLarge ? { code: 'MODEL_TOO_LARGE', args: [] } : { code: problem.code, args: problem.args };
    return { due, state: 'unreadable', facts: null, note, problem };
  };
  try {
    const deployed = version === null ? null : await client.content(artifactId, version, LIMITS.bundle);
    const content = deployed ?? (await client.content(artifactId, 'active', LIMITS.bundle));
    if (!content) return await fromConfiguration(client, due, 'active', new ModelProblem('MODEL_GONE'), unreadable);
    const facts = await reader.read(content);
    const note = deployed || version === null ? null : { code: 'MODEL_DESIGN_NEWER', args: [version] };
    return { due, state: 'read', facts, note, problem: null };
  } catch (error) {
    if (error instanceof ModelProblem) return unreadable(error);
    if (!(error instanceof RemoteError) || !OF_ONE.has(error.code)) throw error;
    const isRefused = error.code === 'CPI_ERROR' || error.code === 'CPI_ROLE_MISSING';
    return isRefused ? fromConfiguration(client, due, version ?? 'active', error, unreadable) : unreadable(error);
  }
}

/** The content of a configure-only package is not available; its parameters are. */
async function fromConfiguration(
  client: CpiClient,
  due: Due,
  version: string,
  refusal: ModelProblem | RemoteError,
  unreadable: (problem: ModelProblem | RemoteError) => Reading,
): Promise<Reading> {
  const { artifactId, sender, receiver, known } = due;
  // What was read from the model itself is better than this.
  if (known === 'read' && !isLasting(refusal)) return unreadable(refusal);
  try {
    const parameters = await client.configurations(artifactId, version);
    if (!parameters) return unreadable(refusal);
    const facts = factsOfConfiguration(sender ?? '', receiver ?? '', parameters);
    const note = { code: 'MODEL_FROM_CONFIGURATION', args: [] };
    // After a temporary failure, the model can be read another day.
    return { due, state: 'fromConfiguration', facts, note, problem: isLasting(refusal) ? null : refusal };
  } catch (error) {
    if (!(error instanceof RemoteError) || !OF_ONE.has(error.code)) throw error;
    // Without access to this either, the role is missing.
    return unreadable(error.code === 'CPI_ROLE_MISSING' ? error : refusal);
  }
}

const isLasting = (refusal: ModelProblem | RemoteError) =>
  refusal instanceof ModelProblem || refusal.status === undefined || refusal.status < 500;
