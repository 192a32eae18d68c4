import cds from '@sap/cds';

export const NOBODY = '00000000-0000-4000-8000-000000000000';

type Element = { type?: string; isAssociation?: boolean; target?: string };
type Definition = {
  kind: string;
  keys?: Record<string, Element>;
  elements?: Record<string, Element>;
  actions?: Record<string, { kind: string }>;
  '@odata.draft.enabled'?: boolean;
  '@odata.singleton'?: boolean;
};
/** An operation or a kind of access; `key` is the entity or the operation. */
export type Operation = {
  key: string;
  kind: 'metadata' | 'read' | 'write' | 'operation';
  method: string;
  path: string;
};

export type Definitions = [name: string, definition: Definition][];

/** All definitions of a model. @param model its folder, or its compiled form */
export async function definitionsOf(model: string): Promise<Definitions> {
  const linked = cds.linked(cds.compile.for.nodejs(await cds.load(model)) as never);
  return Object.entries(linked.definitions as unknown as Record<string, Definition>);
}

/** Key predicates of an entity. If it can be a draft, for the draft and for the saved row. */
function keysOf({ keys = {}, '@odata.singleton': singleton }: Definition): string[] {
  if (singleton) return [''];
  const given = Object.entries(keys)
    .filter(([name, { isAssociation }]) => !isAssociation && name !== 'IsActiveEntity')
    .map(([name, { type }]) => `${name}=${type === 'cds.UUID' ? NOBODY : type === 'cds.Integer' ? 1 : `'x'`}`);
  if (!('IsActiveEntity' in keys)) return [`(${given.join(',')})`];
  return [true, false].map((active) => `(${[...given, `IsActiveEntity=${active}`].join(',')})`);
}

/** Everything that can be requested from a service over HTTP. */
export function operationsOf(definitions: Definitions, service: string, path: string): Operation[] {
  const at = `/odata/v4/${path}`;
  const own = definitions
    .filter(([name]) => name.startsWith(`${service}.`) && !name.endsWith('.drafts'))
    .map(([name, definition]): [string, Definition] => [name.slice(service.length + 1), definition]);
  const found = own.flatMap(([name, definition]): Operation[] => {
    const path = `${at}/${name.replaceAll('.', '_')}`;
    if (definition.kind === 'action') return [{ key: name, kind: 'operation', method: 'POST', path }];
    if (definition.kind === 'function') return [{ key: name, kind: 'operation', method: 'GET', path: `${path}()` }];
    if (definition.kind !== 'entity') return [];
    const drafts = definition['@odata.draft.enabled'] ? ['draftEdit', 'draftPrepare', 'draftActivate'] : [];
    const actions = [...new Set([...Object.keys(definition.actions ?? {}), ...drafts])];
    const ways = Object.entries(definition.elements ?? {}).filter(([, { isAssociation }]) => isAssociation);
    const read = (path: string): Operation => ({ key: name, kind: 'read', method: 'GET', path });
    const write = (method: string, path: string): Operation => ({ key: name, kind: 'write', method, path });
    return [
      read(path),
      // Drafts and singletons cannot be counted.
      ...(definition['@odata.singleton'] || name === 'DraftAdministrativeData' ? [] : [read(`${path}/$count`)]),
      ...ways.map(([way]) => read(`${path}?$expand=${way}`)),
      write('POST', path),
      ...keysOf(definition).flatMap((key): Operation[] => [
        read(path + key),
        ...ways.map(([way]) => read(`${path}${key}/${way}`)),
        ...['PATCH', 'PUT', 'DELETE'].map((method) => write(method, path + key)),
        ...actions.map((action): Operation => {
          const method = definition.actions?.[action]?.kind === 'function' ? 'GET' : 'POST';
          return {
            key: `${name}.${action}`,
            kind: 'operation',
            method,
            path: `${path}${key}/${service}.${action}`,
          };
        }),
      ]),
    ];
  });
  return [
    { key: '', kind: 'metadata', method: 'GET', path: `${at}/` },
    { key: '', kind: 'metadata', method: 'GET', path: `${at}/$metadata` },
    ...found,
  ];
}
