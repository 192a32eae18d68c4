import type { Tag } from '../core/catalog/types.ts';
import { readRest, type Passenger } from './connections.ts';
import { object, unreadable } from './graphql.ts';
import type { Session } from './session.ts';

const SELECTION = '{ id name tagGroup { id name mode restrictToFactSheetTypes } }';

/** The list of all tags, not read yet. */
export function tagPassenger(): Passenger {
  return { nodes: [], rest: { field: 'allTags', args: {}, selection: SELECTION } };
}

/**
 * The whole tag library of the workspace, including tags outside of groups (`tagGroup: null`), which only `allTags`
 * returns. One request for each page of 1000 that did not come with another read. A group with an unknown mode counts
 * as one that allows several tags.
 */
export async function readTags(
  session: Session,
  passenger: Passenger,
  pageSize: number,
  signal?: AbortSignal,
): Promise<Tag[]> {
  // By ID: tags created or renamed meanwhile can shift the pages, so others come twice.
  const tags = new Map<string, Tag>();
  for (const node of await readRest(session, passenger, pageSize, signal)) {
    const { id, name, tagGroup } = object(node) ?? {};
    if (typeof id !== 'string' || typeof name !== 'string') throw unreadable(session.host);
    tags.set(id, { id, name, group: toGroup(tagGroup) });
  }
  return [...tags.values()];
}

function toGroup(value: unknown): Tag['group'] {
  const group = object(value);
  if (!group) return null;
  const types: unknown = group['restrictToFactSheetTypes'];
  return {
    id: typeof group['id'] === 'string' ? group['id'] : '',
    name: typeof group['name'] === 'string' ? group['name'] : '',
    mode: group['mode'] === 'SINGLE' ? 'SINGLE' : 'MULTIPLE',
    restrictToFactSheetTypes: Array.isArray(types) ? types.filter((type) => typeof type === 'string') : [],
  };
}
