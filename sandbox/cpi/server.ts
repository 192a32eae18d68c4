import express from 'express';
import type { Request, Response } from 'express';
import { Faults, RequestLog, traffic } from '../faults.ts';
import { listen } from '../http.ts';
import { authenticate, hasRole, RateLimit, tokenEndpoint } from './access.ts';
import { insistsOnJson, send, sendError } from './answers.ts';
import type { Answer } from './answers.ts';
import type { Context } from './context.ts';
import { designtimeArtifacts, integrationPackages } from './designtime.ts';
import { ODataError, parsePath } from './odata.ts';
import type { ODataRequest } from './odata.ts';
import { Operations } from './operations.ts';
import { runtimeArtifacts, serviceEndpoints } from './runtime.ts';
import { designtimeSets } from './state.ts';
import type { CPIState, Role } from './state.ts';
import { defaultSwitches } from './switches.ts';
import type { CPISwitches } from './switches.ts';

export interface CPIOptions {
  /** 0 or undefined for any free port. */
  port?: number;
  host?: string;
  state: CPIState;
  /** Called after each change of the state. */
  onChange?: () => void;
  switches?: Partial<CPISwitches>;
}

/** The stand-in for a tenant of Cloud Integration, while it runs. */
export class CPI extends Operations {
  readonly state: CPIState;
  readonly switches: CPISwitches;
  readonly faults = new Faults();
  readonly log = new RequestLog();
  /** The `url` of the service key, without `/api/v1`. */
  url = '';
  /** The tenant host, with port. */
  host = '';
  /** Stops listening; the state stays as it is. */
  stop: () => Promise<void> = () => Promise.resolve();

  constructor({ state, switches, onChange = () => {} }: CPIOptions) {
    super(state, onChange);
    this.state = state;
    this.switches = { ...defaultSwitches, ...switches };
  }

  /** The token URL of the service key. */
  get tokenUrl(): string {
    return `${this.url}/oauth/token`;
  }
}

interface Resource {
  role: Role;
  group: 'runtime' | 'designtime';
  answer: (request: ODataRequest, context: Context) => Answer;
}

const designtime = { role: 'WorkspacePackagesRead', group: 'designtime' } as const;
const runtime = { role: 'MonitoringDataRead', group: 'runtime' } as const;

/** The entity sets that are supported. All others answer 501, like most of them on a real tenant. */
const resources = new Map<string, Resource>([
  ['IntegrationRuntimeArtifacts', { ...runtime, answer: runtimeArtifacts }],
  ['ServiceEndpoints', { ...runtime, answer: serviceEndpoints }],
  ['IntegrationPackages', { ...designtime, answer: integrationPackages }],
  ...designtimeSets.map((set): [string, Resource] => [set, { ...designtime, answer: designtimeArtifacts }]),
]);

/** The page of the web UI for users who are not logged on. */
const LOG_ON = '<!DOCTYPE html><html><head><title>Log On</title></head><body><h1>Log On</h1></body></html>';

/**
 * Starts a stand-in for a tenant: its token endpoint, and its OData API below `/api/v1`; that of a runtime location is
 * below `/location/<id>/api/v1`.
 */
export async function startCPI(options: CPIOptions): Promise<CPI> {
  const cpi = new CPI(options);
  const { state, switches } = cpi;
  const { host, onChange = () => {} } = options;
  const limit = new RateLimit();
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(express.urlencoded({ extended: false }));
  app.use(traffic(cpi.faults, cpi.log));
  app.use((_req, _res, next) => void setTimeout(next, switches.latencyMs));
  app.post('/oauth/token', tokenEndpoint(state, onChange));
  app.use((_req, res, next) => {
    if (switches.wrongPlan) res.status(404).send('<html><body><h1>404 Not Found</h1></body></html>');
    else if (switches.webUI) res.send(LOG_ON);
    else next();
  });
  app.use(['/api/v1', '/location/:location/api/v1'], authenticate(state, switches), (req, res) => {
    try {
      respond(req, res);
    } catch (error) {
      sendError(req, res, error);
    }
  });

  function respond(req: Request, res: Response): void {
    if (req.method !== 'GET') throw new ODataError(501, 'Not implemented');
    const segments = parsePath(req.path);
    const resource = resources.get(segments[0]?.name ?? '');
    if (!resource) throw new ODataError(501, 'Not implemented');
    const perSecond = resource.group === 'runtime' ? switches.runtimeRate : switches.designtimeRate;
    if (!hasRole(res, resource.role, switches)) return;
    if (!limit.admits(res, resource.group, perSecond, switches.retryAfter)) return;
    if (req.path.endsWith('/$value') && switches.errorTextRefusesJson && insistsOnJson(req)) {
      throw new ODataError(406, 'The requested media type is not supported');
    }
    const query = new URL(req.originalUrl, cpi.url).searchParams;
    const location = (req.params as { location?: string }).location;
    send(req, res, resource.answer({ segments, options: query }, context(location)));
  }

  function context(location: string | undefined): Context {
    const hostname = cpi.host.split(':')[0];
    const artifacts = state.artifacts.filter((artifact) => artifact.location === location);
    const root = location === undefined ? '/api/v1' : `/location/${location}/api/v1`;
    return {
      state: { ...state, artifacts },
      switches,
      serviceRoot: `${cpi.url}${root}`,
      linkRoot: `https://${hostname}:443${root}`,
    };
  }

  const listener = await listen(app, options.port, host);
  cpi.url = listener.url;
  cpi.host = listener.host;
  cpi.stop = () => listener.close();
  return cpi;
}
