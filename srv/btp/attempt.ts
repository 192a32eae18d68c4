import { executeHttpRequest } from '@sap-cloud-sdk/http-client';
import cds from '@sap/cds';
import { RemoteError } from '../base/remote-error.ts';
import type { Access, Answer, Request } from './request.ts';

/** The outcome of one request: an answer, or the reason for a missing one, such as `ECONNRESET`. */
export type Attempt = { sent: boolean; answer?: Answer; reason?: string };

/** The reason if an answer is longer than allowed. */
export const TOO_LARGE = 'TOO_LARGE';

/** Failures before the first byte of a request: nothing was sent, so a write can be sent again. */
const NEVER_SENT =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|CERT_|ERR_TLS_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO_)/;

const MAX_BYTES = 100 * 1024 * 1024;
const asItIs = [(data: unknown) => data];

/**
 * Sends a request once with the Cloud SDK. It never follows redirects, accepts every status as an answer, and closes
 * the connection after `timeout` milliseconds (reason `ETIMEDOUT`). A destination that has only failed tokens counts as
 * answered with 401 and is not called. It throws only `DESTINATION_INVALID`, if the SDK cannot use the destination.
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
        // Limits the size after unpacking.
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
    // The HTTP client gives no other hint.
    if (message?.startsWith('maxContentLength')) return { sent: true, reason: TOO_LARGE };
    const reason = code === 'ECONNABORTED' ? 'ETIMEDOUT' : (code ?? 'ECONNRESET');
    return { sent: !NEVER_SENT.test(reason), reason };
  }
}

/** A binary body stays binary only with status 200; otherwise it is text. */
function bodyOf(status: number, data: unknown): Pick<Answer, 'text' | 'bytes'> {
  if (!Buffer.isBuffer(data)) return { text: typeof data === 'string' ? data : '' };
  return status === 200 ? { text: '', bytes: new Uint8Array(data) } : { text: data.toString('utf8') };
}

/**
 * Headers that correlate the request with the logs of the other system, without characters that headers do not allow.
 */
function correlation(): Record<string, string> {
  const id = cds.context?.id;
  return id && /^[\x21-\x7e]+$/.test(id) ? { 'x-correlation-id': id } : {};
}

function tokensFailed({ destination: { authTokens } }: Access): boolean {
  return !!authTokens?.length && authTokens.every((token) => token.error);
}
