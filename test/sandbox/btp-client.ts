import type { BTP } from '../../sandbox/btp/server.ts';

/** The body of a response as an untyped object; undefined if there is none. */
export async function bodyOf(response: Response) {
  const text = await response.text();
  return text ? JSON.parse(text) : undefined;
}

/** The credentials of a service binding. */
export function credentialsOf(btp: BTP, label: string): Record<string, string> {
  const [binding] = (btp.vcapServices()[label] ?? []) as { credentials: Record<string, string> }[];
  return binding?.credentials ?? {};
}
