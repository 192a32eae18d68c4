import type JSONModel from 'sap/ui/model/json/JSONModel';
import type Context from 'sap/ui/model/odata/v4/Context';
import { odata, type Models } from './models';
import { pause } from './waiting';

export type Connection = { ID: string; name: string; configured: boolean };

/** How long to follow a task that is executed immediately, in seconds. */
const PATIENCE = 60;

type Overview = { openTasks: number; runsToConfirm: number; isEnterpriseAdmin: boolean };

export type Session = Overview & {
  connections: Connection[];
  /** Whether anything can be imported. */
  isConfigured: boolean;
  /** Whether imports and tasks can be offered. */
  canAct: boolean;
};

/** Loads the user's rights, open work and connections for all bindings to `session>`. */
export async function loadSession(api: Models): Promise<Session> {
  const model = odata(api);
  const own = { $$groupId: '$direct' };
  const [overview, contexts] = await Promise.all([
    model.bindContext('/Overview', undefined, own).requestObject() as Promise<Overview>,
    model.bindList('/Connections', undefined, [], [], { ...own, $orderby: 'name' }).requestContexts(0, 100),
  ]);
  const connections = contexts.map((context) => context.getObject() as Connection);
  const isConfigured = connections.some(({ configured }) => configured);
  const session = { ...overview, connections, isConfigured, canAct: overview.isEnterpriseAdmin && isConfigured };
  (api.getModel('session') as JSONModel).setData(session);
  return session;
}

/** Refreshes a row and its relations; drafts are left alone. */
export async function readAgain(context: Context): Promise<void> {
  if ((context.getObject() as { IsActiveEntity?: boolean } | undefined)?.IsActiveEntity === false) return;
  await context.requestSideEffects([{ $NavigationPropertyPath: '' }]);
}

/**
 * Waits for a task with instant provisioning.
 * @returns whether it has ended; false if it waits for a user
 */
export async function taskEnded(api: Models, ID: string): Promise<boolean> {
  const model = odata(api);
  const read = async <T>(path: string) =>
    (await model.bindContext(path, undefined, { $$groupId: '$direct' }).requestObject()) as T;
  for (let seconds = 0; seconds < PATIENCE; seconds++) {
    // eslint-disable-next-line no-await-in-loop -- asks until it has ended
    const { status, config_ID } = await read<{ status: string; config_ID: string }>(`/ProvisioningTasks(${ID})`);
    if (status !== 'open' && status !== 'running') return true;
    // eslint-disable-next-line no-await-in-loop
    const config = await read<{ instantProvisioning: boolean }>(`/AccessConfigs(ID=${config_ID},IsActiveEntity=true)`);
    if (!config.instantProvisioning) return false;
    // eslint-disable-next-line no-await-in-loop
    await pause(1000);
  }
  return false;
}

export const session = (api: Models) => (api.getModel('session') as JSONModel).getData() as Session;
