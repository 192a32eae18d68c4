/** Whether every database accepts a text: no NUL, no half of a surrogate pair. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** Makes a remote text acceptable to every database: some refuse NUL and half surrogate pairs. */
export const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed();

/** A storable text, cut to the length of its column. Never use it for IDs. */
export function cut<T extends string | null>(text: T, length: number): T {
  if (text === null) return text;
  const whole = storable(text);
  // Do not cut a surrogate pair in half.
  return (whole.length <= length ? whole : whole.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')) as T;
}
