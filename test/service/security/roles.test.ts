import cds from '@sap/cds';
import { launch, type Answer } from '../../helpers/app.ts';
import { batch } from '../../helpers/batch.ts';

// Everything that the services offer is taken from the model: a new operation without a guard fails here.

const app = await launch();
const USERS = ['viewer', 'admin', 'enterprise', 'nobody', undefined] as const;
type Name = (typeof USERS)[number];
type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
type Operation = { name: string; kind: 'read' | 'write' | 'action'; method: Method; path: string };

type Element = { type?: string; isAssociation?: boolean; virtual?: boolean };
type Definition = {
  kind: string;
  keys?: Record<string, Element>;
  actions?: Record<string, { kind: string }>;
  '@odata.draft.enabled'?: boolean;
  '@odata.singleton'?: boolean;
};

const NOBODY = '00000000-0000-4000-8000-000000000000';

/** The key predicates of an entity: for what may be a draft, one for the draft and one for what is saved. */
function keysOf({ keys = {}, '@odata.singleton': singleton }: Definition): string[] {
  if (singleton) return [''];
  const given = Object.entries(keys)
    .filter(([name, { isAssociation }]) => !isAssociation && name !== 'IsActiveEntity')
    .map(([name, { type }]) => `${name}=${type === 'cds.UUID' ? NOBODY : type === 'cds.Integer' ? 1 : `'x'`}`);
  if (!('IsActiveEntity' in keys)) return [`(${given.join(',')})`];
  return [true, false].map((active) => `(${[...given, `IsActiveEntity=${active}`].join(',')})`);
}

/** All that can be asked of a service over HTTP. */
function operationsOf(service: string): Operation[] {
  const at = (cds.services[service] as unknown as { path: string }).path.replace('/odata/v4/', '');
  const definitions = Object.entries(cds.model!.definitions as unknown as Record<string, Definition>)
    .filter(([name]) => name.startsWith(`${service}.`) && !name.endsWith('.drafts'))
    .map(([name, definition]): [string, Definition] => [name.slice(service.length + 1), definition]);
  return definitions.flatMap(([name, definition]): Operation[] => {
    if (definition.kind === 'action') return [{ name, kind: 'action', method: 'POST', path: `${at}/${name}` }];
    if (definition.kind === 'function') return [{ name, kind: 'action', method: 'GET', path: `${at}/${name}()` }];
    if (definition.kind !== 'entity') return [];
    const draftActions = definition['@odata.draft.enabled'] ? ['draftEdit', 'draftPrepare', 'draftActivate'] : [];
    const actions = [...new Set([...Object.keys(definition.actions ?? {}), ...draftActions])];
    const path = `${at}/${name}`;
    return [
      { name, kind: 'read', method: 'GET', path },
      { name, kind: 'write', method: 'POST', path },
      ...keysOf(definition).flatMap((key): Operation[] => [
        { name, kind: 'read', method: 'GET', path: path + key },
        { name, kind: 'write', method: 'PATCH', path: path + key },
        { name, kind: 'write', method: 'DELETE', path: path + key },
        ...actions.map((action): Operation => {
          const method = definition.actions?.[action]?.kind === 'function' ? 'GET' : 'POST';
          return { name: action, kind: 'action', method, path: `${path}${key}/${service}.${action}` };
        }),
      ]),
    ];
  });
}

const ask = (user: Name, { method, path }: Operation): Promise<Answer> => {
  const client = app.as(user);
  if (method === 'GET') return client.get(path);
  if (method === 'DELETE') return client.delete(path);
  return method === 'PATCH' ? client.patch(path, {}) : client.post(path, {});
};

/** What becomes of an operation: refused because of who asks, or not. */
const verdict = ({ status, body }: Answer) =>
  [401, 403].includes(status) ? `${status} ${body?.error?.code ?? ''}`.trim() : 'let in';

const verdicts = async (user: Name, operations: Operation[]) => {
  const found: Record<string, string> = {};
  for (const one of operations) found[`${one.method} ${one.path}`] = verdict(await ask(user, one));
  return found;
};

const expected = (operations: Operation[], of: (operation: Operation) => string) =>
  Object.fromEntries(operations.map((one) => [`${one.method} ${one.path}`, of(one)]));

test('the model tells what there is', () => {
  const names = (service: string) => operationsOf(service).map(({ name }) => name);
  expect(names('SettingsService')).toEqual(
    expect.arrayContaining(['LeanIXConfigs', 'FieldMappings', 'testConnection', 'draftActivate', 'exportSettings']),
  );
  expect(names('RuntimeService')).toEqual(expect.arrayContaining(['IFlows', 'Me', 'syncAll', 'link', 'apply']));
  expect(Object.keys(cds.services).filter((name) => name.endsWith('Service'))).toEqual(
    expect.arrayContaining(['SettingsService', 'RuntimeService']),
  );
});

describe('the settings are for admins:', () => {
  test.each(USERS)('%s', async (user) => {
    const operations = operationsOf('SettingsService');
    const mayEnter = user === 'admin' || user === 'enterprise';
    const refusal = user ? '403 403' : '401';
    expect(await verdicts(user, operations)).toEqual(
      expected(operations, ({ name, kind }) => {
        // CAP itself writes these, and nobody else.
        const own = name === 'DraftAdministrativeData' && kind === 'write';
        return mayEnter && !own ? 'let in' : refusal;
      }),
    );
  });

  test.each(['viewer', 'nobody'])('%s is refused in a batch as well', async (user) => {
    const parts = [{ method: 'GET' as const, path: 'LeanIXConfigs' }];
    const answers = await batch(app, user, parts).catch((error: Error) => error);
    if (answers instanceof Error) expect(answers.message).toContain('403');
    else expect(answers).toMatchObject([{ status: 403 }]);
  });
});

describe('what runs may be seen and refreshed by viewers; all else needs the enterprise plan:', () => {
  const READERS: Name[] = ['viewer', 'admin', 'enterprise'];

  test.each(USERS)('%s', async (user) => {
    const operations = operationsOf('RuntimeService').filter(({ kind }) => kind !== 'write');
    expect(await verdicts(user, operations)).toEqual(
      expected(operations, ({ name, kind }) => {
        if (!user) return '401';
        if (kind === 'read' || name === 'refresh') return READERS.includes(user) ? 'let in' : '403 403';
        return user === 'enterprise' ? 'let in' : '403 ENTERPRISE_REQUIRED';
      }),
    );
  });

  test.each(USERS)('nothing of it can be written by %s', async (user) => {
    for (const operation of operationsOf('RuntimeService').filter(({ kind }) => kind === 'write')) {
      const { status } = await ask(user, operation);
      expect({ ...operation, refused: status >= 400 && status < 500 }).toEqual({ ...operation, refused: true });
    }
  });
});

test('a wrong password is nobody', async () => {
  const authorization = `Basic ${Buffer.from('admin:wrong').toString('base64')}`;
  for (const path of ['settings/LeanIXConfigs', 'runtime/IFlows']) {
    const answer = await fetch(`${app.url()}/odata/v4/${path}`, { headers: { authorization } });
    expect(answer.status).toBe(401);
  }
});
