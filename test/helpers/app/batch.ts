import type { Answer, App } from './app.ts';

/** One request of a batch; the path is relative to the service. */
export type Part = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  /** A text is sent unchanged. */
  body?: object | string;
};

const LINE = '\r\n';

/**
 * Sends a multipart `$batch` as UI5 does: each list of parts is one change set, single parts are outside. Fails without
 * an answer within ten seconds.
 * @returns the answers in order; one for a failed change set or batch
 */
export async function batch(app: App, user: string, parts: readonly (Part | Part[])[]): Promise<Answer[]> {
  const body = [
    ...parts.flatMap((part, index) => [
      '--batch_1',
      ...(Array.isArray(part) ? changeSet(part, `changeset_${index}`) : request(part)),
    ]),
    '--batch_1--',
    '',
  ].join(LINE);
  const answer = await fetch(`${app.url()}/odata/v4/settings/$batch`, {
    method: 'POST',
    headers: {
      'content-type': 'multipart/mixed; boundary=batch_1',
      authorization: `Basic ${Buffer.from(`${user}:${user}`).toString('base64')}`,
    },
    body,
    signal: AbortSignal.timeout(10_000),
  });
  const text = await answer.text();
  if (answer.status !== 200) return [{ status: answer.status, body: JSON.parse(text) }];
  return text
    .split(/^HTTP\/1\.1 /m)
    .slice(1)
    .map((one) => {
      const [head = '', ...rest] = one.split(/\r?\n\r?\n/);
      const json = rest
        .join('\n')
        .replace(/^--[\w-].*$/gms, '')
        .trim();
      return { status: Number(head.slice(0, 3)), body: json ? JSON.parse(json) : null };
    });
}

function changeSet(parts: readonly Part[], boundary: string): string[] {
  return [
    `Content-Type: multipart/mixed;boundary=${boundary}`,
    '',
    ...parts.flatMap((part, index) => [`--${boundary}`, ...request(part, index)]),
    `--${boundary}--`,
  ];
}

function request({ method, path, body }: Part, index = 0): string[] {
  return [
    'Content-Type:application/http',
    'Content-Transfer-Encoding:binary',
    `Content-ID:${index}.0`,
    '',
    `${method} ${path} HTTP/1.1`,
    'Accept:application/json;odata.metadata=minimal;IEEE754Compatible=true',
    'Content-Type:application/json;charset=UTF-8;IEEE754Compatible=true',
    '',
    typeof body === 'string' ? body : body ? JSON.stringify(body) : '',
  ];
}
