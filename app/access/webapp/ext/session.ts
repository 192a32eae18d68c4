import type JSONModel from 'sap/ui/model/json/JSONModel';
import type ODataModel from 'sap/ui/model/odata/v4/ODataModel';
import type ResourceModel from 'sap/ui/model/resource/ResourceModel';
import type Model from 'sap/ui/model/Model';

/** Extension APIs of list and page alike, and views: whatever knows the models. */
export type Models = { getModel(name?: string): Model | undefined };

export type Connection = { ID: string; name: string };

type Overview = { openTasks: number; runsToConfirm: number; isEnterpriseAdmin: boolean };

export type Session = Overview & { connections: Connection[] };

export const odata = (api: Models) => api.getModel() as ODataModel;

/** A text of this app. */
export function text(api: Models, key: string, ...values: (string | number)[]): string {
  const bundle = (api.getModel('i18n') as ResourceModel).getResourceBundle();
  return ('getText' in bundle && bundle.getText(key, values)) || key;
}

/** Reads what the user may do, what waits, and which connections there are, for all bindings to `session>`. */
export async function loadSession(api: Models): Promise<Session> {
  const model = odata(api);
  const own = { $$groupId: '$direct' };
  const [overview, contexts] = await Promise.all([
    model.bindContext('/Overview', undefined, own).requestObject() as Promise<Overview>,
    model.bindList('/Connections', undefined, [], [], { ...own, $orderby: 'name' }).requestContexts(0, 100),
  ]);
  const session = { ...overview, connections: contexts.map((context) => context.getObject() as Connection) };
  (api.getModel('session') as JSONModel).setData(session);
  return session;
}

export const session = (api: Models) => (api.getModel('session') as JSONModel).getData() as Session;
