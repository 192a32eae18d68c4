/** A text with numbers or names in it. */
export function counted(pattern: string | null, ...values: (string | number | null)[]): string {
  return (pattern ?? '').replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? ''));
}

/** The address of a page; nothing for anything else. On this computer, the sandbox has pages without TLS. */
export function link(url: string | null): string | undefined {
  return url && /^(?:https:\/\/|http:\/\/(?:127\.0\.0\.1|localhost)[:/])/i.test(url) ? url : undefined;
}

/** What a run did, or would do if it is a preview. */
export function outcome(did: string | null, value: number | null, would: string | null, kind: string | null): string {
  return counted(kind === 'preview' ? would : did, value);
}
