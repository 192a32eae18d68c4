import Button from 'sap/m/Button';
import Dialog from 'sap/m/Dialog';
import Select from 'sap/m/Select';
import Text from 'sap/m/Text';
import VBox from 'sap/m/VBox';
import Item from 'sap/ui/core/Item';
import { text, type Models } from './models';
import { session } from './session';

/**
 * The connection of an action; asks only if there are several.
 * @returns its ID; nothing if the user cancels
 */
export async function whichConnection(api: Models): Promise<string | undefined> {
  const { connections } = session(api);
  if (connections.length < 2) return connections[0]?.ID;
  return new Promise((resolve) => {
    const select = new Select({ width: '100%' });
    for (const { ID, name } of connections) select.addItem(new Item().setKey(ID).setText(name));
    const label = new Text({ text: text(api, 'whichText') });
    select.addAriaLabelledBy(label);
    let chosen: string | undefined;
    const dialog: Dialog = new Dialog({
      title: text(api, 'which'),
      content: [new VBox({ items: [label, select] }).addStyleClass('sapUiSmallMargin')],
      beginButton: new Button({
        type: 'Emphasized',
        text: text(api, 'continue'),
        press: () => {
          chosen = select.getSelectedKey();
          dialog.close();
        },
      }),
      endButton: new Button({ text: text(api, 'cancel'), press: () => void dialog.close() }),
      afterClose: () => {
        dialog.destroy();
        resolve(chosen);
      },
    });
    dialog.open();
  });
}
