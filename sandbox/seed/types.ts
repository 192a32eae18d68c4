import type { Person } from '../btp/people.ts';
import type { CpiSeed } from '../cpi/state.ts';
import type { Seed as LeanIXSeed } from '../leanix/state.ts';

/** The initial state of the sandbox. */
export interface Seed {
  cpi: CpiSeed;
  leanix: LeanIXSeed;
  /** the company's directory; that of the made-up company, unless given */
  people?: Person[];
}

/** Makes a seed for a tenant; its host, such as `127.0.0.1:4006`, is part of external ids. */
export type SeedMaker = (tenantHost: string) => Seed;

/** The external id by which the fact sheet of an artifact is known. */
export function externalIdOf(tenantHost: string, artifactId: string): string {
  return `cpi:${tenantHost}/${artifactId}`;
}
