import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCpiClient } from '../../../srv/cpi/client.ts';
import { forgetDestination } from '../../../srv/btp/destinations.ts';

export type Reply = { status?: number; body: unknown; type?: string };

/** The answers of the test tenant, and the requests that it has received. */
export const tenant = {
  asked: [] as { path: string; accept: string | undefined }[],
  answer: (() => list([])) as (path: string, query: URLSearchParams) => Reply,
  /** The number that `$count` returns; null if the tenant does not count. */
  counted: null as number | null,
};

let server: Server;
export let tenantUrl: string;

/** Starts it for the tests of a file. Call it once, at the top. */
export function startTenant(): void {
  beforeAll(async () => {
    server = createServer((request: IncomingMessage, response: ServerResponse) => {
      const url = new URL(request.url!, tenantUrl);
      tenant.asked.push({ path: decodeURIComponent(request.url!), accept: request.headers.accept });
      if (url.pathname.endsWith('/$count')) {
        response
          .writeHead(tenant.counted === null ? 501 : 200)
          .end(tenant.counted === null ? '' : String(tenant.counted));
        return;
      }
      const {
        status = 200,
        body,
        type = 'application/json',
      } = tenant.answer(decodeURIComponent(url.pathname), url.searchParams);
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      response.writeHead(status, { 'content-type': type }).end(status === 204 ? undefined : text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    tenantUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
}

/** A client of the tenant; its destination has a URL with this end. */
export function open(suffix = '', options: { signal?: AbortSignal } = {}) {
  tenant.asked = [];
  tenant.counted = null;
  forgetDestination('TENANT');
  process.env['destinations'] = JSON.stringify([{ name: 'TENANT', url: tenantUrl + suffix }]);
  const perSecond = { designTime: 1000, runtime: 1000 };
  return createCpiClient({ destination: 'TENANT', perSecond, timing: { backoff: 1, tries: 2 }, ...options });
}

export const list = (results: unknown[], next?: string): Reply => ({
  body: { d: { results, ...(next && { __next: next }) } },
});
export const next = (token: number) => `IntegrationRuntimeArtifacts?$skiptoken=${token}`;
export const artifacts = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => ({ Id: `A${from + n}` }));
export const ids = (all: { id: string }[]) => all.map(({ id }) => id);
