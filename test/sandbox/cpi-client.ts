import { startCPI } from '../../sandbox/cpi/server.ts';
import type { CPI } from '../../sandbox/cpi/server.ts';
import { createCPIState } from '../../sandbox/cpi/state.ts';
import type { CPISwitches } from '../../sandbox/cpi/switches.ts';
import { tiny } from '../../sandbox/seed/tiny.ts';

/** Starts a tenant with three iFlows. */
export function startTenant(switches: Partial<CPISwitches> = {}): Promise<CPI> {
  return startCPI({ state: createCPIState(tiny('tenant').cpi), switches: { designtimeRate: 0, ...switches } });
}

/** A client with a token, for one of the clients of the tenant. */
export async function clientOf(cpi: CPI, number = 0) {
  const client = cpi.state.clients[number];
  const response = await fetch(`${cpi.tokenUrl}?grant_type=client_credentials`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client?.id}:${client?.secret}`).toString('base64')}` },
  });
  const { access_token: token } = (await response.json()) as { access_token: string };

  /** Status, headers and body; the body is parsed if it is JSON. */
  async function get(path: string, headers: Record<string, string> = { accept: 'application/json' }) {
    const answer = await fetch(`${cpi.url}/api/v1/${path}`, {
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
    const text = await answer.text();
    const isJson = (answer.headers.get('content-type') ?? '').startsWith('application/json');
    return { status: answer.status, headers: answer.headers, body: isJson && text ? JSON.parse(text) : text };
  }

  /** The property of each entry of a list, `Id` by default. */
  async function list(path: string, property = 'Id') {
    const { body } = await get(path);
    return body.d.results.map((entry: Record<string, unknown>) => entry[property]);
  }

  return { get, list };
}

export type TenantClient = Awaited<ReturnType<typeof clientOf>>;
