import type { Answer } from './answers.ts';
import type { Context } from './context.ts';
import { configurationsOf, contentOf } from './content.ts';
import { applySelect, literal, numberOption, ODataError } from './odata.ts';
import type { Entity, ODataRequest } from './odata.ts';
import { page } from './paging.ts';
import { designtimeSets } from './state.ts';
import type { DesigntimeArtifact, DesigntimeSet, IntegrationPackage } from './state.ts';

/** Kinds of which all artifacts of the tenant can be listed; the others only below their package. */
const listable: readonly string[] = ['ValueMappingDesigntimeArtifacts', 'MessageMappingDesigntimeArtifacts'];

/** The packages: list, one of them, and the artifacts below it. */
export function integrationPackages({ segments, options }: ODataRequest, context: Context): Answer {
  const { state } = context;
  const [{ key } = {}, second, third] = segments;
  if (options.has('$inlinecount') || second?.name === '$count') throw new ODataError(501, '$count is not supported');
  refuse(options, ['$expand', '$select', '$filter', '$orderby', '$format']);
  if (!key) {
    if (second) throw notImplemented();
    const all = state.packages.map((it) => packageEntity(it, context));
    return { kind: 'list', ...page(all, 'IntegrationPackages', options, context, false) };
  }
  const found = state.packages.find(({ id }) => id === (key.Id ?? key['']));
  if (!found) throw new ODataError(404, 'Requested entity could not be found.');
  if (!second) return { kind: 'entity', entity: packageEntity(found, context) };
  if (!isDesigntimeSet(second.name) || second.key || third) throw notImplemented();
  if (found.broken) throw new ODataError(500, 'Internal Server Error');
  const artifacts = state.designtime.filter(({ set, packageId }) => set === second.name && packageId === found.id);
  // As observed on a tenant: $top works here, $skip and $inlinecount are ignored.
  const entities = artifacts.map((it) => artifactEntity(it, context)).slice(0, numberOption(options, '$top'));
  return { kind: 'list', entities };
}

/** Design-time artifacts by their own address. */
export function designtimeArtifacts({ segments, options }: ODataRequest, context: Context): Answer {
  const { state } = context;
  const [{ name, key } = { name: '' }, second, third] = segments;
  if (third || !isDesigntimeSet(name)) throw notImplemented();
  if (
    second &&
    !(key && name === 'IntegrationDesigntimeArtifacts' && ['$value', 'Configurations'].includes(second.name))
  )
    throw notImplemented();
  const ofSet = state.designtime.filter(({ set }) => set === name);
  if (!key) {
    if (!listable.includes(name)) throw notImplemented();
    const all = ofSet.map((it) => artifactEntity(it, context));
    return { kind: 'list', ...page(all, name, options, context, false) };
  }
  const { Id: id, Version: version } = key;
  if (id === undefined || version === undefined) throw new ODataError(400, 'Invalid key predicate: Id and Version');
  const found = ofSet.find((it) => it.id === id && (version.toLowerCase() === 'active' || version === it.version));
  if (second && context.switches.contentForbidden) throw new ODataError(403, 'Forbidden');
  if (found && second?.name === '$value') return contentOf(found, context);
  if (found && second) return configurationsOf(found, context);
  if (!found) throw new ODataError(404, 'Integration design time artifact not found');
  const entity = artifactEntity(found, context);
  const [selected = entity] = applySelect([entity], options.get('$select'), ['Name', 'Version', 'PackageId']);
  return { kind: 'entity', entity: selected };
}

function isDesigntimeSet(name: string): name is DesigntimeSet {
  return (designtimeSets as readonly string[]).includes(name);
}

function packageEntity(it: IntegrationPackage, { linkRoot, switches }: Context): Entity {
  const uri = `${linkRoot}/IntegrationPackages(${literal(it.id)})`;
  return {
    ...(switches.metadata && {
      __metadata: {
        id: uri,
        uri,
        type: 'com.sap.hci.api.IntegrationPackage',
        content_type: 'application/octet-stream',
      },
    }),
    Id: it.id,
    Name: it.name,
    ResourceId: resourceIdOf(it.id),
    Description: it.description,
    ShortText: it.shortText,
    Version: it.version,
    Vendor: it.vendor,
    PartnerContent: false,
    UpdateAvailable: false,
    Mode: it.mode,
    SupportedPlatform: 'SAP Cloud Integration',
    ModifiedBy: it.modifiedBy,
    CreationDate: String(it.creationDate),
    ModifiedDate: String(it.modifiedDate),
    CreatedBy: it.createdBy,
    Products: it.products,
    Keywords: it.keywords,
    Countries: '',
    Industries: '',
    LineOfBusiness: it.lineOfBusiness,
    PackageContent: null,
    ...deferred(uri, [...designtimeSets, 'CustomTags']),
  };
}

function artifactEntity(it: DesigntimeArtifact, { linkRoot, switches }: Context): Entity {
  const version = it.draft ? 'Active' : it.version;
  const uri = `${linkRoot}/${it.set}(Id=${literal(it.id)},Version=${literal(version)})`;
  const isIFlow = it.set === 'IntegrationDesigntimeArtifacts';
  const ofIFlow = {
    Sender: it.sender,
    Receiver: it.receiver,
    CreatedBy: it.createdBy,
    CreatedAt: String(it.createdAt),
    ModifiedBy: it.modifiedBy,
    ModifiedAt: String(it.modifiedAt),
    ...deferred(uri, ['Configurations', 'Resources', 'DesignGuidelineExecutionResults']),
  };
  return {
    ...(switches.metadata && {
      __metadata: { id: uri, uri, type: `com.sap.hci.api.${it.set.slice(0, -1)}`, media_src: `${uri}/$value` },
    }),
    Id: it.id,
    Version: version,
    PackageId: it.packageId,
    Name: it.name,
    Description: it.description,
    ArtifactContent: null,
    ...(isIFlow && ofIFlow),
  };
}

function deferred(uri: string, names: string[]): Entity {
  return Object.fromEntries(names.map((name) => [name, { __deferred: { uri: `${uri}/${name}` } }]));
}

function resourceIdOf(id: string): string {
  return Buffer.from(id).toString('hex').padEnd(32, '0').slice(0, 32);
}

function refuse(options: URLSearchParams, names: string[]): void {
  if (names.some((name) => options.has(name))) throw notImplemented();
}

function notImplemented(): ODataError {
  return new ODataError(501, 'Not implemented');
}
