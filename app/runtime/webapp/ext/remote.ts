import Messaging from 'sap/ui/core/Messaging';
import type Message from 'sap/ui/core/message/Message';
import type Context from 'sap/ui/model/odata/v4/Context';
import type ODataModel from 'sap/ui/model/odata/v4/ODataModel';

/** Reads other systems through the service. Errors are shown in place of the answer. */

const ALONE = { $$groupId: '$direct' };

/** Calls a function of an iFlow. @throws with a message for the user */
export async function ask(iflow: Context, name: string, parameters: Record<string, unknown> = {}): Promise<object> {
  const call = (iflow.getModel() as ODataModel).bindContext(`RuntimeService.${name}(...)`, iflow, ALONE);
  for (const [parameter, value] of Object.entries(parameters)) call.setParameter(parameter, value);
  return quietly(async () => {
    await call.invoke();
    return call.getBoundContext().getObject() as object;
  });
}

/** Reads the rows of a navigation of an iFlow. @throws with a message for the user */
export async function list(iflow: Context, navigation: string): Promise<object[]> {
  const model = iflow.getModel() as ODataModel;
  const rows = model.bindList(navigation, iflow, [], [], { ...ALONE, $$ownRequest: true });
  return quietly(async () => (await rows.requestContexts(0, 1000)).map((row) => row.getObject() as object));
}

/** The section shows the message, so no dialog repeats it. */
async function quietly<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const all = Messaging.getMessageModel().getData() as Message[];
    Messaging.removeMessages(all.filter((message) => message.getMessage() === (error as Error).message));
    throw error;
  }
}
