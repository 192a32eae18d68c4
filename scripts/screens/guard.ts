/**
 * Protects the local server from pages of other sites in the same browser: they could reach it by a name that points to
 * 127.0.0.1, or by a form.
 */
import type { NextFunction, Request, Response } from 'express';

/** The names of this computer; a port may follow. */
const OWN = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;
/** Content types that a page may send to any server without asking. */
const SIMPLE = /^\s*(?:application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\b/i;

/** Refuses requests with a foreign host name or origin, and writes that such a page could send unasked. */
export function localOnly(req: Request, res: Response, next: NextFunction): void {
  const { host = '', origin } = req.headers;
  if (!OWN.test(host)) return refuse(res, 'This server answers on localhost only.');
  if (origin !== undefined && origin !== `http://${host}`)
    return refuse(res, 'This server answers its own pages only.');
  if (req.method === 'POST' && !isDeclared(req))
    return refuse(res, 'A POST needs a content type such as application/json.');
  next();
}

/** Whether a browser would send a preflight request for this from another site. */
function isDeclared({ headers }: Request): boolean {
  const type = headers['content-type'];
  return type === undefined ? headers['x-requested-with'] !== undefined : !SIMPLE.test(type);
}

function refuse(res: Response, text: string): void {
  res.status(403).type('text').send(`${text}\n`);
}
