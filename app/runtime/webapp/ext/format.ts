/** A text with a number or name in it. */
export function counted(pattern: string | null, value: string | number | null): string {
  return (pattern ?? '').replace('{0}', String(value ?? ''));
}
