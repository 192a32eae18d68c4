import type Button from 'sap/m/Button';
import type { Button$PressEvent } from 'sap/m/Button';
import type ManagedObject from 'sap/ui/base/ManagedObject';
import type View from 'sap/ui/core/mvc/View';
import type Context from 'sap/ui/model/odata/v4/Context';
import { chooseRow, createRow, updateRow } from './Actions';
import type { API } from './runs';

const actions = { notLinked: createRow, linked: updateRow, ambiguous: chooseRow };

/** The button in a row of the list: the next action for this iFlow. */
export async function press(event: Button$PressEvent): Promise<void> {
  const button: Button = event.getSource();
  const context = button.getBindingContext() as unknown as Context;
  const action = actions[context.getProperty('linkStatus') as keyof typeof actions];
  if (action) await action.call(apiOf(button), context);
}

function apiOf(button: Button): API {
  let parent = button as ManagedObject | null;
  while (parent && !parent.isA<View>('sap.ui.core.mvc.View')) parent = parent.getParent();
  return ((parent as View).getController() as unknown as { getExtensionAPI(): API }).getExtensionAPI();
}
