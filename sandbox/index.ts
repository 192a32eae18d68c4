import { startBTP } from './btp/server.ts';
import type { BTP } from './btp/server.ts';
import { createBTPState, newClients, putDestination, removeDestination } from './btp/state.ts';
import type { BTPState, Destination } from './btp/state.ts';
import { controlRouter } from './control.ts';
import { startCPI } from './cpi/server.ts';
import type { CPI, CPIOptions } from './cpi/server.ts';
import { createCPIState } from './cpi/state.ts';
import type { CPIState } from './cpi/state.ts';
import { defaultSwitches } from './cpi/switches.ts';
import { startLeanIX } from './leanix/server.ts';
import type { LeanIXOptions, LeanIXSandbox } from './leanix/server.ts';
import { createState, restoreState } from './leanix/state.ts';
import type { StateFile as LeanIXStateFile } from './leanix/state.ts';
import { company } from './seed/company.ts';
import { directory } from './seed/people.ts';
import { tiny } from './seed/tiny.ts';
import type { SeedMaker } from './seed/types.ts';
import { apiToken } from './seed/workspace-frame.ts';
import type { Sandbox } from './sandbox.ts';
import { readJson, StateFile } from './state-file.ts';

export type { Sandbox } from './sandbox.ts';

export interface Ports {
  btp: number;
  leanix: number;
  cpi: number;
}

export interface SandboxOptions {
  /**
   * By default the port in the state file, or any free one. The port of Cloud Integration is part of the external ids:
   * do not change it while you keep the state file.
   */
  ports?: Partial<Ports>;
  /** A JSON file that keeps the state of all three systems between two starts. */
  stateFile?: string;
  /** The initial content; `company` by default. */
  seed?: 'company' | 'tiny' | SeedMaker;
  xsappname?: string;
  /**
   * A JSON file with destinations of your own: an array of flat objects with the properties that the BTP cockpit
   * shows, such as
   * `[{ "Name": "LEANIX", "Type": "HTTP", "URL": "https://your-company.leanix.net", "ProxyType": "Internet",
   * "Authentication": "OAuth2ClientCredentials", "clientId": "apitoken", "clientSecret": "<API token>",
   * "tokenServiceURL": "https://your-company.leanix.net/services/mtm/v1/oauth2/token",
   * "tokenService.addClientCredentialsInBody": "false" }]`.
   * At each start they replace those of the same name, at both levels. So real systems are entered.
   */
  destinationsFile?: string;
  /** Further options of the stand-in for LeanIX, such as its latency. */
  leanix?: Omit<LeanIXOptions, 'state' | 'port' | 'onChange'>;
  /** Further options of the stand-in for Cloud Integration. */
  cpi?: Omit<CPIOptions, 'state' | 'port' | 'onChange'>;
}

/** The content of the state file. `urls` lists the addresses of the stand-ins in `btp`. */
interface SavedState {
  urls: { leanix: string; cpi: string };
  ports: Ports;
  btp: BTPState;
  leanix: LeanIXStateFile;
  cpi: CPIState;
}

const emptySeed = { artifacts: [], packages: [], designtime: [], endpoints: [] };

/** Starts the stand-ins for BTP, LeanIX and Cloud Integration, with their saved state or a seed. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const saved = (await readJson(options.stateFile)) as SavedState | undefined;
  const own = await readDestinations(options.destinationsFile);
  const ports = {
    btp: options.ports?.btp || saved?.ports.btp || 0,
    leanix: options.ports?.leanix || saved?.ports.leanix || 0,
    cpi: options.ports?.cpi || saved?.ports.cpi || 0,
  };
  const makeSeed = seedMaker(options.seed);
  const file = options.stateFile ? new StateFile(options.stateFile, content) : undefined;
  const onChange = () => file?.changed();

  // The seed needs the tenant host, so Cloud Integration starts empty.
  const cpi = await startCPI({
    ...options.cpi,
    port: ports.cpi,
    state: saved?.cpi ?? createCPIState(emptySeed),
    onChange,
  });
  const seed = saved ? undefined : makeSeed(cpi.host);
  if (seed) Object.assign(cpi.state, createCPIState(seed.cpi));
  const startLeanIXWith = (state: LeanIXOptions['state'], port: number) =>
    startLeanIX({ ...options.leanix, port, state, onChange });
  let leanix = await startLeanIXWith(
    seed ? createState(seed.leanix) : restoreState((saved as SavedState).leanix),
    ports.leanix,
  );
  const btpState = saved
    ? Object.assign({ ...newClients(), people: directory }, saved.btp)
    : createBTPState(options.xsappname);
  if (seed) btpState.people = seed.people ?? directory;
  if (saved) moveDestinations(btpState, saved.urls, { leanix: leanix.url, cpi: cpi.url });
  else addStandardDestinations(btpState, leanix, cpi);
  const control = controlRouter(() => sandbox);
  const btp = await startBTP({ port: ports.btp, state: btpState, onChange, control });
  addServiceDestinations(btp);
  addOwnDestinations(btpState, own);

  function content(): SavedState {
    return {
      urls: { leanix: leanix.url, cpi: cpi.url },
      ports: { btp: portOf(btp.url), leanix: portOf(leanix.url), cpi: portOf(cpi.url) },
      btp: btpState,
      leanix: leanix.state.toJSON(),
      cpi: cpi.state,
    };
  }

  const sandbox: Sandbox = {
    btp,
    get leanix() {
      return leanix;
    },
    cpi,
    env: () => ({ VCAP_SERVICES: JSON.stringify(btp.vcapServices()), LEANIX_ALLOWED_HOSTS: leanix.host }),
    editFactSheet(id, changes) {
      const edited = leanix.state.edit(id, changes);
      onChange();
      return edited;
    },
    editUser(id, changes) {
      const user = leanix.state.users.find((one) => one.id === id);
      if (!user) return undefined;
      Object.assign(user, changes);
      onChange();
      return user;
    },
    removeUser(id) {
      const { users } = leanix.state;
      leanix.state.users = users.filter((one) => one.id !== id);
      if (leanix.state.users.length === users.length) return false;
      onChange();
      return true;
    },
    async reset() {
      const fresh = makeSeed(cpi.host);
      Object.assign(cpi.state, createCPIState(fresh.cpi), { tokens: cpi.state.tokens });
      await leanix.stop();
      leanix = await startLeanIXWith(createState(fresh.leanix), portOf(leanix.url));
      btpState.destinations = { instance: [], subaccount: [] };
      btpState.people = fresh.people ?? directory;
      addStandardDestinations(btpState, leanix, cpi);
      addServiceDestinations(btp);
      addOwnDestinations(btpState, own);
      btp.forgetTokens();
      for (const { faults } of [btp, cpi]) faults.clear();
      Object.assign(cpi.switches, defaultSwitches, options.cpi?.switches);
      await file?.save();
    },
    async stop() {
      await file?.save();
      await Promise.all([btp.stop(), leanix.stop(), cpi.stop()]);
    },
  };
  await file?.save();
  return sandbox;
}

/**
 * `CPI` at subaccount level; `LEANIX` at instance level, where the application may write, with the API token as client
 * secret; and `LEANIX_BASIC`, the same with basic authentication.
 */
function addStandardDestinations(state: BTPState, leanix: LeanIXSandbox, cpi: CPI): void {
  const common = { Type: 'HTTP', ProxyType: 'Internet' };
  const [client] = cpi.state.clients;
  const oauth = { Authentication: 'OAuth2ClientCredentials', tokenServiceURLType: 'Dedicated' };
  putDestination(state, 'subaccount', {
    Name: 'CPI',
    ...common,
    ...oauth,
    URL: cpi.url,
    clientId: client?.id ?? '',
    clientSecret: client?.secret ?? '',
    tokenServiceURL: cpi.tokenUrl,
  });
  putDestination(state, 'instance', {
    Name: 'LEANIX',
    ...common,
    ...oauth,
    URL: leanix.url,
    clientId: 'apitoken',
    clientSecret: leanix.state.apiTokens[0]?.token ?? apiToken,
    tokenServiceURL: `${leanix.url}/services/mtm/v1/oauth2/token`,
    'tokenService.addClientCredentialsInBody': 'false',
  });
  putDestination(state, 'instance', {
    Name: 'LEANIX_BASIC',
    ...common,
    Authentication: 'BasicAuthentication',
    URL: leanix.url,
    User: 'apitoken',
    Password: leanix.state.apiTokens[0]?.token ?? apiToken,
  });
}

/** `PEOPLE`, the directory of the company's people, and `ALERTS`, the Alert Notification service. */
function addServiceDestinations({ state, url }: BTP): void {
  const { peopleClient, alertClient } = state;
  const common = { Type: 'HTTP', ProxyType: 'Internet' };
  putDestination(state, 'subaccount', {
    Name: 'PEOPLE',
    ...common,
    URL: `${url}/scim`,
    Authentication: 'BasicAuthentication',
    User: peopleClient.id,
    Password: peopleClient.secret,
  });
  putDestination(state, 'subaccount', {
    Name: 'ALERTS',
    ...common,
    URL: url,
    Authentication: 'OAuth2ClientCredentials',
    tokenServiceURLType: 'Dedicated',
    tokenServiceURL: `${url}/oauth/token`,
    clientId: alertClient.id,
    clientSecret: alertClient.secret,
  });
}

async function readDestinations(path: string | undefined): Promise<Destination[]> {
  const content = (await readJson(path)) ?? [];
  const isDestination = (entry: unknown) => typeof (entry as Destination | null)?.Name === 'string';
  if (Array.isArray(content) && content.every(isDestination)) return content as Destination[];
  throw new Error(`${path} must be an array of objects, each with a Name.`);
}

function addOwnDestinations(state: BTPState, own: Destination[]): void {
  for (const destination of own) {
    removeDestination(state, 'instance', destination.Name);
    putDestination(state, 'subaccount', destination);
  }
}

/** Updates the addresses of the stand-ins to the ports of this start. */
function moveDestinations(state: BTPState, from: SavedState['urls'], to: SavedState['urls']): void {
  const move = (value: string) => {
    for (const name of ['leanix', 'cpi'] as const) {
      if (value === from[name] || value.startsWith(`${from[name]}/`)) return to[name] + value.slice(from[name].length);
    }
    return value;
  };
  for (const destination of [...state.destinations.instance, ...state.destinations.subaccount]) {
    for (const [name, value] of Object.entries(destination)) destination[name] = move(value);
  }
}

function seedMaker(seed: SandboxOptions['seed'] = 'company'): SeedMaker {
  if (typeof seed === 'function') return seed;
  return seed === 'tiny' ? tiny : company;
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
