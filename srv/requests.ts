import type cds from '@sap/cds';

/** The ID of the row that a request is about; of the last one, where its path names several. */
export function keyOf(req: cds.Request): string {
  const key = req.params.at(-1) as string | { ID?: string } | undefined;
  return (typeof key === 'object' ? key.ID : key) ?? '';
}

/** Whether a value can be an ID; CAP takes any text for one. */
export const isUUID = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
