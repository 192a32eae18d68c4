import type cds from '@sap/cds';
import { LeanIXConfigs } from '#cds-models/leanix';
import { problem } from '../base/problem.ts';

type Handling = { handle: (this: object, req: cds.Request) => Promise<unknown> };

/**
 * Wraps `work` around all requests of a service. The last wrapper added runs first. Call this after `init` of the
 * service, since CAP's draft support sets `handle` on the service itself.
 * @param work calls `handle` to go on, or throws
 */
export function aroundRequests(
  service: cds.ApplicationService,
  work: (req: cds.Request, handle: () => Promise<unknown>) => Promise<unknown>,
): void {
  const target = service as unknown as Handling;
  const { handle } = target;
  target.handle = async function (req) {
    return work(req, () => handle.call(this, req));
  };
}

/** The ID of the row of a request; of the last one if its path names several. */
export function keyOf(req: cds.Request): string {
  const key = req.params.at(-1) as string | { ID?: string } | undefined;
  return (typeof key === 'object' ? key.ID : key) ?? '';
}

/** Whether a value can be an ID; CAP accepts any string. */
export const isUUID = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);

/**
 * The configuration of a request. It can be left out while there is only one. Runs in the caller's transaction.
 * @throws 404 CONFIG_UNKNOWN; 400 CONFIG_REQUIRED
 */
export async function configFor(config: string | null | undefined): Promise<string> {
  if (config) {
    const found = isUUID(config) && (await SELECT.one.from(LeanIXConfigs).columns('ID').where({ ID: config }));
    if (!found) throw problem(404, 'CONFIG_UNKNOWN', config.slice(0, 40));
    return config;
  }
  const [first, ...others] = await SELECT.from(LeanIXConfigs).columns('ID').limit(2);
  if (!first || others.length) throw problem(400, 'CONFIG_REQUIRED');
  return first.ID!;
}
