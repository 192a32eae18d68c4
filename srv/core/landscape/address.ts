import type { AddressRule } from './adapters.ts';
import type { AddressState, Parameters } from './types.ts';

/** The location of the other side of a channel. */
export type Place = { host: string | null; state: AddressState };

const PLACEHOLDER = /\{\{([^{}]+)\}\}/g;

/** Replaces parameters once: their values contain no further placeholders. Placeholders without a parameter stay. */
export function putIn(text: string, parameters: Parameters): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => parameters.get(name) ?? whole);
}

/** A runtime expression, such as `${property.Host}`. */
const EXPRESSION = /\$\{([^{}]*)\}/g;

/**
 * Replaces the properties and headers that have one constant value in the whole model.
 * @param constants by `property.<name>` and `header.<name>`; null if several values are assigned
 */
export function lookUp(text: string, constants: ReadonlyMap<string, string | null>): string {
  return text.replace(EXPRESSION, (whole, name: string) => constants.get(name.trim()) ?? whole);
}

/** Hints in place of an address. */
const UNSET = new Set(['localhost', 'host', 'hostname', 'server', 'smtp', '127.0.0.1', '0.0.0.0']);

/**
 * The host of an address, in lower case, without user and port.
 * @param text with parameters and constants replaced
 */
export function placeOf(text: string, { form }: AddressRule): Place {
  const address = text.trim();
  if (address === '') return { host: null, state: 'empty' };
  // For a sender, the path at which the tenant is called. For a receiver, the host is missing.
  if (address.startsWith('/')) return { host: null, state: 'empty' };
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(address)?.[0] ?? '';
  const authority = address.slice(scheme.length).split(/[/?#]/, 1)[0]!;
  if (authority.includes('${')) return { host: null, state: 'dynamic' };
  if (authority.includes('{{')) return { host: null, state: 'unset' };
  const first = form === 'host' ? authority.split(',', 1)[0]! : authority;
  const withPort = first.slice(first.lastIndexOf('@') + 1);
  const host = withPort.replace(/:\d*$/, '').toLowerCase();
  if (host === '') return { host: null, state: 'empty' };
  if (UNSET.has(host) || host.split('.').includes('example')) return { host: null, state: 'unset' };
  if (!/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/.test(host)) return { host: null, state: 'unset' };
  // A single word may be the name of a bean, a container or a topic.
  const known = scheme !== '' || withPort.includes(':') || host.includes('.') || form !== 'loose';
  return { host: known ? host : null, state: 'resolved' };
}
