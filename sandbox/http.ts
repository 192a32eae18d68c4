import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Express, Request } from 'express';

export interface Listener {
  /** Such as `http://127.0.0.1:4004`. */
  url: string;
  /** Such as `127.0.0.1:4004`. */
  host: string;
  close(): Promise<void>;
}

export interface Client {
  id: string;
  secret: string;
}

/** The names of this computer; a port may follow. */
const OWN = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * Listens on a port, 0 for any free one. Refuses requests with a foreign host name or from the page of another server:
 * a browser on this computer sends them for any page that is open in it.
 */
export async function listen(app: Express, port = 0, hostname = '127.0.0.1'): Promise<Listener> {
  const server = createServer((req, res) => {
    if (isOwn(req)) {
      app(req, res);
      return;
    }
    res
      .writeHead(403, { 'content-type': 'text/plain' })
      .end('The sandbox answers this computer and its own pages only.\n');
  }).listen(port, hostname);
  // A failure to listen rejects this.
  await once(server, 'listening');
  const host = `${hostname}:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    // A client in the same process needs a moment to notice that its connections are gone.
    await sleep(20);
  };
  return { url: `http://${host}`, host, close };
}

function isOwn({ headers: { host = '', origin } }: IncomingMessage): boolean {
  return OWN.test(host) && (origin === undefined || origin === `http://${host}`);
}

/** The fields of a form, and of the query where the form lacks them. */
export function formOf(req: Request): Record<string, string> {
  const fields = { ...req.query, ...(req.body as Record<string, unknown> | undefined) };
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => typeof field[1] === 'string'),
  );
}

/** The OAuth client that a token request names: by HTTP Basic, or in the form. */
export function clientOf(req: Request): Client {
  const [scheme = '', encoded = ''] = (req.get('authorization') ?? '').split(' ');
  if (scheme.toLowerCase() === 'basic') {
    const text = Buffer.from(encoded, 'base64').toString();
    const colon = text.indexOf(':');
    return { id: text.slice(0, colon), secret: text.slice(colon + 1) };
  }
  const form = formOf(req);
  return { id: form.client_id ?? '', secret: form.client_secret ?? '' };
}

/** The token of an `Authorization: Bearer` header, empty if there is none. */
export function bearerOf(req: Request): string {
  return /^bearer (.+)$/i.exec(req.get('authorization') ?? '')?.[1] ?? '';
}
