import cds from '@sap/cds';
import { launch } from '../../helpers/app/app.ts';
import { draft, everything, newDraft, saved } from '../../helpers/settings/settings.ts';

// Fractional numbers, and numbers too large for a database, are refused on input on every database.

const app = await launch();
const enterprise = app.as('enterprise');
const WRONG = [1.5, 3_000_000_000, -3_000_000_000, 1e300];

test.each(WRONG)('%d is no position', async (position) => {
  const ID = await app.configId();
  const before = await everything(app);
  const mappings = [{ iflowField: 'name', leanixPath: '/name', position }];
  const direct = await enterprise.patch(saved(ID), { mappings });
  const row = { iflowField: 'name', leanixPath: '/name' };
  const open = await newDraft(enterprise, { name: `Draft ${position}` });
  const own = await enterprise.post(`${draft(open)}/mappings`, row);
  const path = `settings/FieldMappings(ID=${own.body.ID},IsActiveEntity=false)`;
  const answers = [direct, await enterprise.post(`${draft(open)}/mappings`, { ...row, position })];
  answers.push(await enterprise.patch(path, { position }));
  for (const { status, body } of answers) {
    expect({ status, ...body.error }).toMatchObject({ status: 400, code: 'VALUE_INVALID' });
    expect(body.error.target).toMatch(/position$/);
  }
  expect(await everything(app)).toEqual(before);
});

test('nor any other number that can be written', async () => {
  const ID = await app.configId();
  const { body: jobs } = await enterprise.get('access/Jobs');
  const paths = {
    AccessConfigs: `access/AccessConfigs(ID=${ID},IsActiveEntity=true)`,
    Jobs: `access/Jobs(ID=${jobs.value[0].ID},IsActiveEntity=true)`,
  };
  let tried = 0;
  for (const [entity, path] of Object.entries(paths)) {
    const { elements } = cds.model!.definitions[`AccessService.${entity}`] as unknown as {
      elements: Record<string, { type: string; '@readonly'?: boolean; virtual?: boolean; value?: unknown }>;
    };
    const numbers = Object.entries(elements).filter(
      ([name, { type, virtual, value }]) => type === 'cds.Integer' && !virtual && !value && !/criticality/i.test(name),
    );
    for (const [name] of numbers) {
      for (const number of WRONG) {
        const { status, body } = await enterprise.patch(path, { [name]: number });
        expect({ name, number, status, target: body.error?.target }).toEqual({
          name,
          number,
          status: 400,
          target: name,
        });
        tried += 1;
      }
    }
  }
  expect(tried).toBeGreaterThanOrEqual(32);
});
