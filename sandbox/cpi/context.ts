import type { CPIState } from './state.ts';
import type { CPISwitches } from './switches.ts';

/** What the resources need to answer a request. */
export interface Context {
  /** What is deployed is that of the location that was asked for. */
  state: CPIState;
  switches: CPISwitches;
  /** The service root as the stand-in is really reached, such as `http://127.0.0.1:4006/api/v1`. */
  serviceRoot: string;
  /** The service root as it stands in `__metadata`: with port 443, where nobody listens. */
  linkRoot: string;
}
