import SelectDialog from 'sap/m/SelectDialog';
import StandardListItem from 'sap/m/StandardListItem';
import ListItem from 'sap/ui/core/ListItem';
import type Event from 'sap/ui/base/Event';
import Filter from 'sap/ui/model/Filter';
import FilterOperator from 'sap/ui/model/FilterOperator';
import type ListBinding from 'sap/ui/model/ListBinding';
import Sorter from 'sap/ui/model/Sorter';
import type Context from 'sap/ui/model/odata/v4/Context';
import { text } from './models';
import type TagInput from './TagInput';

/** Lets the user choose tags of the workspace. Names that the workspace does not have are kept. */
export function choose(event: Event): void {
  const input = event.getSource<TagInput>();
  const ofConfig = tagsOf(input);
  const chosen = new Set(input.names());
  const offered = new Set<string>();
  const names = new WeakMap<object, string>();
  const dialog = new SelectDialog({
    title: text(input, 'DefaultTags'),
    noDataText: text(input, 'TagsNone'),
    multiSelect: true,
    rememberSelections: true,
    growingThreshold: 1000,
    confirm: (confirmed) => {
      const selected = (confirmed.getParameter('selectedItems') ?? []).map((item) => names.get(item)!);
      input.replace([...input.names().filter((name) => !offered.has(name)), ...selected]);
      dialog.destroy();
    },
    cancel: () => dialog.destroy(),
    search: (search) => filter(dialog, ofConfig, search.getParameter('value')),
    liveChange: (search) => filter(dialog, ofConfig, search.getParameter('value')),
  });
  input.addDependent(dialog);
  dialog.bindAggregation('items', {
    path: '/Tags',
    filters: [ofConfig],
    sorter: [new Sorter('name'), new Sorter('tagGroup')],
    factory: (id: string, tag: { getProperty(name: string): string | null }) => {
      const item = new StandardListItem(id, { title: '{name}', description: '{tagGroup}' });
      const [name, group] = [tag.getProperty('name') ?? '', tag.getProperty('tagGroup')];
      const spellings = [name, ...(group ? [`${group}/${name}`] : [])];
      const found = spellings.find((each) => chosen.has(each));
      for (const each of spellings) offered.add(each);
      names.set(item, found ?? name);
      return item.setSelected(found !== undefined);
    },
  });
  dialog.open('');
}

/** Suggests tags of the workspace while the user types. */
export function suggest(event: Event): void {
  const input = event.getSource<TagInput>();
  const { suggestValue } = event.getParameters() as { suggestValue: string };
  const filters = [tagsOf(input), named(suggestValue)];
  const list = input.getBinding('suggestionItems') as ListBinding | undefined;
  if (list) list.filter(filters);
  else {
    const template = new ListItem({ text: '{name}', additionalText: '{tagGroup}' });
    input.bindAggregation('suggestionItems', { path: '/Tags', filters, sorter: new Sorter('name'), template });
  }
}

/** The known tags of the connection's workspace. */
function tagsOf(input: TagInput): Filter {
  return new Filter('config_ID', FilterOperator.EQ, (input.getBindingContext() as Context).getProperty('ID'));
}

function named(text: string): Filter {
  return new Filter({ path: 'name', operator: FilterOperator.Contains, value1: text, caseSensitive: false });
}

function filter(dialog: SelectDialog, ofConfig: Filter, text: string | undefined): void {
  (dialog.getBinding('items') as ListBinding).filter(text ? [ofConfig, named(text)] : [ofConfig]);
}
