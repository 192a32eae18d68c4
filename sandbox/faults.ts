import type { Request, RequestHandler, Response } from 'express';

/**
 * The criteria of a fault; all given ones must match. A string matches a path that contains it, including the query.
 */
export interface FaultMatch {
  method?: string;
  path?: string | RegExp;
  operation?: 'query' | 'mutation';
  /** whether it writes to LeanIX */
  write?: boolean;
  body?: RegExp;
}

/**
 * The kinds of faults:
 * - `429`: too many requests; `retryAfter` is the header as sent (seconds or an HTTP date); undefined sends no header
 * - `status`: any other status; an object is sent as JSON, a text by its content as XML, HTML or plain text
 * - `reset`: the connection breaks before anything is done
 * - `hang`: no answer until the client gives up, and nothing is done
 * - `lostAnswer`: the work is done, then the connection breaks
 * - `halfJson`: the work is done, and half of the answer's body arrives
 * - `html`: status 200 with a web page, as from a proxy; nothing is done
 * - `delay`: a normal answer, but later
 */
export type FaultAction =
  | { kind: '429'; retryAfter?: string; body?: unknown }
  | { kind: 'status'; status: number; body?: unknown }
  | { kind: 'reset' | 'hang' | 'lostAnswer' | 'halfJson' | 'html' }
  | { kind: 'delay'; ms: number };

/**
 * A fault in the queue: it skips `after` matching requests, then strikes `times` times (once by default). For tests:
 * `meanwhile` is called when the fault strikes, before the work is done, or after it with `lostAnswer` and `halfJson`;
 * the fault waits for `until`.
 */
export type Fault = {
  match?: FaultMatch;
  times?: number;
  after?: number;
  meanwhile?: () => void;
  until?: Promise<unknown>;
} & FaultAction;

export interface FaultHit {
  kind: Fault['kind'];
  method: string;
  path: string;
  at: number;
}

/** A request as the stand-in saw it; `status` is missing if no answer was sent. */
export interface LogEntry {
  at: number;
  method: string;
  /** path and query */
  path: string;
  /** the header x-correlation-id */
  correlationId?: string;
  /** a request for an access token */
  token: boolean;
  operation?: 'query' | 'mutation';
  operationName?: string;
  /** number of (aliased) mutations in the request */
  mutations: number;
  /** a mutation that is not `validateOnly` */
  write: boolean;
  status?: number;
  fault?: Fault['kind'];
}

/** What only the stand-in knows about a request, such as the operations of a GraphQL document. */
export type Description = Partial<Pick<LogEntry, 'operation' | 'operationName' | 'mutations' | 'write'>>;

interface Queued {
  fault: Fault;
  seen: number;
  used: number;
}

/** The queue of faults. The first one that matches strikes. */
export class Faults {
  hits: FaultHit[] = [];
  #queue: Queued[] = [];

  add(fault: Fault): void {
    this.#queue.push({ fault, seen: 0, used: 0 });
  }

  /** Removes all faults and hits. */
  clear(): void {
    this.#queue = [];
    this.hits = [];
  }

  /** The fault for this request, if any. Counts the request for every fault it matches. */
  take(request: LogEntry, body: string): Fault | undefined {
    const matching = this.#queue.filter((queued) => fits(queued.fault.match ?? {}, request, body));
    for (const queued of matching) queued.seen++;
    const ready = matching.find(({ fault, seen, used }) => seen > (fault.after ?? 0) && used < (fault.times ?? 1));
    if (!ready) return undefined;
    ready.used++;
    this.hits.push({ kind: ready.fault.kind, method: request.method, path: request.path, at: request.at });
    return ready.fault;
  }
}

/** All requests in the order of their arrival. */
export class RequestLog {
  entries: LogEntry[] = [];

  /**
   * The number of matching requests: `count({ operation: 'mutation' })`, `count((entry) => !entry.token)`, `count()`.
   */
  count(filter: Partial<LogEntry> | ((entry: LogEntry) => boolean) = {}): number {
    const wanted = typeof filter === 'function' ? filter : (entry: LogEntry) => hasAll(entry, filter);
    return this.entries.filter(wanted).length;
  }

  clear(): void {
    this.entries = [];
  }
}

/**
 * The express middleware that writes the log and lets the faults strike. It comes after the body parser and before
 * every route; routes answer with one `res.send`, `res.json` or `res.end`.
 */
export function traffic(faults: Faults, log: RequestLog, describe?: (req: Request) => Description): RequestHandler {
  return (req, res, next) => {
    const entry: LogEntry = {
      at: Date.now(),
      method: req.method,
      path: req.originalUrl,
      correlationId: req.get('x-correlation-id'),
      token: /\/oauth2?\/token(\?|$)/.test(req.originalUrl),
      mutations: 0,
      write: false,
      ...describe?.(req),
    };
    log.entries.push(entry);
    onEnd(res, (send, chunk) => {
      entry.status = res.statusCode;
      send(chunk);
    });
    const fault = faults.take(entry, bodyText(req));
    if (!fault) return next();
    entry.fault = fault.kind;
    if (!fault.until) return strike(fault, req, res, next);
    void fault.until.then(() => strike(fault, req, res, next));
  };
}

function strike(fault: Fault, req: Request, res: Response, next: () => void): void {
  const { meanwhile = () => {} } = fault;
  if (fault.kind !== 'lostAnswer' && fault.kind !== 'halfJson') meanwhile();
  switch (fault.kind) {
    case '429':
      if (fault.retryAfter !== undefined) res.set('Retry-After', fault.retryAfter);
      sendBody(res.status(429), fault.body ?? 'Too Many Requests');
      return;
    case 'status':
      sendBody(res.status(fault.status), fault.body);
      return;
    case 'html':
      sendBody(res.status(200), '<!DOCTYPE html><html><body><h1>Please log on</h1></body></html>');
      return;
    case 'reset':
      req.socket.resetAndDestroy();
      return;
    case 'hang':
      return;
    case 'lostAnswer':
      onEnd(res, () => {
        meanwhile();
        req.socket.destroy();
      });
      next();
      return;
    case 'halfJson':
      onEnd(res, (send, chunk) => {
        meanwhile();
        const half = chunk.subarray(0, Math.floor(chunk.length / 2));
        res.setHeader('Content-Length', half.length);
        send(half);
      });
      next();
      return;
    case 'delay':
      setTimeout(next, fault.ms);
      return;
  }
}

/** Adds a step between the route and the end of its answer. */
export function onEnd(res: Response, step: (send: (chunk: Buffer) => void, chunk: Buffer) => void): void {
  const end = res.end.bind(res);
  res.end = ((chunk?: string | Buffer) => {
    const bytes = chunk === undefined ? Buffer.alloc(0) : Buffer.from(chunk as string);
    step((toSend) => (toSend.length ? end(toSend) : end()), bytes);
    return res;
  }) as typeof res.end;
}

function sendBody(res: Response, body: unknown): void {
  if (body === undefined || body === '') res.end();
  else if (typeof body !== 'string') res.json(body);
  else res.type(textType(body)).send(body);
}

function textType(text: string): string {
  if (text.startsWith('<?xml')) return 'application/xml';
  return text.startsWith('<') ? 'text/html' : 'text/plain';
}

function fits(match: FaultMatch, request: LogEntry, body: string): boolean {
  if (match.method && match.method.toUpperCase() !== request.method) return false;
  if (match.operation && match.operation !== request.operation) return false;
  if (match.write !== undefined && match.write !== request.write) return false;
  if (typeof match.path === 'string' && !request.path.includes(match.path)) return false;
  if (match.path instanceof RegExp && !match.path.test(request.path)) return false;
  return !match.body || match.body.test(body);
}

function hasAll(entry: LogEntry, wanted: Partial<LogEntry>): boolean {
  return (Object.keys(wanted) as (keyof LogEntry)[]).every((key) => entry[key] === wanted[key]);
}

function bodyText(req: Request): string {
  const body: unknown = req.body;
  if (typeof body === 'string') return body;
  return body === undefined ? '' : JSON.stringify(body);
}
