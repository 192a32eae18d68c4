import type { Seed, SeedTagGroup, SeedUser } from '../leanix/state.ts';
import { colleagues } from './people.ts';

/** The API token of the technical user that the destination `LEANIX` holds. */
export const apiToken = 'sandbox0000ReadWriteToken0000000000000000';

/** The API token of a technical user that may only read. */
export const readOnlyApiToken = 'sandbox0000ReadOnlyToken00000000000000000';

/** An expired API token. */
export const expiredApiToken = 'sandbox0000ExpiredToken000000000000000000';

const technicalUsers: SeedUser[] = [
  technicalUser('00000000-0000-4000-a000-0000000000a1', 'integration', 'ADMIN'),
  technicalUser('00000000-0000-4000-a000-0000000000a2', 'reporting', 'VIEWER'),
];

/** The workspace itself, its people and the API tokens. */
export const access: Pick<Seed, 'workspace' | 'apiTokens' | 'users'> = {
  workspace: {
    id: '5d0a1a52-7c1e-4f5e-9b0d-0d6a3d1b9c01',
    name: 'halvorsen',
    accountId: '5d0a1a52-7c1e-4f5e-9b0d-0d6a3d1b9c02',
    accountName: 'halvorsen',
  },
  apiTokens: [
    { token: apiToken, role: 'ADMIN', userId: technicalUsers[0]?.id ?? '', name: 'integration' },
    { token: readOnlyApiToken, role: 'VIEWER', userId: technicalUsers[1]?.id ?? '', name: 'reporting' },
    {
      token: expiredApiToken,
      expiresOn: '2024-12-31',
      role: 'ADMIN',
      userId: technicalUsers[0]?.id ?? '',
      name: 'integration (old)',
    },
  ],
  users: [...technicalUsers, ...colleagues],
};

/** The tag library, except for the tags outside of groups. */
export const tagGroups: SeedTagGroup[] = [
  { name: 'Integration', mode: 'MULTIPLE', tags: ['CPI-Managed', 'SAP-Integration', 'EDI', 'Event-Driven'] },
  { name: 'Runtime Status', mode: 'SINGLE', tags: ['Started', 'Stopped', 'Error'] },
  { name: 'Lifecycle Status', mode: 'SINGLE', tags: ['Pilot', 'Productive', 'Sunset'] },
  { name: 'Region', mode: 'MULTIPLE', tags: ['EMEA', 'Americas', 'APJ'] },
  {
    name: 'Cloud Strategy',
    mode: 'SINGLE',
    restrictToFactSheetTypes: ['Application'],
    tags: ['Retain', 'Rehost', 'Replatform', 'Retire'],
  },
];

/** The tags outside of groups. */
export const tags: string[] = ['GDPR', 'SOX', 'Needs Review', 'Golden Source'];

function technicalUser(id: string, name: string, role: SeedUser['role']): SeedUser {
  return {
    id,
    userName: name,
    email: `${name}@technical.halvorsen.example`,
    role,
    technical: true,
    lastLoginDaysAgo: 0,
  };
}
