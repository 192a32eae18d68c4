import type { RemoteError } from '../base/remote-error.ts';
import type { Facts } from '../core/landscape/types.ts';
import type { ModelProblem } from '../cpi/models/bundle.ts';

/** A deployed iFlow whose model must be read. */
export type Due = {
  ID: string;
  artifactId: string;
  version: string | null;
  deployedOn: string | null;
  sender: string | null;
  receiver: string | null;
  /** The result of the last reading; null if there was none. */
  known: string | null;
};

/** The result of reading one model. */
export type Reading = {
  due: Due;
  state: 'read' | 'fromConfiguration' | 'unreadable';
  facts: Facts | null;
  /** A message code with its arguments. */
  note: { code: string; args: string[] } | null;
  /** Why it could not be read. */
  problem: ModelProblem | RemoteError | null;
};
