import type { Tag } from '../catalog/types.ts';
import { readAll } from './connections.ts';
import { object, unreadable } from './graphql.ts';
import type { Session } from './session.ts';

const SELECTION = '{ id name tagGroup { id name mode restrictToFactSheetTypes } }';

/**
 * The workspace's whole tag library, tags outside of groups (`tagGroup: null`) included, which only `allTags` has: one
 * request for each page of 1000. A group whose mode is not known counts as one that takes several tags.
 */
export async function readTags(session: Session, pageSize: number, signal?: AbortSignal): Promise<Tag[]> {
  const { tags } = await readAll(
    session,
    { tags: { field: 'allTags', args: {}, selection: SELECTION } },
    pageSize,
    signal,
  );
  return tags.map((node) => {
    const { id, name, tagGroup } = object(node) ?? {};
    if (typeof id !== 'string' || typeof name !== 'string') throw unreadable(session.host);
    return { id, name, group: toGroup(tagGroup) };
  });
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
