import { setTimeout as sleep } from 'node:timers/promises';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { Faults, onEnd, RequestLog, traffic, type Description } from '../faults.ts';
import { bearerOf, clientOf, formOf, listen } from '../http.ts';
import { Bearers } from './bearers.ts';
import { GraphQLEndpoint, type GraphQLRequest } from './graphql.ts';
import { RateLimiter, tooManyRequests, type RateLimit } from './limits.ts';
import { labelsOf } from './model.ts';
import { envelope, mtmRoutes, notFound } from './mtm.ts';
import type { LeanIXState } from './state.ts';
import { defaultSwitches, type Switches } from './switches.ts';
import type { ApiToken } from './types.ts';

export interface LeanIXOptions {
  state: LeanIXState;
  /** 0 or nothing: any free port */
  port?: number;
  host?: string;
  /** called after every committed write, to save the state */
  onChange?: () => void;
  /** delays every request by so many milliseconds */
  latencyMs?: number;
  /** further delay of requests with mutations */
  mutationLatencyMs?: number;
  /** an answer leaves this many milliseconds after its request arrived, including the work */
  pace?: { requestMs: number; mutationMs: number };
  rateLimit?: RateLimit;
  switches?: Partial<Switches>;
  /** `expires_in` of the access tokens, 3599 by default */
  tokenLifetimeSeconds?: number;
}

export interface LeanIXSandbox {
  url: string;
  /** host and port */
  host: string;
  state: LeanIXState;
  faults: Faults;
  log: RequestLog;
  /** can be changed at any time */
  switches: Switches;
  bearers: Bearers;
  /** Revokes all access tokens; API tokens stay valid. */
  rotateBearers(): void;
  stop(): Promise<void>;
}

const PATHFINDER = '/services/pathfinder/v1';
const MTM = '/services/mtm/v1';
const GRAPHQL = `${PATHFINDER}/graphql`;
const TOKEN = `${MTM}/oauth2/token`;

/** Starts a stand-in for LeanIX with one workspace. */
export async function startLeanIX(options: LeanIXOptions): Promise<LeanIXSandbox> {
  const { state, onChange = () => {}, latencyMs = 0, mutationLatencyMs = 0, rateLimit } = options;
  const switches: Switches = { ...defaultSwitches, ...options.switches };
  const faults = new Faults();
  const log = new RequestLog();
  const bearers = new Bearers(state, options.tokenLifetimeSeconds ?? 3599);
  const endpoint = new GraphQLEndpoint(state, switches, onChange);

  const app = express();
  app.disable('x-powered-by').disable('etag');
  if (options.pace) app.use(keepPace(endpoint, options.pace));
  app.use(express.urlencoded({ extended: false }));
  app.use(express.text({ type: () => true, limit: '50mb' }));
  app.use(traffic(faults, log, (req) => describe(endpoint, req)));
  if (latencyMs) app.use((_req, _res, next) => void setTimeout(next, latencyMs));
  app.post(TOKEN, tokenRoute(bearers));
  app.use([PATHFINDER, MTM], bearerCheck(bearers));
  if (rateLimit) app.use([PATHFINDER, MTM], rateLimitCheck(new RateLimiter(rateLimit), switches));
  app.post(GRAPHQL, async (req, res) => {
    const request = graphQLRequestOf(req);
    if (!request) return void res.status(400).json(badRequest('The body is not a GraphQL request.'));
    if (mutationLatencyMs && endpoint.describe(request).operation === 'mutation') await sleep(mutationLatencyMs);
    res.json(await endpoint.answer(request, ownerOf(res).role));
  });
  app.get(`${PATHFINDER}/models/dataModel`, (_req, res) => void res.json(envelope('DataModel', state.dataModel)));
  app.get(`${PATHFINDER}/models/languages/:id`, (req, res) => {
    if (req.params.id !== 'en') return void res.status(404).json(notFound('Language'));
    res.json(envelope('Language', labelsOf(state.dataModel)));
  });
  app.use(MTM, mtmRoutes(state, switches, onChange));
  app.use((_req, res) => void res.status(404).json({ status: 'ERROR', message: 'HTTP 404 Not Found', errors: [] }));

  const listener = await listen(app, options.port ?? 0, options.host);
  const { url, host } = listener;
  const rotateBearers = () => bearers.revokeAll();
  return { url, host, state, faults, log, switches, bearers, rotateBearers, stop: () => listener.close() };
}

/** Delays each answer until it is due. */
function keepPace(endpoint: GraphQLEndpoint, pace: { requestMs: number; mutationMs: number }): RequestHandler {
  return (req, res, next) => {
    const arrived = performance.now();
    onEnd(res, (send, chunk) => {
      const { mutations = 0 } = describe(endpoint, req);
      const due = arrived + pace.requestMs + mutations * pace.mutationMs;
      setTimeout(() => send(chunk), Math.max(0, due - performance.now()));
    });
    next();
  };
}

/** The token endpoint. The bodies of its refusals are unknown, those here follow OAuth. */
function tokenRoute(bearers: Bearers): RequestHandler {
  return async (req, res) => {
    if (formOf(req).grant_type !== 'client_credentials') {
      return void res.status(400).json({ error: 'unsupported_grant_type' });
    }
    const { id, secret } = clientOf(req);
    const bearer = id === 'apitoken' ? await bearers.issue(secret, `${req.protocol}://${req.get('host')}`) : undefined;
    if (!bearer) return void res.status(401).json({ error: 'invalid_client' });
    const { lifetimeSeconds } = bearers;
    res.json({ scope: '', expired: false, access_token: bearer, token_type: 'bearer', expires_in: lifetimeSeconds });
  };
}

/** The body of this refusal is unknown. */
function bearerCheck(bearers: Bearers): RequestHandler {
  return (req, res, next) => {
    const owner = bearers.ownerOf(bearerOf(req));
    if (!owner) return void res.status(401).json({ status: 'ERROR', message: 'HTTP 401 Unauthorized', errors: [] });
    res.locals.owner = owner;
    next();
  };
}

function rateLimitCheck(limiter: RateLimiter, switches: Switches): RequestHandler {
  return (_req, res, next) => {
    const wait = limiter.waitOf(ownerOf(res).userId);
    if (wait > 0) return tooManyRequests(res, wait, switches.retryAfter);
    next();
  };
}

function ownerOf(res: Response): ApiToken {
  return res.locals.owner as ApiToken;
}

function describe(endpoint: GraphQLEndpoint, req: Request): Description {
  if (req.method === 'POST' && [`${MTM}/permissions`, `${MTM}/idm/invite`].includes(req.path)) return { write: true };
  const request = req.path === GRAPHQL ? graphQLRequestOf(req) : undefined;
  return request ? endpoint.describe(request) : {};
}

function graphQLRequestOf(req: Request): GraphQLRequest | undefined {
  try {
    const request = JSON.parse(req.body as string) as GraphQLRequest | null;
    return typeof request?.query === 'string' ? request : undefined;
  } catch {
    return undefined;
  }
}

function badRequest(message: string): object {
  return { status: 'ERROR', message, errors: [] };
}
