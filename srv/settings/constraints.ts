import { checkMappings } from '../core/catalog/mapping.ts';
import { isAllowed, parseHost } from '../btp/hosts.ts';
import { cut } from '../base/text.ts';
import { problem, type InvalidInput } from '../base/problem.ts';
import { isUUID } from '../http/requests.ts';
import { at, checkDestinationName } from '../http/inputs.ts';

/** A mapping row, as a client sends it. */
export type MappingInput = {
  ID?: string | null;
  iflowField?: string | null;
  leanixPath?: string | null;
  writeMode?: string | null;
};

/**
 * The host in its stored form.
 * @throws 400 HOST_INVALID (scheme, path, user, slash), HOST_NOT_ALLOWED
 */
export function checkHost(text: string): string {
  const parsed = parseHost(text.trim());
  if (!parsed.ok) throw problem(400, 'HOST_INVALID', cut(text, 100));
  if (!isAllowed(parsed.host)) throw problem(400, 'HOST_NOT_ALLOWED', parsed.host);
  return parsed.host;
}

/** Artifact types are words such as `INTEGRATION_FLOW`, separated by commas. @throws 400 ARTIFACT_TYPES_INVALID */
function checkArtifactTypes(text: string): string {
  const types = text.split(',').map((type) => type.trim().toUpperCase());
  const wrong = types.find((type) => !/^[A-Z][A-Z0-9_]*$/.test(type));
  if (wrong !== undefined) throw problem(400, 'ARTIFACT_TYPES_INVALID', cut(wrong, 50));
  return [...new Set(types)].join(',');
}

/** @throws 400 MAPPING_INCOMPLETE, MAPPING_FIELD_UNKNOWN, MAPPING_PATH_INVALID, MAPPING_PATH_RESERVED, MAPPING_PATH_DUPLICATE */
export function checkMappingRows(rows: readonly MappingInput[]): void {
  for (const { ID } of rows) if (ID) checkId(ID);
  if (rows.some(({ iflowField, leanixPath }) => !iflowField?.trim() || !leanixPath?.trim())) {
    throw problem(400, 'MAPPING_INCOMPLETE');
  }
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

/** A fact sheet type is a name in the workspace's data model. @throws 400 TYPE_INVALID */
function checkFactSheetType(text: string): string {
  const type = text.trim();
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(type)) throw problem(400, 'TYPE_INVALID', cut(text, 100));
  return type;
}

/** Whether a date exists. `Date`, and CAP, turn days that a month does not have into other days. There is no year 0. */
export function isDate(text: string): boolean {
  const time = /^(?!0000)\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** @throws 400 VALUE_INVALID */
function checkId(text: string): string {
  if (!isUUID(text)) throw problem(400, 'VALUE_INVALID', 'ID');
  return text;
}

/** @throws 400 VALUE_INVALID */
function checkExpiry(text: string): string {
  if (!isDate(text)) throw problem(400, 'VALUE_INVALID', 'tokenExpiresOn');
  return text;
}

/** Present, but without a value. */
function isBlank(value: unknown): boolean {
  return value === null || (typeof value === 'string' && value.trim() === '');
}

/** Elements with the functions that check them. */
const CHECKS: Record<string, (text: string) => string> = {
  ID: checkId,
  name: (text) => text.trim(),
  description: (text) => text,
  category: (text) => text.trim(),
  defaultTags: (text) => text.trim(),
  leanixHost: checkHost,
  leanixDestination: checkDestinationName,
  cpiDestination: checkDestinationName,
  artifactTypes: checkArtifactTypes,
  factSheetType: checkFactSheetType,
  tokenExpiresOn: checkExpiry,
};

/**
 * One element of a configuration in its stored form; a blank text becomes null.
 * @throws 400 with the code of the problem, and the element as its target
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

/**
 * Checks the given elements of a configuration and brings them into their stored form; a blank text becomes null.
 * @param data is changed in place
 * @throws 400 with the code of the first problem
 */
export function checkConfig(data: Record<string, unknown>): void {
  if (isBlank(data['artifactTypes'])) data['artifactTypes'] = 'INTEGRATION_FLOW';
  for (const element of Object.keys(CHECKS)) {
    if (typeof data[element] === 'string') data[element] = checkElement(element, data[element]);
  }
  if ('name' in data && !data['name']) throw at('name', problem(400, 'NAME_REQUIRED'));
  if (Array.isArray(data['mappings'])) checkMappingRows(data['mappings'] as MappingInput[]);
}

const MISSING: Record<string, string> = {
  name: 'NAME_REQUIRED',
  iflowField: 'MAPPING_INCOMPLETE',
  leanixPath: 'MAPPING_INCOMPLETE',
};

/** Gives the findings of CAP's own checks our codes and texts. */
export function invalidInput({ code, target, args }: InvalidInput): Error | undefined {
  const element = target?.split('/').at(-1) ?? '';
  if (code === 'ASSERT_MANDATORY') return MISSING[element] ? problem(400, MISSING[element]) : undefined;
  if (code !== 'ASSERT_DATA_TYPE') return undefined;
  const length = /^(?:cds\.)?String\((\d+)\)$/.exec(String(args?.[1]))?.[1];
  if (length && typeof args?.[0] === 'string') return problem(400, 'VALUE_TOO_LONG', element, length);
  return problem(400, 'VALUE_INVALID', element);
}
