/**
 * A text of another system in the length of the column that it is stored in: some databases refuse longer ones, and all
 * rows with them. Never for ids.
 */
export function cut<T extends string | null>(text: T, length: number): T {
  if (text === null || text.length <= length) return text;
  // Half a character is none.
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '') as T;
}
