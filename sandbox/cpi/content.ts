import type { Answer } from './answers.ts';
import type { Context } from './context.ts';
import { bundleOf } from './models/bundle.ts';
import type { ModelSpec } from './models/spec.ts';
import { ODataError } from './odata.ts';
import type { DesigntimeArtifact } from './state.ts';

/** The zip of an iFlow. Those of configure-only packages are refused. */
export function contentOf(artifact: DesigntimeArtifact, { state, switches }: Context): Answer {
  const { mode } = state.packages.find(({ id }) => id === artifact.packageId) ?? {};
  if (mode === 'READ_ONLY') throw new ODataError(switches.readOnlyContent, 'The package is configure-only');
  return { kind: 'bytes', bytes: bundleOf(artifact, specOf(artifact)), name: `${artifact.id}.zip` };
}

/** The externalized parameters of an iFlow. */
export function configurationsOf(artifact: DesigntimeArtifact, { linkRoot }: Context): Answer {
  const uri = `${linkRoot}/Configurations`;
  const entities = Object.entries(specOf(artifact).parameters ?? {}).map(([key, value]) => ({
    __metadata: { id: uri, uri, type: 'com.sap.hci.api.Configuration' },
    ParameterKey: key,
    ParameterValue: value,
    DataType: 'xsd:string',
  }));
  return { kind: 'list', entities };
}

/** What an iFlow connects. */
export function specOf({ id, model, sender, receiver }: DesigntimeArtifact): ModelSpec {
  if (model) return model;
  return {
    senders: [{ name: sender || 'Sender', adapter: 'HTTPS', properties: { urlPath: `/${id}` } }],
    receivers: [
      {
        name: receiver || 'Receiver',
        adapter: 'HTTP',
        properties: { httpAddressWithoutQuery: 'https://api.halvorsen.test/v1', httpMethod: 'POST' },
      },
    ],
  };
}
