import { checkMappings } from '../catalog/mapping.ts';
import { isAllowed, parseHost } from '../btp/hosts.ts';
import { problem } from '../problem.ts';

/** A mapping row, as a client sends it. */
export type MappingInput = {
  ID?: string;
  iflowField?: string | null;
  leanixPath?: string | null;
  writeMode?: string | null;
};

/**
 * The host in the form in which it is stored.
 * @throws 400 HOST_INVALID (scheme, path, user, slash), HOST_NOT_ALLOWED
 */
export function checkHost(text: string): string {
  const parsed = parseHost(text.trim());
  if (!parsed.ok) throw problem(400, 'HOST_INVALID', text.slice(0, 100));
  if (!isAllowed(parsed.host)) throw problem(400, 'HOST_NOT_ALLOWED', parsed.host);
  return parsed.host;
}

/** Artifact types are words such as `INTEGRATION_FLOW`, separated by commas. @throws 400 ARTIFACT_TYPES_INVALID */
export function checkArtifactTypes(text: string): string {
  const types = text.split(',').map((type) => type.trim().toUpperCase());
  const wrong = types.find((type) => !/^[A-Z][A-Z0-9_]*$/.test(type));
  if (wrong !== undefined) throw problem(400, 'ARTIFACT_TYPES_INVALID', wrong.slice(0, 50));
  return [...new Set(types)].join(',');
}

/**
 * The name of a destination: letters, digits, underscore, dot and hyphen.
 * @throws 400 DESTINATION_NAME_INVALID
 */
export function checkDestinationName(text: string): string {
  const name = text.trim();
  if (!/^\w[\w.-]*$/.test(name)) throw problem(400, 'DESTINATION_NAME_INVALID', text.slice(0, 50));
  return name;
}

/** @throws 400 MAPPING_FIELD_UNKNOWN, MAPPING_PATH_INVALID, MAPPING_PATH_RESERVED, MAPPING_PATH_DUPLICATE */
export function checkMappingRows(rows: readonly MappingInput[]): void {
  const [first] = checkMappings(
    rows.map(({ iflowField, leanixPath }) => ({ iflowField: iflowField ?? '', leanixPath: leanixPath ?? '' })),
  );
  if (!first) return;
  const element = first.code === 'MAPPING_FIELD_UNKNOWN' ? 'iflowField' : 'leanixPath';
  const { ID } = rows[first.index] ?? {};
  throw at(
    ID ? `mappings(ID=${ID},IsActiveEntity=false)/${element}` : element,
    problem(400, first.code, ...first.args),
  );
}

/** A fact sheet type is the name of one in the workspace's data model. @throws 400 TYPE_INVALID */
export function checkFactSheetType(text: string): string {
  const type = text.trim();
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(type)) throw problem(400, 'TYPE_INVALID', text.slice(0, 100));
  return type;
}

/** Elements that are checked where they are given, with what checks them. */
const CHECKS: Record<string, (text: string) => string> = {
  name: (text) => text.trim(),
  leanixHost: checkHost,
  leanixDestination: checkDestinationName,
  cpiDestination: checkDestinationName,
  artifactTypes: checkArtifactTypes,
  factSheetType: checkFactSheetType,
};

/**
 * One element of a configuration in the form in which it is stored; a blank text becomes null.
 * @throws 400 with the code of what is wrong, and the element as its target
 */
export function checkElement(element: string, value: unknown): unknown {
  const check = CHECKS[element];
  if (!check || typeof value !== 'string') return value;
  if (value.trim() === '') return null;
  try {
    return check(value);
  } catch (error) {
    throw at(element, error);
  }
}

/** Names the element that an error is about, so that a screen shows it there. */
export function at(target: string, error: unknown): Error {
  return Object.assign(error as Error, { target });
}

/**
 * Checks what is given of a configuration and brings it into the form in which it is stored; a blank text becomes null.
 * @param data is changed in place
 * @throws 400 with the code of the first thing that is wrong
 */
export function checkConfig(data: Record<string, unknown>): void {
  for (const element of Object.keys(CHECKS)) {
    if (typeof data[element] === 'string') data[element] = checkElement(element, data[element]);
  }
  if ('name' in data && !data['name']) throw at('name', problem(400, 'NAME_REQUIRED'));
  if (Array.isArray(data['mappings'])) checkMappingRows(data['mappings'] as MappingInput[]);
}
