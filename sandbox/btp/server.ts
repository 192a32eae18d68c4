import express from 'express';
import type { Router } from 'express';
import type { JWTPayload } from 'jose';
import { Faults, RequestLog, traffic } from '../faults.ts';
import { listen } from '../http.ts';
import { alertRouter, type AlertEvent } from './alerts.ts';
import { destinationRouter } from './destination-service.ts';
import { newPeopleSwitches, peopleRouter, type PeopleSwitches } from './people.ts';
import type { BTPState } from './state.ts';
import { TokenRetrieval } from './token-retrieval.ts';
import { Tokens } from './tokens.ts';
import type { TokenOptions, UserName } from './tokens.ts';
import { uaaRouter } from './uaa.ts';

export interface BTPOptions {
  /** 0 or undefined for any free port. */
  port?: number;
  host?: string;
  state: BTPState;
  /** Called after each change of the state. */
  onChange?: () => void;
  /** Further routes, below `/sandbox`. */
  control?: Router;
}

/** The stand-in for a BTP subaccount: its UAA and its Destination service, while it runs. */
export interface BTP {
  url: string;
  state: BTPState;
  faults: Faults;
  log: RequestLog;
  /** The directory's deviations from the standard. */
  people: PeopleSwitches;
  /** The events sent to the Alert Notification service. */
  alerts: AlertEvent[];
  /** The bindings of the application, as in `VCAP_SERVICES` of Cloud Foundry. */
  vcapServices(): Record<string, unknown[]>;
  /**
   * A token as a user gets it by signing in. Claims instead of a name make a token without a user, with the scopes of
   * the claims or the options.
   */
  token(user: UserName | JWTPayload, options?: TokenOptions): Promise<string>;
  /** Drops the tokens that the Destination service has fetched. */
  forgetTokens(): void;
  stop(): Promise<void>;
}

/** Starts a stand-in for a BTP subaccount. */
export async function startBTP(options: BTPOptions): Promise<BTP> {
  const { state, onChange = () => {} } = options;
  const faults = new Faults();
  const log = new RequestLog();
  const retrieval = new TokenRetrieval();
  const alerts: AlertEvent[] = [];
  const people = newPeopleSwitches();
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  const listener = await listen(app, options.port, options.host);
  const { url } = listener;
  const tokens = new Tokens(state, url);

  app.use(express.urlencoded({ extended: false }), express.json());
  if (options.control) app.use('/sandbox', options.control);
  app.use(traffic(faults, log));
  app.use(uaaRouter(tokens));
  app.use('/destination-configuration/v1', destinationRouter(tokens, retrieval, onChange));
  app.use(
    '/scim',
    peopleRouter(() => state.people, state.peopleClient, people),
  );
  app.use(alertRouter(tokens, alerts));

  return {
    url,
    state,
    faults,
    log,
    people,
    alerts,
    vcapServices: () => bindings(state, url),
    token: (user, tokenOptions) => {
      if (typeof user === 'string') return tokens.forUser(user, tokenOptions);
      return tokens.forUser('viewer', { scopes: [], ...tokenOptions, claims: { ...user, ...tokenOptions?.claims } });
    },
    forgetTokens: () => retrieval.clear(),
    stop: () => listener.close(),
  };
}

/**
 * The binding of the UAA has no `uaadomain`: with it, libraries fetch the keys by https, which this stand-in does not
 * support.
 */
function bindings(state: BTPState, url: string): Record<string, unknown[]> {
  const { xsappname, appClient, destinationClient, zoneId, subaccountId, instanceId } = state;
  const zone = {
    identityzone: 'sandbox',
    identityzoneid: zoneId,
    tenantid: zoneId,
    zoneid: zoneId,
    subaccountid: subaccountId,
  };
  const xsuaa = {
    clientid: appClient.id,
    clientsecret: appClient.secret,
    'credential-type': 'binding-secret',
    xsappname,
    url,
    tenantmode: 'dedicated',
    ...zone,
  };
  const destination = {
    clientid: destinationClient.id,
    clientsecret: destinationClient.secret,
    xsappname: destinationClient.id.replace(/^sb-/, ''),
    instanceid: instanceId,
    uri: url,
    url,
    uaadomain: new URL(url).host,
    tenantmode: 'dedicated',
    ...zone,
  };
  return {
    xsuaa: [service('xsuaa', 'application', xsuaa)],
    destination: [service('destination', 'lite', destination)],
  };
}

function service(label: string, plan: string, credentials: Record<string, string>) {
  const name = `leanix-integration-${label}`;
  return { name, instance_name: name, binding_name: null, label, plan, tags: [label], credentials };
}
