/**
 * Where LeanIX may be reached: `*.leanix.net` over https, or of those only the ones that `LEANIX_ONLY_HOSTS` names; and
 * what `LEANIX_ALLOWED_HOSTS` adds. A host is text of the
 * form `name` or `name:port` in lower case, without the default port.
 */

const LABEL = /^(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const LOOPBACK = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/;

export type ParsedHost = { ok: true; host: string } | { ok: false; code: 'HOST_INVALID' };

/**
 * Checks and normalizes what a person enters as a host. Refused with `HOST_INVALID`: a scheme, path, user, slash,
 * whitespace, anything but ASCII, punycode, a trailing dot, IPv6, other spellings of an IPv4 address, and a port out of
 * range. An IPv4 address is a well-formed host; whether it may be used is up to `isAllowed`.
 */
export function parseHost(text: string): ParsedHost {
  const [, name = '', port] = /^([a-z0-9.-]+)(?::([1-9]\d{0,4}))?$/i.exec(text) ?? [];
  const host = name.toLowerCase();
  const wellFormed =
    name !== '' &&
    host.length <= 253 &&
    host.split('.').every((label) => LABEL.test(label)) &&
    Number(port ?? 1) <= 65535 &&
    // Other spellings of an address, such as 127.1 or 0x7f000001, come out of the parser as something else.
    URL.parse(`https://${host}`)?.hostname === host;
  if (!wellFormed) return { ok: false, code: 'HOST_INVALID' };
  const isDefault = port === undefined || port === (isLoopback(host) ? '80' : '443');
  return { ok: true, host: isDefault ? host : `${host}:${port}` };
}

/**
 * Whether a token may be sent to this host (in the form that `parseHost` leaves). A port other than https's own has to
 * be listed in `LEANIX_ALLOWED_HOSTS`. Both variables are read anew each time.
 */
export function isAllowed(host: string): boolean {
  const parsed = parseHost(host);
  if (!parsed.ok || parsed.host !== host) return false;
  const only = listed('LEANIX_ONLY_HOSTS');
  if (host.endsWith('.leanix.net') && (!only.length || only.includes(host))) return true;
  return listed('LEANIX_ALLOWED_HOSTS').includes(host);
}

/** The hosts in a variable. One that cannot be read stands for itself and allows nothing. */
function listed(variable: string): string[] {
  const entries = (process.env[variable] ?? '').split(',').map((entry) => entry.trim());
  return entries.filter(Boolean).map((entry) => {
    const parsed = parseHost(entry);
    return parsed.ok ? parsed.host : entry;
  });
}

/** The URL of a host, without a slash at its end: https, but http for a loopback host. */
export function baseUrl(host: string): string {
  return `${isLoopback(nameOf(host)) ? 'http' : 'https'}://${host}`;
}

/** The host of a URL in lower case, with its port unless that is the scheme's default; null if it is no http URL. */
export function hostOf(url: string): string | null {
  const parsed = URL.parse(url);
  return parsed && /^https?:$/.test(parsed.protocol) ? parsed.host.replace(/\.(?=:|$)/, '') : null;
}

/** Whether what is sent to a URL can be read by nobody on the way: https, or a loopback address. */
export function isSafe(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed?.protocol === 'https:' || isLoopback(parsed?.hostname ?? '');
}

const nameOf = (host: string) => host.replace(/:\d+$/, '');
const isLoopback = (name: string) => LOOPBACK.test(name);
