import type cds from '@sap/cds';
import { LeanIXConfigs } from '#cds-models/leanix';
import { problem } from '../base/problem.ts';

type Handling = { handle: (this: object, req: cds.Request) => Promise<unknown> };

/**
 * Has `work` come by all requests of a service, before and after they are handled. What is put around last comes first.
 * To be called after `init` of the service, since CAP's support for drafts sets `handle` on the service itself.
 * @param work goes on with `handle`, or throws
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

/** The ID of the row that a request is about; of the last one, where its path names several. */
export function keyOf(req: cds.Request): string {
  const key = req.params.at(-1) as string | { ID?: string } | undefined;
  return (typeof key === 'object' ? key.ID : key) ?? '';
}

/** Whether a value can be an ID; CAP takes any text for one. */
export const isUUID = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);

/**
 * The configuration that is meant: nobody is asked for it while there is one only. In the caller's transaction.
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
