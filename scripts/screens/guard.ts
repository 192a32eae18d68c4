/**
 * The local server is for this computer, and for pages that come from it. A page from elsewhere, open in the same
 * browser, can send requests here too: by a name that it lets point to 127.0.0.1, or by a form.
 */
import type { NextFunction, Request, Response } from 'express';

/** The names of this computer; a port may follow. */
const OWN = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;
/** What a page may send to any server without asking it first. */
const SIMPLE = /^\s*(?:application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\b/i;

/** Refuses requests under a foreign name or from a foreign page, and writes that such a page could send unasked. */
export function localOnly(req: Request, res: Response, next: NextFunction): void {
  const { host = '', origin } = req.headers;
  if (!OWN.test(host)) return refuse(res, 'This server answers on localhost only.');
  if (origin !== undefined && origin !== `http://${host}`)
    return refuse(res, 'This server answers its own pages only.');
  if (req.method === 'POST' && !isDeclared(req))
    return refuse(res, 'A POST needs a content type such as application/json.');
  next();
}

/** Whether a browser would have asked before it sent this from a page of another server. */
function isDeclared({ headers }: Request): boolean {
  const type = headers['content-type'];
  return type === undefined ? headers['x-requested-with'] !== undefined : !SIMPLE.test(type);
}

function refuse(res: Response, text: string): void {
  res.status(403).type('text').send(`${text}\n`);
}
