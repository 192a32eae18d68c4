/** The answer of a service: its status, and its unchanged body. */
export type Answer = { status: number; body: any };

/** Requests of a user. Paths are below `/odata/v4`. */
export type User = {
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  patch(path: string, body: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
};

/** Sends a request with a JSON body. */
export async function send(
  method: string,
  url: string,
  { authorization, body }: { authorization?: string; body?: unknown } = {},
): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  try {
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
  } catch {
    return { status: answer.status, body: text };
  }
}

/** The header of a mocked user. */
export const basic = (user: string) => `Basic ${Buffer.from(`${user}:${user}`).toString('base64')}`;

/** A mocked user of an app, or an anonymous one without a name. @param url of the app, read for each request */
export function userAt(url: () => string, name?: string): User {
  const request = (method: string, path: string, body?: unknown) =>
    send(method, `${url()}/odata/v4/${path}`, { ...(name && { authorization: basic(name) }), body });
  return {
    get: (path) => request('GET', path),
    post: (path, body = {}) => request('POST', path, body),
    patch: (path, body) => request('PATCH', path, body),
    delete: (path) => request('DELETE', path),
  };
}

/** @throws if a request was refused */
export async function ok(answer: Promise<Answer>): Promise<Answer> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return { status, body };
}
