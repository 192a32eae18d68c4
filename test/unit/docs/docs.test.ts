import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const PAGES = ['README.md', 'CONTRIBUTING.md', 'app/README.md', ...globSync('docs/*.md', { cwd: ROOT })];
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** A heading in the form of a link anchor. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

test.each(PAGES)('%s: every link within the project leads somewhere', (page) => {
  const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
  for (const link of links.filter((one) => !/^https?:/.test(one))) {
    const [file = '', part] = link.split('#');
    const target = file ? join(dirname(page), file) : page;
    expect(existsSync(join(ROOT, target)) ? '' : link).toBe('');
    if (part) expect([...read(target).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading!))).toContain(part);
  }
});

test('the README names all pages', () => {
  for (const page of globSync('docs/*.md', { cwd: ROOT })) expect(read('README.md')).toContain(`(${page})`);
});

test('every proof of a promise is a test that there is', () => {
  const [, promises = ''] = read('docs/operate.md').split('## Promises and their proofs');
  const rows = promises.split('\n').filter((line) => line.startsWith('|'));
  const named = rows.flatMap((row) => [...row.matchAll(/`([a-z0-9-]+(?:\/[a-z0-9.-]+)+)`/g)].map(([, name]) => name!));
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((name) => !existsSync(join(ROOT, 'test', `${name}.test.ts`)))).toEqual([]);
});

const messages = read('_i18n/messages.properties');
const texts = new Map([...messages.matchAll(/^([A-Z][A-Z0-9_]+) = (.+)$/gm)].map(([, code, text]) => [code!, text!]));
const troubleshoot = read('docs/troubleshoot.md');

test('the page about trouble names only codes that there are', () => {
  const named = [...troubleshoot.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, code]) => code!);
  const known = [...texts.keys(), 'LEANIX_ALLOWED_HOSTS', 'LEANIX_ONLY_HOSTS', 'CONSTRAINT_VIOLATION'];
  expect(named.filter((code) => !known.includes(code))).toEqual([]);
});

test('it has what users ask about most', () => {
  const asked = {
    'the connection test fails': ['HOST_INVALID', 'LEANIX_TOKEN_INVALID', 'TOKEN_READ_ONLY'],
    'the category list is empty': ['CATEGORY_LIST_EMPTY'],
    'fields are blank': ['NO_MAPPING'],
    'linked, but not to be seen': ['FACT_SHEET_NOT_VISIBLE', 'FACT_SHEET_ARCHIVED'],
    'changes are gone after a restart': ['settings are gone'],
  };
  for (const [question, answers] of Object.entries(asked)) {
    for (const answer of answers) expect(troubleshoot.includes(answer) ? '' : `${question}: ${answer}`).toBe('');
  }
});

test('every variable of mta.yaml that an operator may set is explained', () => {
  const { modules } = parse(read('mta.yaml')) as { modules: { name: string; properties?: object }[] };
  const { properties } = modules.find(({ name }) => name === 'leanix-integration-srv')!;
  const own = Object.keys(properties!).filter((name) => !['NODE_ENV', 'OPTIMIZE_MEMORY'].includes(name));
  for (const name of own) expect(read('docs/operate.md')).toContain(`\`${name}\``);
});
