import { randomUUID } from 'node:crypto';
import cds from '@sap/cds';
import { startLeanIX, type LeanIXSandbox } from '../../../sandbox/leanix/server.ts';
import { createState } from '../../../sandbox/leanix/state.ts';
import { access, apiToken, tags } from '../../../sandbox/seed/workspace-frame.ts';
import type { FactSheet } from '../../../srv/core/catalog/types.ts';
import { openClient, type FieldSelection, type LeanIXClient, type Mutation } from '../../../srv/leanix/client.ts';

/** A LeanIX with 30 interfaces, the last of them archived, and a client that has read its data model. */
export type Workspace = {
  leanix: LeanIXSandbox;
  client: LeanIXClient;
  /** Another client, with the same token by default. */
  open: (token?: string) => Promise<LeanIXClient>;
};

/** The IDs of the interfaces. */
export const ids = Array.from({ length: 30 }, () => randomUUID());

export const EVERYTHING: FieldSelection = {
  displayName: true,
  description: true,
  tags: true,
  externalId: true,
  names: ['category', 'alias', 'lifecycle', 'interfaceIdSequence', 'noSuchField', 'fullName'],
};
const timing = { timeout: 5000, patience: 10_000, backoff: 5, maxBackoff: 20, tries: 5 };

/** Starts one before each test of the file, and stops it afterwards. @param use gets it */
export function workspaceForEach(use: (started: Workspace) => void): void {
  let stop: () => Promise<void>;
  beforeEach(async () => {
    const { stop: end, ...started } = await startWorkspace();
    stop = end;
    use(started);
  });
  afterEach(() => stop());
}

async function startWorkspace(): Promise<Workspace & { stop: () => Promise<void> }> {
  cds.log('leanix', 'silent');
  const leanix = await startLeanIX({
    state: createState({
      ...access,
      // Each has a separate workspace, so that no test waits for the requests of another.
      workspace: { ...access.workspace, id: randomUUID() },
      tags: [...tags],
      tagGroups: [
        { name: 'Status', mode: 'SINGLE', tags: ['Live', 'Old'] },
        { name: 'Origin', mode: 'MULTIPLE', tags: ['CPI'], restrictToFactSheetTypes: ['Interface'] },
      ],
      factSheets: [
        ...ids.map((id, n) => ({
          id,
          type: 'Interface',
          name: `Interface ${n}`,
          description: `Number ${n}`,
          externalId: `cpi:tenant/${n}`,
          tags: n === 0 ? ['Live', 'GDPR'] : [],
          fields: n === 0 ? { category: 'api', alias: 'Zero', lifecycle: { active: '2026-01-01' } } : {},
          status: n === 29 ? ('ARCHIVED' as const) : ('ACTIVE' as const),
        })),
        { type: 'Application', name: 'SAP S/4HANA' },
      ],
    }),
  });
  process.env['LEANIX_ALLOWED_HOSTS'] = leanix.host;
  const open = (token = apiToken) => openClient({ host: leanix.host, apiToken: token }, { timing });
  const client = await open();
  await client.dataModel();
  return {
    leanix,
    client,
    open,
    async stop() {
      delete process.env['LEANIX_ALLOWED_HOSTS'];
      (cds.env as { leanix?: object }).leanix = {};
      await leanix.stop();
    },
  };
}

export const create = (key: string, patches: Mutation['patches'] = []): Mutation => ({
  key,
  kind: 'create',
  name: `New ${key}`,
  type: 'Interface',
  patches,
});

export async function readAll(from: LeanIXClient, type = 'Interface'): Promise<FactSheet[][]> {
  const pages: FactSheet[][] = [];
  for await (const page of from.pages(type, EVERYTHING)) pages.push(page);
  return pages;
}
