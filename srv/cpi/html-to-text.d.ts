/** The package comes without types: the part of it that is used here. */
declare module 'html-to-text' {
  export type Selector = { selector: string; format?: string; options?: Record<string, unknown> };
  export function convert(html: string, options?: { wordwrap?: number | false; selectors?: Selector[] }): string;
}
