import type { Seed, SeedTagGroup, SeedUser } from '../leanix/state.ts';

/** The API token of the technical user that the destination `LEANIX` holds. */
export const apiToken = 'sandbox0000ReadWriteToken0000000000000000';

/** The API token of a technical user that may only read. */
export const readOnlyApiToken = 'sandbox0000ReadOnlyToken00000000000000000';

/** An API token whose time is over. */
export const expiredApiToken = 'sandbox0000ExpiredToken000000000000000000';

const people: [firstName: string, lastName: string, role: SeedUser['role'], status?: SeedUser['status']][] = [
  ['Astrid', 'Architect', 'ADMIN'],
  ['Bernd', 'Brandt', 'ADMIN'],
  ['Carla', 'Costa', 'MEMBER'],
  ['Dilan', 'Demir', 'MEMBER'],
  ['Erika', 'Enterprise', 'ADMIN'],
  ['Farid', 'Fassi', 'MEMBER'],
  ['Greta', 'Gustafsson', 'MEMBER'],
  ['Hugo', 'Hermans', 'VIEWER'],
  ['Ines', 'Integration', 'MEMBER'],
  ['Jonas', 'Jensen', 'VIEWER'],
  ['Katya', 'Kovac', 'VIEWER'],
  ['Liam', 'Lynch', 'VIEWER', 'ARCHIVED'],
  ['Mei', 'Mori', 'MEMBER'],
  ['Noah', 'Nowak', 'VIEWER', 'INVITED'],
];

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
  users: [
    ...technicalUsers,
    ...people.map(([firstName, lastName, role, status]): SeedUser => {
      const email = `${firstName}.${lastName}@halvorsen.example`.toLowerCase();
      return { email, firstName, lastName, role, ...(status && { status }) };
    }),
  ],
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
  return { id, email: `${name}@technical.halvorsen.example`, firstName: 'Technical', lastName: name, role };
}
