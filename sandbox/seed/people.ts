import type { Person } from '../btp/people.ts';
import type { SeedUser } from '../leanix/state.ts';
import { Random } from './random.ts';

type Row = [firstName: string, lastName: string, department: string, role: SeedUser['role'], more?: Partial<SeedUser>];

/** Users of the workspace: some are dormant, archived, only invited, or managed by SCIM. */
const rows: Row[] = [
  ['Astrid', 'Architect', 'IT Architecture', 'ADMIN', { lastLoginDaysAgo: 1 }],
  ['Bernd', 'Brandt', 'IT Architecture', 'ADMIN', { lastLoginDaysAgo: 212 }],
  ['Carla', 'Costa', 'Sales', 'MEMBER', { lastLoginDaysAgo: 12 }],
  ['Dilan', 'Demir', 'Finance', 'MEMBER', { lastLoginDaysAgo: 3 }],
  ['Erika', 'Enterprise', 'IT Architecture', 'ADMIN', { lastLoginDaysAgo: 0 }],
  ['Farid', 'Fassi', 'Logistics', 'MEMBER', { lastLoginDaysAgo: 145 }],
  ['Greta', 'Gustafsson', 'Production', 'MEMBER', { lastLoginDaysAgo: 30 }],
  ['Hugo', 'Hermans', 'Purchasing', 'VIEWER', { lastLoginDaysAgo: 7 }],
  ['Ines', 'Integration', 'Integration', 'MEMBER', { lastLoginDaysAgo: 2 }],
  ['Jonas', 'Jensen', 'Service', 'VIEWER', { lastLoginDaysAgo: 400 }],
  ['Katya', 'Kovac', 'Quality', 'VIEWER', { scimManaged: true, lastLoginDaysAgo: 20 }],
  ['Liam', 'Lynch', 'Engineering', 'VIEWER', { status: 'ARCHIVED', lastLoginDaysAgo: 300 }],
  ['Mei', 'Mori', 'Human Resources', 'MEMBER', { scimManaged: true, lastLoginDaysAgo: 5 }],
  ['Noah', 'Nowak', 'Sales', 'VIEWER', { status: 'INVITED' }],
];

/** People of the company who have no account in LeanIX (yet). */
const others: [firstName: string, lastName: string, department: string][] = [
  ['Olga', 'Olsen', 'IT Architecture'],
  ['Pablo', 'Paz', 'Integration'],
  ['Quentin', 'Quast', 'Finance'],
];

const BOSS = 'astrid.architect@halvorsen.example';

/** The people with a permission for the workspace. */
export const colleagues: SeedUser[] = rows.map(([firstName, lastName, department, role, more]) => ({
  email: emailOf(firstName, lastName),
  firstName,
  lastName,
  department,
  role,
  ...more,
}));

/** All people in the company's directory; the first is the manager of the others. */
export const directory: Person[] = [
  ...rows.map(([firstName, lastName, department]) => ({ firstName, lastName, department })),
  ...others.map(([firstName, lastName, department]) => ({ firstName, lastName, department })),
].map((person, index) => {
  const email = emailOf(person.firstName, person.lastName);
  const id = `P${String(index + 1).padStart(6, '0')}`;
  return { ...person, id, userName: email, email, active: true, manager: email === BOSS ? null : 'P000001' };
});

/** This many further colleagues, always the same. Every tenth has not logged in for a long time. */
export function crowd(count: number): SeedUser[] {
  const random = new Random(7);
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(4, '0');
    return {
      email: `colleague.${number}@halvorsen.example`,
      firstName: 'Colleague',
      lastName: number,
      department: random.pick(rows)[2],
      role: random.chance(0.7) ? 'VIEWER' : 'MEMBER',
      lastLoginDaysAgo: index % 10 === 9 ? random.integer(100, 500) : random.integer(0, 60),
    };
  });
}

function emailOf(firstName: string, lastName: string): string {
  return `${firstName}.${lastName}@halvorsen.example`.toLowerCase();
}
