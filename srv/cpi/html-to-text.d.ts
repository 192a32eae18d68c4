/** The package comes without types: the part of it that is used here. */
declare module 'html-to-text' {
  export type Selector = { selector: string; format?: string; options?: Record<string, unknown> };
  export type Node = { type: string; name?: string; prev: Node | null; children?: Node[] };
  export type Builder = {
    addInline(text: string): void;
    openBlock(options: { leadingLineBreaks: number }): void;
    closeBlock(options: { trailingLineBreaks: number }): void;
  };
  export type Formatter = (
    node: Node,
    walk: (nodes: Node[] | undefined, builder: Builder) => void,
    builder: Builder,
  ) => void;
  export function convert(
    html: string,
    options?: {
      wordwrap?: number | false;
      limits?: { maxDepth: number; ellipsis: string };
      selectors?: Selector[];
      formatters?: Record<string, Formatter>;
    },
  ): string;
}
