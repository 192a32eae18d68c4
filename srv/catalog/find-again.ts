import { externalIdOf } from '../core/catalog/match.ts';
import type { FieldsToRead } from '../core/catalog/plan.ts';
import type { FactSheet } from '../core/catalog/types.ts';
import type { Item } from './journal.ts';
import { matchEntries } from './matching.ts';
import type { Workspace } from './workspace.ts';

/**
 * Reads the fact sheets of items whose answer was lost, or that somebody else has just edited. Fact sheets to be
 * created are found by their external ID, or by the sent name if the type has no external ID.
 * @returns fact sheets by ID of the item; items without a fact sheet are missing
 * @throws RemoteError: nothing may be concluded from a failed read
 */
export async function findAgain(
  workspace: Workspace,
  fields: FieldsToRead,
  items: readonly Item[],
): Promise<Map<string, FactSheet>> {
  const updates = items.filter(({ factSheet }) => factSheet);
  const creates = items.filter(({ factSheet }) => !factSheet);
  const find = workspace.hasExternalId ? findByExternalId : findByName;
  return new Map([
    ...(updates.length ? await findById(workspace, fields, updates) : []),
    ...(creates.length ? await find(workspace, fields, creates) : []),
  ]);
}

type Found = [string, FactSheet][];

async function findById(workspace: Workspace, fields: FieldsToRead, items: readonly Item[]): Promise<Found> {
  const { client, factSheetType, signal } = workspace;
  const ids = items.map(({ factSheet }) => factSheet!.id);
  const byId = await client.fresh(ids, factSheetType, fields, signal);
  return pairs(items, ({ factSheet }) => byId.get(factSheet!.id));
}

async function findByExternalId(workspace: Workspace, fields: FieldsToRead, items: readonly Item[]): Promise<Found> {
  const { client, factSheetType, signal, tenantHost } = workspace;
  const idOf = ({ entry }: Item) => externalIdOf(tenantHost, entry.iflow.artifactId);
  const list = await client.byExternalIds(items.map(idOf), factSheetType, fields, signal);
  const byExternalId = new Map(list.map((factSheet) => [factSheet.externalId, factSheet]));
  return pairs(items, (item) => byExternalId.get(idOf(item)));
}

async function findByName(workspace: Workspace, fields: FieldsToRead, items: readonly Item[]): Promise<Found> {
  const entries = items.map(({ entry, plan }) => ({
    ...entry,
    iflow: { ...entry.iflow, name: plan.name ?? entry.iflow.name },
  }));
  const matched = await matchEntries(workspace, entries, { fields });
  const byIFlow = new Map(matched.map(({ iflow, result }) => [iflow.ID, result.factSheet]));
  return pairs(items, ({ entry }) => byIFlow.get(entry.iflow.ID));
}

function pairs(items: readonly Item[], find: (item: Item) => FactSheet | null | undefined): Found {
  return items.flatMap((item): Found => {
    const factSheet = find(item);
    return factSheet ? [[item.ID, factSheet]] : [];
  });
}
