/**
 * The floors of the house, from top to bottom. An import goes down or stays in its folder: never up, and never round.
 * Folders on one floor do not know each other. CONTRIBUTING.md draws them.
 */
const FLOORS = [
  ['[^/]+\\.ts$'], // the front door: server.ts and start.ts
  ['settings/', 'runtime/', 'access/'],
  ['http/'],
  ['catalog/', 'landscape/', 'governance/'],
  ['runs/'],
  ['leanix/', 'cpi/', 'scim/'],
  ['btp/'],
  ['core/'],
  ['base/'],
];

/** The steps of a sync in srv/catalog, first to last. */
const STEPS = ['reading', 'matching', 'planning', 'writing'];

/** Each folder, and what it may not import: the floors above it, and its neighbours. */
const rules = FLOORS.flatMap((floor, level) =>
  floor.map((room) => ({
    name: `imports of srv/${room} go down`,
    severity: 'error',
    from: { path: `^srv/${room}` },
    to: {
      path: FLOORS.slice(0, level + 1)
        .flat()
        .filter((other) => other !== room)
        .map((other) => `^srv/${other}`),
    },
  })),
);

export default {
  forbidden: [
    { name: 'no circle', severity: 'error', from: {}, to: { circular: true } },
    ...rules.filter(({ to }) => to.path.length > 0),
    {
      name: 'core is pure',
      comment: 'Plain data in, plain data out: no CAP, no HTTP, no model.',
      severity: 'error',
      from: { path: '^srv/core/' },
      to: { path: ['^@cds-models', 'node_modules/@sap/', 'node_modules/@sap-cloud-sdk/', '^(node:)?https?$'] },
    },
    ...STEPS.slice(1).map((step, index) => ({
      name: `a sync runs one way: nothing before ${step} imports it`,
      severity: 'error',
      from: { path: STEPS.slice(0, index + 1).map((earlier) => `^srv/catalog/${earlier}\\.ts$`) },
      to: { path: `^srv/catalog/${step}\\.ts$` },
    })),
    {
      name: 'what writes asks find-again, and matches nothing itself',
      severity: 'error',
      from: { path: '^srv/catalog/writing\\.ts$' },
      to: { path: '^srv/catalog/matching\\.ts$' },
    },
    {
      name: 'the sandbox shares nothing with the service',
      severity: 'error',
      from: { path: '^sandbox/' },
      to: { path: '^srv/' },
    },
    {
      name: 'what is shipped needs no sandbox, test or script',
      severity: 'error',
      from: { path: '^srv/' },
      to: { path: '^(sandbox|test|scripts|app)/' },
    },
    {
      name: 'every import is found',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
    exclude: { path: ['^@cds-models', '^gen/', '^app/'] },
  },
};
