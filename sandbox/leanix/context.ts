import type { Search } from './search.ts';
import type { LeanIXState } from './state.ts';
import type { Switches } from './switches.ts';
import type { Role } from './types.ts';

/** What the resolvers of one GraphQL request work with. */
export interface Context {
  state: LeanIXState;
  switches: Switches;
  search: Search;
  role: Role;
  /** one of the mutations of this request has failed */
  failed: boolean;
}
