import type { FactSheet, Patch } from '../core/catalog/types.ts';
import { OutcomeUnknown } from '../base/remote-error.ts';
import { assertTypeName, type TypeModel } from './data-model.ts';
import { ask, object } from './graphql.ts';
import { selectionSet, toFactSheet, type FieldSelection } from './selection.ts';
import type { Session } from './session.ts';

/**
 * A fact sheet to write. `key` is the caller's name for it, unique within a request. `rev` is the revision that was
 * read; null only if nothing is stored.
 */
export type Mutation =
  | { key: string; kind: 'create'; name: string; type: string; patches: Patch[] }
  | { key: string; kind: 'update'; id: string; rev: number | null; patches: Patch[] };

/**
 * Why a mutation was refused. `key` is null if LeanIX named no alias. `code` is LeanIX's `errorType`, such as
 * `BUSINESS_LOGIC`, `REVISION_CLASH`, `CONSTRAINT_VIOLATION` or `MODEL_COMPLIANT`, else `LEANIX_REFUSED`. `message` is
 * LeanIX's own and can be shown.
 */
export type Failure = { key: string | null; code: string; message: string };

/** All or nothing: LeanIX executes a request in one transaction. */
export type WriteResult = { ok: true; factSheets: Map<string, FactSheet> } | { ok: false; failures: Failure[] };

/**
 * Sends mutations in ONE request, one alias each, with variables for everything but names of the schema. With
 * `validateOnly`, nothing is stored, and an answer without fact sheets is fine.
 *
 * An answer with errors means that nothing was stored, whatever `data` contains. `factSheets` holds, by key, what
 * LeanIX stored.
 *
 * Errors: `TYPE_INVALID`; `OutcomeUnknown` if the answer was lost, cannot be read, or lacks a fact sheet;
 * `LEANIX_FORBIDDEN`, `LEANIX_ERROR`, `LEANIX_NOT_A_WORKSPACE` by status, and those of `send`: nothing was stored.
 */
export async function sendMutations(
  session: Session,
  mutations: readonly Mutation[],
  type: TypeModel | undefined,
  fields: FieldSelection,
  { validateOnly = false, signal }: { validateOnly?: boolean; signal?: AbortSignal } = {},
): Promise<WriteResult> {
  if (mutations.length === 0) return { ok: true, factSheets: new Map() };
  const { document, variables } = toDocument(mutations, selectionSet(type, fields), validateOnly);
  const { data, problems } = await ask(session, document, variables, { write: !validateOnly, signal });
  const keys = new Map(mutations.map((mutation, index) => [`m${index}`, mutation.key]));
  if (problems.length > 0) {
    const failures = problems.map(({ alias, message, errorType }): Failure => {
      const code = errorType ?? 'LEANIX_REFUSED';
      return { key: keys.get(alias ?? '') ?? null, code, message };
    });
    // The general error (the transaction was rolled back) only says something if it stands alone.
    const named = failures.filter((failure) => failure.key !== null);
    return { ok: false, failures: named.length > 0 ? named : failures };
  }
  const factSheets = new Map<string, FactSheet>();
  for (const [alias, key] of keys) {
    const sheet = toFactSheet(object(data[alias])?.['factSheet']);
    if (sheet) factSheets.set(key, sheet);
    else if (!validateOnly) throw new OutcomeUnknown('leanix', session.host, 'incomplete answer', 200);
  }
  return { ok: true, factSheets };
}

function toDocument(mutations: readonly Mutation[], selection: string, validateOnly: boolean) {
  const declared = ['$validateOnly: Boolean'];
  const variables: Record<string, unknown> = { validateOnly };
  const bind = (name: string, type: string, value: unknown) => {
    declared.push(`$${name}: ${type}`);
    variables[name] = value;
    return `$${name}`;
  };
  const common = (patches: string) => `patches: ${patches}, validateOnly: $validateOnly) { factSheet ${selection} }`;
  const fields = mutations.map((mutation, n) => {
    const patches = bind(`p${n}`, '[Patch]!', mutation.patches);
    if (mutation.kind === 'create') {
      assertTypeName(mutation.type);
      const input = bind(`v${n}`, 'BaseFactSheetInput!', { name: mutation.name, type: mutation.type });
      return `m${n}: createFactSheet(input: ${input}, ${common(patches)}`;
    }
    const id = bind(`v${n}`, 'ID!', mutation.id);
    const rev = bind(`r${n}`, 'Long', mutation.rev);
    return `m${n}: updateFactSheet(id: ${id}, rev: ${rev}, ${common(patches)}`;
  });
  return { document: `mutation (${declared.join(', ')}) { ${fields.join(' ')} }`, variables };
}
