import type { Answer } from './answers.ts';
import type { Context } from './context.ts';
import { applyFilter, applyOrder, applySelect, literal, odataDate, ODataError } from './odata.ts';
import type { Entity, ODataRequest } from './odata.ts';
import { page } from './paging.ts';
import type { RuntimeArtifact, ServiceEndpoint } from './state.ts';

const set = 'IntegrationRuntimeArtifacts';
const properties = ['Id', 'Version', 'Name', 'Type', 'DeployedBy', 'DeployedOn', 'Status'] as const;
/** `DeployedOn` cannot be filtered. */
const filterable = properties.filter((name) => name !== 'DeployedOn');

/** The deployed artifacts: list, number, one of them, and the text of its error. */
export function runtimeArtifacts({ segments, options }: ODataRequest, context: Context): Answer {
  const { state, switches } = context;
  const [{ key } = {}, second, third] = segments;
  if (!key) {
    const found = applyFilter(state.artifacts.map(entityOf), options.get('$filter'), filterable);
    if (second?.name === '$count' && switches.count === 'notImplemented') throw notImplemented();
    if (second?.name === '$count' && switches.count === 'fails') throw new ODataError(500, 'Internal Server Error');
    if (second?.name === '$count') return { kind: 'text', text: String(found.length), contentType: 'text/plain' };
    if (second) throw notImplemented();
    const ordered = applyOrder(found, options.get('$orderby'), properties);
    const { entities, next } = page(ordered, set, options, context, switches.ignoreSkip);
    const links = switches.metadata ? withLinks(entities, context) : entities;
    const selected = applySelect(links, options.get('$select'), properties);
    const counted = switches.inlineCount && options.get('$inlinecount') === 'allpages';
    return { kind: 'list', entities: selected, next, ...(counted && { count: found.length }) };
  }
  const artifact = state.artifacts.find(({ id }) => id === (key.Id ?? key['']));
  if (!artifact) throw notFound();
  if (!second) {
    const links = switches.metadata ? withLinks([entityOf(artifact)], context) : [entityOf(artifact)];
    const [entity = {}] = applySelect(links, options.get('$select'), properties);
    return { kind: 'entity', entity };
  }
  if (second.name !== 'ErrorInformation') throw notImplemented();
  if (third?.name !== '$value') throw notFound();
  if (artifact.error === undefined) return { kind: 'empty' };
  return { kind: 'text', text: artifact.error, contentType: 'application/xml' };
}

/** The addresses at which deployed iFlows can be called. */
export function serviceEndpoints({ segments, options }: ODataRequest, context: Context): Answer {
  if (segments.length > 1 || segments[0]?.key) throw notImplemented();
  const expand = (options.get('$expand') ?? '').split(',');
  const all = context.state.endpoints.map((endpoint) => endpointOf(endpoint, expand, context));
  const found = applyFilter(all, options.get('$filter'), ['Name', 'Protocol']);
  const { entities, next } = page(found, 'ServiceEndpoints', options, context, false);
  const counted = options.get('$inlinecount') === 'allpages';
  return { kind: 'list', entities, next, ...(counted && { count: found.length }) };
}

function entityOf(artifact: RuntimeArtifact): Entity {
  return {
    Id: artifact.id,
    Version: artifact.version,
    Name: artifact.name,
    Type: artifact.type,
    DeployedBy: artifact.deployedBy,
    DeployedOn: odataDate(artifact.deployedOn),
    Status: artifact.status,
  };
}

/** As on real tenants: the host has a port 443, and the link to the error may be that of another artifact. */
function withLinks(entities: Entity[], { linkRoot }: Context): Entity[] {
  const uriOf = (entity: Entity | undefined) => `${linkRoot}/${set}(${literal(String(entity?.Id))})`;
  const errorOfLast = `${uriOf(entities.at(-1))}/ErrorInformation`;
  return entities.map((entity) => ({
    __metadata: {
      id: uriOf(entity),
      uri: uriOf(entity),
      type: 'com.sap.hci.api.IntegrationRuntimeArtifact',
      content_type: 'application/octet-stream',
      media_src: `${uriOf(entity)}/$value`,
      edit_media: `${uriOf(entity)}/$value`,
    },
    ...entity,
    ErrorInformation: { __deferred: { uri: errorOfLast } },
  }));
}

function endpointOf(endpoint: ServiceEndpoint, expand: string[], { linkRoot, state }: Context): Entity {
  const id = `${endpoint.name}$endpointAddress=${endpoint.address}`;
  const uri = `${linkRoot}/ServiceEndpoints('${encodeURIComponent(id)}')`;
  const title = state.artifacts.find((artifact) => artifact.id === endpoint.name)?.name ?? endpoint.name;
  const url = `https://runtime.example.com/http${endpoint.address}`;
  const entryPoint = { Name: title, Url: url, Type: 'PROD', AdditionalInformation: '' };
  const definition = { Url: endpoint.definitionUrl ?? `${url}?wsdl`, Name: endpoint.definitionName ?? 'WSDL' };
  const definitions = endpoint.protocol === 'SOAP' ? [definition] : [];
  const navigation = (name: string, results: Entity[]) =>
    expand.includes(name) ? { results } : { __deferred: { uri: `${uri}/${name}` } };
  return {
    __metadata: { id: uri, uri, type: 'com.sap.hci.api.ServiceEndpoint' },
    Name: endpoint.name,
    Id: id,
    Title: title,
    Version: endpoint.version,
    Summary: '',
    Description: endpoint.description,
    LastUpdated: odataDate(endpoint.lastUpdated),
    Protocol: endpoint.protocol,
    EntryPoints: navigation('EntryPoints', [entryPoint]),
    ApiDefinitions: navigation('ApiDefinitions', definitions),
  };
}

function notFound(): ODataError {
  return new ODataError(404, 'Requested entity could not be found.');
}

function notImplemented(): ODataError {
  return new ODataError(501, 'Not implemented');
}
