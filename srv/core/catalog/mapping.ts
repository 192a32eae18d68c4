import type { IFlow, Mapping } from './types.ts';

/** A mapping row that cannot be used. `code` is a message key, `index` the position of the row in the list. */
export type MappingProblem = {
  code: 'MAPPING_FIELD_UNKNOWN' | 'MAPPING_PATH_INVALID' | 'MAPPING_PATH_RESERVED' | 'MAPPING_PATH_DUPLICATE';
  args: string[];
  index: number;
};

/** The mappable fields of an iFlow, by their names in the settings. */
export const iflowFields: Readonly<Record<string, (iflow: IFlow) => string | null>> = {
  name: (iflow) => iflow.name,
  id: (iflow) => iflow.artifactId,
  description: (iflow) => iflow.description,
  version: (iflow) => iflow.version,
  package_id: (iflow) => iflow.packageId,
  Status: (iflow) => iflow.status,
  package_name: (iflow) => iflow.packageName,
  type: (iflow) => iflow.type,
  sender: (iflow) => iflow.sender,
  receiver: (iflow) => iflow.receiver,
  deployed_by: (iflow) => iflow.deployedBy,
  deployed_on: (iflow) => iflow.deployedOn,
};

const WELL_FORMED = /^(\/[A-Za-z0-9_]+)+$/;

/**
 * Checks the rows of a mapping: a known iFlow field, a well-formed path other than `/externalId` (which holds the
 * identity and is written automatically), and each path once. `/tags` may occur several times, since tags add up.
 * @returns one problem per unusable row, in the order of the rows. Whether the workspace has a field is not checked
 * here; LeanIX tells
 */
export function checkMappings(rows: readonly Pick<Mapping, 'iflowField' | 'leanixPath'>[]): MappingProblem[] {
  const problems: MappingProblem[] = [];
  const seen = new Set<string>();
  rows.forEach(({ iflowField, leanixPath }, index) => {
    const add = (code: MappingProblem['code'], ...args: string[]) => problems.push({ code, args, index });
    if (!Object.hasOwn(iflowFields, iflowField)) {
      add('MAPPING_FIELD_UNKNOWN', iflowField, Object.keys(iflowFields).join(', '));
    } else if (!WELL_FORMED.test(leanixPath)) {
      add('MAPPING_PATH_INVALID', leanixPath);
    } else if (nameOf(leanixPath) === 'externalId') {
      add('MAPPING_PATH_RESERVED', leanixPath);
    } else if (seen.has(leanixPath) && leanixPath !== '/tags') {
      add('MAPPING_PATH_DUPLICATE', leanixPath);
    }
    seen.add(leanixPath);
  });
  return problems;
}

/**
 * The value of an iFlow's field as text, trimmed, with `\n` as the only line break.
 * @returns null for no value: an unknown field, null, or blank text
 */
export function valueOf(iflow: IFlow, field: string): string | null {
  const text = Object.hasOwn(iflowFields, field) ? iflowFields[field]?.(iflow) : null;
  return text?.replace(/\r\n?/g, '\n').trim() || null;
}

/** The field of a path: its first segment, such as `lifecycle` of `/lifecycle/active`. */
export function nameOf(path: string): string {
  return path.split('/')[1] ?? '';
}
