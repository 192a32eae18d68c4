/**
 * Allowed hosts of LeanIX: `*.leanix.net` over https, restricted by `LEANIX_ONLY_HOSTS` and extended by
 * `LEANIX_ALLOWED_HOSTS`. A host is a text `name` or `name:port` in lower case, without the default port.
 */

const LABEL = /^(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const LOOPBACK = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/;

export type ParsedHost = { ok: true; host: string } | { ok: false; code: 'HOST_INVALID' };

/**
 * Checks and normalizes the host that a user enters. Refused with `HOST_INVALID`: a scheme, path, user, slash, white
 * space, anything but ASCII, punycode, a trailing dot, IPv6, other spellings of an IPv4 address, and a port out of
 * range. An IPv4 address is a valid host; `isAllowed` decides whether it can be used.
 */
export function parseHost(text: string): ParsedHost {
  const [, name = '', port] = /^([a-z0-9.-]+)(?::([1-9]\d{0,4}))?$/i.exec(text) ?? [];
  const host = name.toLowerCase();
  const wellFormed =
    name !== '' &&
    host.length <= 253 &&
    host.split('.').every((label) => LABEL.test(label)) &&
    Number(port ?? 1) <= 65535 &&
    // The parser changes other spellings of an address, such as 127.1 or 0x7f000001.
    URL.parse(`https://${host}`)?.hostname === host;
  if (!wellFormed) return { ok: false, code: 'HOST_INVALID' };
  const isDefault = port === undefined || port === (isLoopback(host) ? '80' : '443');
  return { ok: true, host: isDefault ? host : `${host}:${port}` };
}

/**
 * Whether a token may be sent to this host, in the form of `parseHost`. Ports other than that of https must be listed
 * in `LEANIX_ALLOWED_HOSTS`. Both variables are read on each call.
 */
export function isAllowed(host: string): boolean {
  const parsed = parseHost(host);
  if (!parsed.ok || parsed.host !== host) return false;
  const only = listed('LEANIX_ONLY_HOSTS');
  if (host.endsWith('.leanix.net') && (!only.length || only.includes(host))) return true;
  return listed('LEANIX_ALLOWED_HOSTS').includes(host);
}

/** The hosts in a variable. An unreadable host stays as it is and allows nothing. */
function listed(variable: string): string[] {
  const entries = (process.env[variable] ?? '').split(',').map((entry) => entry.trim());
  return entries.filter(Boolean).map((entry) => {
    const parsed = parseHost(entry);
    return parsed.ok ? parsed.host : entry;
  });
}

/** The URL of a host, without a slash at the end: https, but http for a loopback host. */
export function baseUrl(host: string): string {
  return `${isLoopback(nameOf(host)) ? 'http' : 'https'}://${host}`;
}

/** The host of a URL in lower case, with its port unless that is the default one; null if it is no http URL. */
export function hostOf(url: string): string | null {
  const parsed = URL.parse(url);
  return parsed && /^https?:$/.test(parsed.protocol) ? parsed.host.replace(/\.(?=:|$)/, '') : null;
}

/** Whether nobody can read what is sent to a URL: https, or a loopback address. */
export function isSafe(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed?.protocol === 'https:' || isLoopback(parsed?.hostname ?? '');
}

const nameOf = (host: string) => host.replace(/:\d+$/, '');
const isLoopback = (name: string) => LOOPBACK.test(name);
