import type JSONModel from 'sap/ui/model/json/JSONModel';
import { odata, type Models } from './models';

export type Connection = { ID: string; name: string; configured: boolean };

type Me = { isAdmin: boolean; isEnterpriseAdmin: boolean; configured: boolean };

export type Session = Me & {
  connections: Connection[];
  /** Whether there is a connection to refresh. */
  hasConnection: boolean;
  /** Whether the actions of the enterprise plan can be offered. */
  canSync: boolean;
  /** Whether to show the way to the settings. */
  mustConfigure: boolean;
};

/** Loads the user's rights and connections for all bindings to `session>`. */
export async function loadSession(api: Models): Promise<Session> {
  const model = odata(api);
  const own = { $$groupId: '$direct' };
  const [me, contexts] = await Promise.all([
    model.bindContext('/Me', undefined, own).requestObject() as Promise<Me>,
    model.bindList('/Connections', undefined, [], [], { ...own, $orderby: 'name' }).requestContexts(0, 100),
  ]);
  const connections = contexts.map((context) => context.getObject() as Connection);
  const session: Session = {
    ...me,
    connections,
    hasConnection: connections.length > 0,
    canSync: me.isEnterpriseAdmin && me.configured,
    mustConfigure: me.isAdmin && !me.configured,
  };
  (api.getModel('session') as JSONModel).setData(session);
  return session;
}

export const session = (api: Models) => (api.getModel('session') as JSONModel).getData() as Session;

/** The number of rows. */
export async function count(api: Models, path: string, filter?: string): Promise<number> {
  const list = odata(api).bindList(path, undefined, [], [], {
    ...(filter ? { $filter: filter } : {}),
    $count: true,
    $$groupId: '$direct',
  });
  await list.requestContexts(0, 1);
  return list.getCount() ?? 0;
}
