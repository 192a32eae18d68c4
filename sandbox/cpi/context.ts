import type { CPIState } from './state.ts';
import type { CPISwitches } from './switches.ts';

/** What the resources need to answer a request. */
export interface Context {
  /** Deployed artifacts are those of the requested location. */
  state: CPIState;
  switches: CPISwitches;
  /** The service root at which the stand-in is reached, such as `http://127.0.0.1:4006/api/v1`. */
  serviceRoot: string;
  /** The service root in `__metadata`: with port 443, where nothing listens. */
  linkRoot: string;
}
