/** Whether every database takes a text: there is no NUL in it, and no half of a character. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** A text of another system as every database takes it: some refuse NUL and half a character, and all rows with them. */
export const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed();

/**
 * A text of another system that is `storable`, in the length of the column that it is stored in: some databases refuse
 * longer ones, too. Never for ids.
 */
export function cut<T extends string | null>(text: T, length: number): T {
  if (text === null) return text;
  const whole = storable(text);
  // Half a character is none.
  return (whole.length <= length ? whole : whole.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')) as T;
}
