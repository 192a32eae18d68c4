/** A text with numbers or names in it. */
export function counted(pattern: string | null, ...values: (string | number | null)[]): string {
  return (pattern ?? '').replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? ''));
}
