import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import cds from '@sap/cds';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const sections = readFileSync(join(ROOT, 'docs', 'api.md'), 'utf8').split(/^## /m);
type Operation = { kind: string; params?: Record<string, unknown> };
type Definition = Operation & {
  elements?: Record<string, { isAssociation?: boolean; virtual?: boolean }>;
  actions?: Record<string, Operation>;
};
const model = cds.linked(await cds.load(join(ROOT, 'srv')));
const definitions = Object.entries(model.definitions as unknown as Record<string, Definition>);

describe.each(['SettingsService', 'RuntimeService', 'AccessService'])('the description of the %s', (service) => {
  const text = sections.find((section) => section.startsWith(service)) ?? '';
  const own = definitions
    .filter(([name]) => name.startsWith(`${service}.`) && !name.includes('DraftAdministrativeData'))
    .map(([name, definition]): [string, Definition] => [name.slice(service.length + 1), definition]);
  const entities = own.filter(([name, { kind }]) => kind === 'entity' && !name.includes('.'));

  test('names every entity', () => {
    expect(
      entities.map(([name]) => name).filter((name) => !text.includes(`\`${name}\``) && !text.includes(`### ${name}`)),
    ).toEqual([]);
  });

  test('names every operation with its parameters', () => {
    const bound = entities.flatMap(([, { actions = {} }]) => Object.entries(actions));
    const operations = [...own.filter(([, { kind }]) => ['action', 'function'].includes(kind)), ...bound];
    const signatures = operations.map(([name, { params = {} }]) => {
      const given = Object.keys(params).filter((param) => param !== '$self' && param !== 'in');
      return `${name}(${given.join(', ')})`;
    });
    expect(signatures.filter((signature) => !text.includes(`\`${signature}\``))).toEqual([]);
  });

  test('names every element', () => {
    const missing = entities.flatMap(([name, { elements = {} }]) => {
      // Associations to the texts of codes are described together.
      const named = Object.keys(elements).filter((element) => !/^(?:created|modified)(?:At|By)$|.Text$/.test(element));
      return named.filter((element) => !described(text, element)).map((element) => `${name}.${element}`);
    });
    expect(missing).toEqual([]);
  });
});

test('every code that a service answers with is named', () => {
  const sources = globSync('srv/**/*.ts', { cwd: ROOT }).map((file) => readFileSync(join(ROOT, file), 'utf8'));
  const codes = sources
    .flatMap((source) => [...source.matchAll(/\bproblem\(\s*\d+,\s*'([A-Z_]+)'/g)])
    .map(([, code]) => code!);
  expect(codes.length).toBeGreaterThan(50);
  // CAP's own.
  const own = codes.filter((code) => code !== 'DRAFT_MODIFICATION_ONLY_VIA_ROOT');
  expect([...new Set(own)].filter((code) => !described(sections.join(), code))).toEqual([]);
});

/** An association to one row is described by its key. */
const described = (text: string, element: string) =>
  [element, `${element}_ID`].some((name) => text.includes(`\`${name}\``));
