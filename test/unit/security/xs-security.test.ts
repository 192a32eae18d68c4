import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import cds from '@sap/cds';

type Template = { name: string; 'scope-references': string[] };
type Security = {
  xsappname: string;
  scopes: { name: string }[];
  'role-templates': Template[];
  'role-collections': { name: string; 'role-template-references': string[] }[];
};

const ROOT = join(import.meta.dirname, '..', '..', '..');
const security = JSON.parse(readFileSync(join(ROOT, 'xs-security.json'), 'utf8')) as Security;
const own = (name: string) => name.replace('$XSAPPNAME.', '');
/** Roles that CAP assigns itself. */
const PSEUDO = ['authenticated-user', 'any', 'system-user', 'internal-user', 'identified-user'];

/** All roles in the model. */
function rolesOf(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return found;
  for (const [key, inner] of Object.entries(value)) {
    if (key === '@requires') for (const role of [inner].flat()) found.add(String(role));
    else if (key === '@restrict') {
      for (const { to } of inner as { to?: string | string[] }[])
        for (const role of [to ?? 'any'].flat()) found.add(role);
    } else rolesOf(inner, found);
  }
  return found;
}

test('the scopes are the roles that the services ask for, no more and no less', async () => {
  const model = await cds.load(join(ROOT, 'srv'));
  const wanted = [...rolesOf(model.definitions)].filter((role) => !PSEUDO.includes(role));
  expect(security.scopes.map(({ name }) => own(name)).sort()).toEqual(wanted.sort());
  for (const { name } of security.scopes) expect(name).toMatch(/^\$XSAPPNAME\.\w+$/);
});

test('it says what CAP makes of the model, besides names for people and what contains what', () => {
  // In another folder, since CAP would change the file of the project that is checked here.
  const { stdout } = spawnSync('cds', ['compile', join(ROOT, 'srv'), '--to', 'xsuaa'], {
    cwd: tmpdir(),
    encoding: 'utf8',
  });
  const generated = JSON.parse(stdout) as Security;
  const names = (one: Security) => ({
    scopes: one.scopes.map(({ name }) => name).sort(),
    templates: one['role-templates'].map(({ name }) => name).sort(),
  });
  expect(names(security)).toEqual(names(generated));
  for (const { name, 'scope-references': scopes } of generated['role-templates']) {
    const own = security['role-templates'].find((one) => one.name === name)!;
    expect(own['scope-references']).toEqual(expect.arrayContaining(scopes));
  }
});

test('an enterprise admin is an admin, and an admin is a viewer', () => {
  const templates = Object.fromEntries(
    security['role-templates'].map((one) => [one.name, one['scope-references'].map(own).sort()]),
  );
  expect(templates).toEqual({
    Viewer: ['Viewer'],
    Admin: ['Admin', 'Viewer'],
    EnterpriseAdmin: ['Admin', 'EnterpriseAdmin', 'Viewer'],
  });
});

test('there is one role collection for each of them', () => {
  const collections = security['role-collections'].map((one) => [one.name, one['role-template-references'].map(own)]);
  expect(Object.fromEntries(collections)).toEqual({
    'LeanIX Integration Viewer': ['Viewer'],
    'LeanIX Integration Admin': ['Admin'],
    'LeanIX Integration Enterprise Admin': ['EnterpriseAdmin'],
  });
});
