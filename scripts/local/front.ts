/** The local server: serves the screens at once, and holds requests to the service until it has started. */
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import express, { type Request, type Response } from 'express';
import { localOnly } from '../screens/guard.ts';
import { screens } from '../screens/middleware.ts';

export type Front = { server: Server; /** Passes requests on from now on. */ open(port: number): void };

/**
 * Listens on this computer only.
 * @param password of all local users, if it is not their name
 * @throws Error with code EADDRINUSE
 */
export async function listenAt(port: number, password?: string): Promise<Front> {
  const opened = Promise.withResolvers<number>();
  const app = express().disable('x-powered-by');
  app.use(localOnly, screens(password));
  app.use(async (req, res) => pass(req, res, await opened.promise));
  const server = createServer({ maxHeaderSize: 65_536 }, app).listen(port, '127.0.0.1');
  // A failure to listen is thrown by this.
  await once(server, 'listening');
  return { server, open: (service) => opened.resolve(service) };
}

function pass(req: Request, res: Response, port: number): void {
  const { method, headers, url: path } = req;
  const asked = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
    res.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(res);
  });
  asked.on('error', () => {
    if (res.headersSent) res.destroy();
    else res.status(502).type('text').send('The service does not answer.\n');
  });
  res.on('close', () => asked.destroy());
  req.pipe(asked);
}
