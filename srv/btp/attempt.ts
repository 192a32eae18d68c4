import { executeHttpRequest } from '@sap-cloud-sdk/http-client';
import cds from '@sap/cds';
import { RemoteError } from '../base/remote-error.ts';
import type { Access, Answer, Request } from './request.ts';

/** What became of one request: an answer, or the reason why there is none, such as `ECONNRESET`. */
export type Attempt = { sent: boolean; answer?: Answer; reason?: string };

/** The reason where an answer is longer than what was asked for. */
export const TOO_LARGE = 'TOO_LARGE';

/** Failures that come before the first byte of a request: nothing was sent, so that a write may be sent again. */
const NEVER_SENT =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|CERT_|ERR_TLS_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO_)/;

const MAX_BYTES = 100 * 1024 * 1024;
const asItIs = [(data: unknown) => data];

/**
 * Sends a request once over the Cloud SDK. Never follows redirects, takes every status as an answer, and cuts the
 * connection after `timeout` milliseconds (reason `ETIMEDOUT`). A destination that came with nothing but failed tokens
 * counts as answered with 401, without being called. Throws only `DESTINATION_INVALID`, if the SDK cannot use it.
 */
export async function attempt(request: Request, access: Access, timeout: number): Promise<Attempt> {
  const { method, path, body, write, signal, mostBytes } = request;
  if (!/^\/(?!\/)/.test(path)) throw new TypeError('path must start with one slash');
  if (!access.headers && tokensFailed(access)) return { sent: false, answer: { status: 401, headers: {}, text: '' } };
  const clock = AbortSignal.timeout(timeout);
  try {
    const response = await executeHttpRequest(
      access.destination,
      {
        method,
        url: path,
        data: body,
        headers: { accept: 'application/json', ...correlation(), ...request.headers, ...access.headers },
        timeout,
        signal: signal && !write ? AbortSignal.any([signal, clock]) : clock,
        maxRedirects: 0,
        // What is compressed counts as it is unpacked.
        maxContentLength: mostBytes ?? MAX_BYTES,
        validateStatus: () => true,
        responseType: mostBytes === undefined ? 'text' : 'arraybuffer',
        transformRequest: asItIs,
        transformResponse: asItIs,
      },
      { fetchCsrfToken: false },
    );
    const headers = Object.entries(response.headers as Record<string, unknown>);
    return {
      sent: true,
      answer: {
        status: response.status,
        headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), String(value)])),
        ...bodyOf(response.status, response.data),
      },
    };
  } catch (error) {
    const { isAxiosError, code, message } = error as { isAxiosError?: boolean; code?: string; message?: string };
    if (clock.aborted) return { sent: true, reason: 'ETIMEDOUT' };
    if (!isAxiosError && !signal?.aborted) {
      throw new RemoteError('DESTINATION_INVALID', request.system, { args: [access.destination.name ?? ''] });
    }
    // All that the HTTP client says of it.
    if (message?.startsWith('maxContentLength')) return { sent: true, reason: TOO_LARGE };
    const reason = code === 'ECONNABORTED' ? 'ETIMEDOUT' : (code ?? 'ECONNRESET');
    return { sent: !NEVER_SENT.test(reason), reason };
  }
}

/** Bytes are text where something went wrong. */
function bodyOf(status: number, data: unknown): Pick<Answer, 'text' | 'bytes'> {
  if (!Buffer.isBuffer(data)) return { text: typeof data === 'string' ? data : '' };
  return status === 200 ? { text: '', bytes: new Uint8Array(data) } : { text: data.toString('utf8') };
}

/** What the request belongs to, in the logs of the other side too. Nothing that cannot stand in a header. */
function correlation(): Record<string, string> {
  const id = cds.context?.id;
  return id && /^[\x21-\x7e]+$/.test(id) ? { 'x-correlation-id': id } : {};
}

function tokensFailed({ destination: { authTokens } }: Access): boolean {
  return !!authTokens?.length && authTokens.every((token) => token.error);
}
