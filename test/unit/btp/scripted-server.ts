import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import cds from '@sap/cds';
import { RemoteError } from '../../../srv/base/remote-error.ts';
import { send, type Request } from '../../../srv/btp/transport.ts';

export type Reply = (res: ServerResponse, req: IncomingMessage) => unknown;

/** The behavior of the server, and the requests that it has received. */
export const scripted = {
  /** The behavior for the next requests, one after the other; then it answers 200. */
  script: [] as Reply[],
  seen: [] as { at: number; method: string; url: string; authorization?: string; body: string; closed?: number }[],
  url: '',
  /** The number of requests that the transport counted. */
  sent: 0,
};
let keys = 0;
/** A key of a limit that no other test uses. */
export const newKey = (name: string) => `${name} ${keys++}`;

/** Starts the server for the tests of a file. Call it once, at the top. */
export function startScripted(): void {
  let server: Server;
  beforeAll(async () => {
    cds.log('leanix', 'silent');
    server = createServer((req, res) => {
      void (async () => {
        const entry = { at: performance.now(), method: req.method ?? '', url: req.url ?? '', body: '', closed: 0 };
        scripted.seen.push(Object.assign(entry, { authorization: req.headers.authorization }));
        res.on('close', () => (entry.closed = performance.now()));
        for await (const chunk of req) entry.body += String(chunk);
        await (scripted.script.shift() ?? answer(200, '{"ok":true}'))(res, req);
      })().catch(() => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    scripted.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  beforeEach(() => {
    scripted.script = [];
    scripted.seen = [];
    scripted.sent = 0;
  });
}

export const answer =
  (status: number, body = '', headers: Record<string, string> = {}): Reply =>
  (res) =>
    res.writeHead(status, headers).end(body);
export const cut: Reply = (res) => res.destroy();
export const hang: Reply = () => undefined;

/** Waits until this number of requests has arrived at the server. */
export const arrived = async (count: number) => {
  while (scripted.seen.length < count) await delay(5);
};
/**
 * Waits until the server has seen the end of the first connection, and for some more events, so that the client has
 * too.
 */
export const over = async () => {
  while (!scripted.seen[0]?.closed) await delay(5);
  for (let turns = 0; turns < 100; turns++) await delay(1);
};

export const timing = { timeout: 2000, patience: 5000, backoff: 5, maxBackoff: 20, tries: 5 };
export const destination = () => ({ url: scripted.url, authentication: 'NoAuthentication' as const });

export function request(more: Partial<Request> = {}): Promise<string> {
  return send({
    system: 'leanix',
    access: { destination: destination() },
    method: 'POST',
    path: '/graphql',
    body: '{"a":1}',
    onRequest: () => scripted.sent++,
    timing,
    ...more,
  }).then((got) => `${got.status} ${got.text}`);
}

/** The error of a promise, as code and arguments without the host. */
export const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no failure',
    (error: RemoteError) => {
      expect(error).toBeInstanceOf(RemoteError);
      return [error.code, ...error.args.filter((arg) => !arg.startsWith('127.0.0.1'))].join(' ');
    },
  );
