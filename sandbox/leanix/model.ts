import { readFileSync } from 'node:fs';

/** The parts of a workspace's data model that the stand-in works with. */
export interface DataModel {
  factSheets: Record<string, FactSheetModel>;
  externalIdFields: Record<string, ExternalIdModel>;
  rules?: { defaultNamingRule?: NamingRule };
  [other: string]: unknown;
}

export interface FactSheetModel {
  fields: Record<string, FieldModel>;
  namingRule?: NamingRule;
  [other: string]: unknown;
}

export interface FieldModel {
  type: string;
  values?: string[];
  [other: string]: unknown;
}

export interface ExternalIdModel {
  uniqueFactSheet?: boolean;
  readOnly?: boolean;
  forFactSheets: string[];
  [other: string]: unknown;
}

interface NamingRule {
  regular?: { fullName?: NamePart[] };
}

interface NamePart {
  field?: string;
  separator?: string;
  operation?: string;
}

/** The data model that a workspace starts with, as exported from a real one. */
export function defaultDataModel(): DataModel {
  return JSON.parse(readFileSync(new URL('./data-model.json', import.meta.url), 'utf8')) as DataModel;
}

/** Names of the external id fields that a type of fact sheets has. */
export function externalIdFieldsOf(model: DataModel, type: string): string[] {
  return Object.keys(model.externalIdFields).filter((field) =>
    model.externalIdFields[field]?.forFactSheets.includes(type),
  );
}

/** The full name by the naming rule of the type, such as name and release. Parts from relations are left out. */
export function fullNameOf(model: DataModel, type: string, name: string, fields: Record<string, unknown>): string {
  const rule = model.factSheets[type]?.namingRule ?? model.rules?.defaultNamingRule;
  let fullName = '';
  for (const part of rule?.regular?.fullName ?? [{ field: 'name' }]) {
    const value = part.field === 'name' ? name : part.field && fields[part.field];
    if (typeof value !== 'string' || !value) continue;
    const separator = fullName ? (part.separator ?? '') : '';
    fullName = part.operation === 'PREPEND' ? value + separator + fullName : fullName + separator + value;
  }
  return fullName;
}

/**
 * The answer of `GET /models/languages/en`: English labels of types, fields and select values. That labels come from
 * there is documented, their structure is inferred:
 * `{ factSheets: { Application: { label, fields: { category: { label, values: { microservice: 'Microservice' } } } } } }`;
 * `values` is there for fields with options only.
 */
export function labelsOf(model: DataModel): { factSheets: Record<string, unknown> } {
  const factSheets = Object.entries(model.factSheets).map(([type, { fields }]) => {
    const fieldLabels = Object.entries(fields).map(([name, field]) => {
      const values = field.values && Object.fromEntries(field.values.map((key) => [key, label(key)]));
      return [name, values ? { label: label(name), values } : { label: label(name) }] as const;
    });
    return [type, { label: label(type), fields: Object.fromEntries(fieldLabels) }] as const;
  });
  return { factSheets: Object.fromEntries(factSheets) };
}

const ABBREVIATIONS: Record<string, string> = {
  api: 'API',
  saas: 'SaaS',
  paas: 'PaaS',
  iaas: 'IaaS',
  llm: 'LLM',
  ui: 'UI',
};

/** `businessApplication` → `Business Application`, `ITComponent` → `IT Component`, `lxAiRisk` → `Ai Risk`. */
function label(key: string): string {
  const words = key
    .replace(/^lx(?=[A-Z])/, '')
    .replace(/([a-z])([A-Z0-9])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2');
  return ABBREVIATIONS[key] ?? words.charAt(0).toUpperCase() + words.slice(1);
}
