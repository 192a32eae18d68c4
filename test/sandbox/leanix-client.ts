import { startLeanIX, type LeanIXOptions, type LeanIXSandbox } from '../../sandbox/leanix/server.ts';
import { createState, type Seed } from '../../sandbox/leanix/state.ts';

/** An untyped answer. */
export type Json = Awaited<ReturnType<Response['json']>>;

const seed: Seed = {
  workspace: { id: 'b4b5c6d7-0000-4000-a000-000000000001', name: 'AcmeEAM', accountId: 'acc-1', accountName: 'Acme' },
  apiTokens: [
    { token: 'admin-token', role: 'ADMIN', userId: 'user-1', name: 'iflow-sync' },
    { token: 'viewer-token', role: 'VIEWER', userId: 'user-2', name: 'reader' },
    { token: 'old-token', role: 'ADMIN', userId: 'user-3', name: 'retired', expiresOn: '2020-01-01' },
  ],
  users: [{ email: 'ada@acme.example', firstName: 'Ada', role: 'ADMIN' }],
  tagGroups: [
    { name: 'Stage', mode: 'SINGLE', tags: ['Productive', 'Test'] },
    { name: 'Area', mode: 'MULTIPLE', tags: ['Sales', 'Finance'] },
    { name: 'App class', mode: 'MULTIPLE', restrictToFactSheetTypes: ['Application'], tags: ['Core'] },
  ],
  tags: ['Integration'],
  factSheets: [
    {
      type: 'Interface',
      name: 'Orders',
      description: 'Sends orders',
      externalId: 'cpi:t/Orders',
      tags: ['Integration'],
    },
    { type: 'Interface', name: 'Invoices', fields: { category: 'api', lifecycle: { active: '2020-01-01' } } },
    { type: 'Interface', name: 'Old mail gateway', status: 'ARCHIVED' },
    { type: 'Interface', name: 'Salaries', restricted: true },
    { type: 'Application', name: 'S/4HANA', fields: { release: '2023' } },
  ],
};

/** A patch as a client writes it. */
export const patch = (op: string, path: string, value?: unknown) => ({
  op,
  path,
  value: value === undefined || typeof value === 'string' ? value : JSON.stringify(value),
});

/** The stand-in with a small workspace, and a plain client for it. */
export class Workspace {
  token = '';
  sandbox: LeanIXSandbox;

  static async start(options: Partial<LeanIXOptions> = {}, more: Partial<Seed> = {}): Promise<Workspace> {
    const state = options.state ?? createState({ ...seed, ...more });
    const workspace = new Workspace(await startLeanIX({ ...options, state }));
    await workspace.logOn();
    return workspace;
  }

  constructor(sandbox: LeanIXSandbox) {
    this.sandbox = sandbox;
  }

  async logOn(apiToken = 'admin-token'): Promise<Response> {
    const response = await this.askToken({ Authorization: `Basic ${btoa(`apitoken:${apiToken}`)}` });
    if (response.ok) this.token = (await response.clone().json()).access_token;
    return response;
  }

  askToken(headers: Record<string, string>, form: Record<string, string> = {}, query = ''): Promise<Response> {
    const body = new URLSearchParams(query ? form : { grant_type: 'client_credentials', ...form });
    return fetch(`${this.sandbox.url}/services/mtm/v1/oauth2/token${query}`, { method: 'POST', headers, body });
  }

  get(path: string): Promise<Response> {
    return fetch(this.sandbox.url + path, { headers: { Authorization: `Bearer ${this.token}` } });
  }

  post(query: string, variables?: unknown, signal?: AbortSignal): Promise<Response> {
    return fetch(`${this.sandbox.url}/services/pathfinder/v1/graphql`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ query, variables }),
      signal,
    });
  }

  /** Sends JSON to the API of users and permissions. */
  postMTM(path: string, body: unknown): Promise<Response> {
    return fetch(`${this.sandbox.url}/services/mtm/v1${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  async ask(query: string, variables?: unknown): Promise<Json> {
    return (await this.post(query, variables)).json();
  }

  /** Updates the fact sheet with this name, and returns the whole answer. */
  update(name: string, patches: unknown[], rest = ''): Promise<Json> {
    const id = this.idOf(name);
    const query = `mutation ($id: ID!, $patches: [Patch]!) {
      result: updateFactSheet(id: $id, patches: $patches ${rest}) { factSheet { id name rev } } }`;
    return this.ask(query, { id, patches });
  }

  create(name: string, type = 'Interface', patches: unknown[] = [], rest = ''): Promise<Json> {
    const query = `mutation ($input: BaseFactSheetInput!, $patches: [Patch]!) {
      result: createFactSheet(input: $input, patches: $patches ${rest}) { factSheet { id name rev type } } }`;
    return this.ask(query, { input: { name, type }, patches });
  }

  /** Names of the fact sheets that a list query finds. */
  async names(args = 'factSheetType: Interface'): Promise<string[]> {
    const { data } = await this.ask(`{ allFactSheets(${args}) { edges { node { name } } } }`);
    return data.allFactSheets.edges.map(({ node }: Json) => node.name);
  }

  idOf(name: string): string {
    const id = this.sandbox.state.findByName(name)?.id;
    if (!id) throw new Error(`There is no fact sheet ${name}.`);
    return id;
  }

  stored(name: string) {
    return this.sandbox.state.findByName(name);
  }

  tagId(name: string): string {
    return this.sandbox.state.tagByName(name).id;
  }

  stop(): Promise<void> {
    return this.sandbox.stop();
  }
}
