import SelectDialog from 'sap/m/SelectDialog';
import StandardListItem from 'sap/m/StandardListItem';
import type Event from 'sap/ui/base/Event';
import Filter from 'sap/ui/model/Filter';
import FilterOperator from 'sap/ui/model/FilterOperator';
import type ListBinding from 'sap/ui/model/ListBinding';
import Sorter from 'sap/ui/model/Sorter';
import type Context from 'sap/ui/model/odata/v4/Context';
import type ResourceModel from 'sap/ui/model/resource/ResourceModel';
import type ResourceBundle from 'sap/base/i18n/ResourceBundle';
import type TagInput from './TagInput';

/** Lets a person choose among the tags of the workspace; names that it does not have stay as they are. */
export function choose(event: Event): void {
  const input = event.getSource<TagInput>();
  const context = input.getBindingContext() as Context;
  const texts = (input.getModel('i18n') as ResourceModel).getResourceBundle() as ResourceBundle;
  const ofConfig = new Filter('config_ID', FilterOperator.EQ, context.getProperty('ID'));
  const chosen = new Set(input.names());
  const offered = new Set<string>();
  const dialog = new SelectDialog({
    title: texts.getText('DefaultTags') ?? '',
    noDataText: texts.getText('TagsNone') ?? '',
    multiSelect: true,
    rememberSelections: true,
    growingThreshold: 1000,
    confirm: (confirmed) => {
      const selected = (confirmed.getParameter('selectedItems') ?? []).map(nameOf);
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
      const names = [name, ...(group ? [`${group}/${name}`] : [])];
      const found = names.find((each) => chosen.has(each));
      for (const each of names) offered.add(each);
      return item.setSelected(found !== undefined).data('name', found ?? name) as StandardListItem;
    },
  });
  dialog.open('');
}

function nameOf(item: { data(key: string): unknown }): string {
  return item.data('name') as string;
}

function filter(dialog: SelectDialog, ofConfig: Filter, text: string | undefined): void {
  const named = text
    ? [new Filter({ path: 'name', operator: FilterOperator.Contains, value1: text, caseSensitive: false })]
    : [];
  (dialog.getBinding('items') as ListBinding).filter([ofConfig, ...named]);
}
