import fc from 'fast-check';
import { type Edit } from '../../sandbox/leanix/state.ts';
import { launchKillable } from '../helpers/app/killable.ts';
import { flows } from '../helpers/app/seeds.ts';
import {
  at,
  cancelStep,
  faultSteps,
  killSteps,
  play,
  step,
  type Model,
  type Stage,
  type Step,
} from '../helpers/runs/histories.ts';
import { LONG } from '../helpers/runs/long.ts';
import { launchRuntime } from '../helpers/runtime/runtime.ts';
import { OWN_TAG, CatalogWorld, type Setup } from '../helpers/runtime/world.ts';

type Real = Stage & {
  world: CatalogWorld;
  /** Changes elements of the configuration. */
  configure: (values: object) => Promise<unknown>;
};

/** Six iFlows. One fact sheet is matched by external ID, some by name, the others are unrelated. */
const historySeed = flows(6, [
  { type: 'Interface', name: 'Flow 1', documents: 'Flow_1', tags: ['SOX'], description: 'Written by people.' },
  { type: 'Interface', name: 'flow  2', tags: ['EMEA'], fields: { category: 'api' } },
  { type: 'Interface', name: 'Flow 3', description: 'Ends with a line.\n' },
  { type: 'Interface', name: 'Bystander 1', tags: [OWN_TAG], fields: { release: '7' } },
  { type: 'Interface', name: 'Bystander 2', description: 'Nobody may touch this.' },
  { type: 'Interface', name: 'Bystander 3', status: 'ARCHIVED' },
  { type: 'Application', name: 'Flow 4' },
  { type: 'Objective', name: 'Flow 5', tags: ['GDPR'], description: 'A goal.' },
]);

const name = { iflowField: 'name', leanixPath: '/name', position: 1 };
const version = { iflowField: 'version', leanixPath: '/release', position: 2 };

/** Mappings that differ in the owned fields, and a type without external IDs. */
const setups: fc.Arbitrary<Setup> = fc.constantFrom(
  { factSheetType: 'Interface', mappings: [] },
  { factSheetType: 'Interface', mappings: [name, version] },
  { factSheetType: 'Interface', mappings: [{ ...name, writeMode: 'onCreate' }, version] },
  { factSheetType: 'Objective', mappings: [name] },
  { factSheetType: 'Objective', mappings: [] },
);

const RUNS = ['refresh', 'match', 'createAllNew', 'syncAll', 'preview'];
const index = fc.nat(20);

const tenant: fc.Arbitrary<Step<Real>>[] = [
  fc.nat(9).map((n) =>
    step(`deploy Flow_${n}`, ({ world: { sandbox } }, model) => {
      const id = `Flow_${n}`;
      const isNew = !sandbox.cpi.state.artifacts.some((artifact) => artifact.id === id);
      sandbox.cpi.saveVersion(id, `2.${model.names++}.0`);
      sandbox.cpi.deploy({ id, version: `2.${model.names}.0`, ...(isNew && { name: `Flow ${n}` }) });
    }),
  ),
  index.map((n) =>
    step(`undeploy ${n}`, ({ world: { sandbox } }) => {
      const artifact = at(sandbox.cpi.state.artifacts, n);
      if (artifact) sandbox.cpi.undeploy(artifact.id);
    }),
  ),
  index.map((n) =>
    step(`rename iFlow ${n}`, ({ world: { sandbox } }, model) => {
      const artifact = at(sandbox.cpi.state.artifacts, n);
      if (artifact) sandbox.cpi.deploy({ id: artifact.id, name: `Flow renamed ${model.names++}` });
    }),
  ),
];

const edits: fc.Arbitrary<{ text: string; changes: (names: number) => Edit | [string, string] }> = fc.oneof(
  fc
    .tuple(fc.constantFrom('', 'Before.', 'Before.\n\n', '  \n', 'Ä\r\n'), fc.constantFrom('', '\nAfter.', '\n\n– '))
    .map((around) => ({ text: `write ${JSON.stringify(around)} around`, changes: () => around })),
  fc
    .subarray(['SOX', 'GDPR', 'EMEA', 'Pilot', OWN_TAG])
    .map((tags) => ({ text: `set tags ${tags.join(', ')}`, changes: () => ({ tags }) })),
  fc
    .constantFrom({ category: 'api' }, { release: '0.0.1' }, { category: 'logicalInterface', release: 'x' })
    .map((fields) => ({ text: `set ${JSON.stringify(fields)}`, changes: () => ({ fields }) })),
  fc.constant({ text: 'rename', changes: (names: number) => ({ name: `Named by people ${names}` }) }),
  fc.constant({ text: 'archive', changes: () => ({ status: 'ARCHIVED' as const }) }),
);

const edited = fc.tuple(index, edits).map(([n, { text, changes }]) => ({
  text: `${text} of fact sheet ${n}`,
  edit: ({ world }: Real, model: Model) => {
    const sheet = at(world.sheets(), n);
    if (!sheet) return;
    const change = changes(model.names++);
    if (Array.isArray(change)) world.writeAround(sheet, ...change);
    else if (!(world.isBystander(sheet) && change.name)) world.edit(sheet, change);
  },
}));

const people: fc.Arbitrary<Step<Real>>[] = [
  edited.map(({ text, edit }) => step(text, (real, model) => edit(real, model))),
];

const settings: fc.Arbitrary<Step<Real>>[] = [
  fc.constantFrom(OWN_TAG, null).map((tag) =>
    step(`default tags: ${tag ?? 'none'}`, async ({ world, configure }) => {
      world.defaultTag = tag;
      await configure({ defaultTags: tag });
    }),
  ),
];

/** A run, during which a user edits a fact sheet right when the n-th batch arrives in LeanIX. */
const raced = fc.tuple(edited, fc.nat(2)).map(([{ text, edit }, after]) =>
  step<Real>(`sync, and meanwhile ${text}`, async (real, model) => {
    const { faults } = real.world.sandbox.leanix;
    const match = { operation: 'mutation', body: /"validateOnly":false/ } as const;
    faults.add({ kind: 'delay', ms: 0, after, match, meanwhile: () => edit(real, model) });
    await real.world.run('syncAll');
    faults.clear();
  }),
);

const runs: fc.Arbitrary<Step<Real>>[] = [
  fc.constantFrom(...RUNS).map((action) => step(action, ({ world }) => world.run(action))),
  raced,
  fc
    .tuple(fc.constantFrom('createFactSheets', 'updateFactSheets'), fc.array(index, { minLength: 1, maxLength: 4 }))
    .map(([action, numbers]) =>
      step(`${action} ${numbers.join(', ')}`, async ({ world }) => {
        const iflows = await world.iflows();
        if (iflows.length) await world.run(action, { iflows: numbers.map((n) => at(iflows, n).ID) });
      }),
    ),
  fc.constant(
    step('preview and apply', async ({ world }) => {
      const preview = await world.run('preview');
      if (preview) await world.run(`SyncRuns(${preview.ID})/RuntimeService.apply`);
    }),
  ),
  cancelStep(['syncAll', 'createAllNew'], 150),
];

const links: fc.Arbitrary<Step<Real>>[] = [
  fc.tuple(index, index).map(([n, m]) =>
    step(`link iFlow ${n} with fact sheet ${m}`, async ({ world }) => {
      const iflow = at(await world.iflows(), n);
      const sheet = at(
        world.sheets().filter((one) => !world.isBystander(one)),
        m,
      );
      const path = `runtime/IFlows(${iflow?.ID})/RuntimeService.link`;
      // LeanIX may be failing: then the answer is 502.
      if (iflow && sheet) await world.user.post(path, { factSheetId: sheet.id });
    }),
  ),
  index.map((n) =>
    step(`unlink iFlow ${n}`, async ({ world }) => {
      const iflow = at(await world.iflows(), n);
      if (iflow) await world.user.post(`runtime/IFlows(${iflow.ID})/RuntimeService.unlink`);
    }),
  ),
];

const faults: fc.Arbitrary<Step<Real>>[] = [
  ...faultSteps<Real>([{ operation: 'query' }, { operation: 'mutation' }, {}]),
  fc
    .constantFrom(0, 150)
    .map((ms) => step(`lists lag ${ms} ms`, ({ world }) => void (world.sandbox.leanix.switches.listLagMs = ms))),
];

const kills = killSteps<Real>({
  actions: RUNS,
  requests: 12,
  ms: 400,
  match: { path: /^(?!.*oauth2?\/token)/ },
  faultsOf: ({ sandbox }, action) => (action === 'refresh' ? sandbox.cpi : sandbox.leanix).faults,
});

const config = {
  leanix: { batchSize: 2, settleSeconds: 0.3, busySeconds: 0.3, sweepSeconds: 0.2, perSecond: 30 },
  transport: { backoff: 10, maxBackoff: 50, timeout: 2000, patience: 20_000 },
};

/** The app in this process. */
async function launched() {
  const app = await launchRuntime({
    seed: historySeed,
    config: { ...config, leanix: { ...config.leanix, leaseSeconds: 5 } },
  });
  return async (setup: Setup): Promise<Real> => {
    await app.begin({ ...setup, defaultTags: OWN_TAG });
    const world = new CatalogWorld(app.sandbox, () => app.as('enterprise'), setup);
    return { world, configure: (values) => app.configure({ ...setup, ...values }) };
  };
}

/** The app in a process that can be killed. */
async function killable() {
  const app = await launchKillable({
    seed: historySeed,
    config: {
      ...config,
      leanix: { ...config.leanix, leaseSeconds: 1 },
      log: { levels: { '*': 'error', cds: 'info', leanix: 'error', cpi: 'error', odata: 'silent' } },
    },
  });
  return async (setup: Setup): Promise<Real> => {
    const ID = await app.begin({ ...setup, defaultTags: OWN_TAG });
    const path = `settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`;
    const configure = (values: object) => app.user().patch(path, values);
    return { world: new CatalogWorld(app.sandbox, app.user, setup), configure, process: app.process };
  };
}

const begin = await (LONG ? killable() : launched());

test('whatever happens, and in whatever order: nothing is lost, nothing is doubled, nothing of others is touched', async () => {
  const all = [...tenant, ...people, ...people, ...settings, ...runs, ...links, ...faults];
  const options = LONG ? { runs: 12, seconds: 120, steps: 16 } : { runs: 12, seconds: 25, steps: 14 };
  await play({ ...options, begin }, { setups, all: LONG ? [...all, ...kills] : all, first: 'refresh' });
});
