import cds from '@sap/cds';

/** Database values that are longer than their column, which SQLite allows: `entity.element`. */
export async function tooLong(): Promise<string[]> {
  const found: string[] = [];
  const entities = Object.values(cds.model!.definitions as unknown as Record<string, cds.entity>).filter(
    ({ kind, name, query }) => kind === 'entity' && name.startsWith('leanix.') && !query,
  );
  for (const entity of entities) {
    const rows = (await cds.tx({}, () => SELECT.from(entity.name))) as Record<string, unknown>[];
    for (const { name, length } of Object.values(entity.elements) as { name: string; length?: number }[]) {
      const values = length ? rows.map((row) => row[name]) : [];
      if (values.some((value) => typeof value === 'string' && value.length > length!)) {
        found.push(`${entity.name}.${name}`);
      }
    }
  }
  return found;
}
