import type { Answer, App, User } from '../app/app.ts';

/** Paths of a configuration: saved, and as a draft. */
export const saved = (ID: string) => `settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`;
export const draft = (ID: string) => `settings/LeanIXConfigs(ID=${ID},IsActiveEntity=false)`;
export const mappingsOf = (path: string) => `${path}/mappings?$orderby=position`;

/** Calls an action of a configuration. */
export function act(user: User, path: string, action: string, body: object = {}): Promise<Answer> {
  return user.post(`${path}/SettingsService.${action}`, body);
}

/** Starts a draft of a new configuration. @returns its ID */
export async function newDraft(user: User, values: object = {}): Promise<string> {
  const answer = await user.post('settings/LeanIXConfigs', values);
  if (answer.status !== 201) throw new Error(`No draft: ${JSON.stringify(answer.body)}`);
  return answer.body.ID;
}

/** Creates a configuration without a draft. @returns its ID */
export async function create(user: User, values: object): Promise<string> {
  const answer = await user.post('settings/LeanIXConfigs', { IsActiveEntity: true, ...values });
  if (answer.status !== 201) throw new Error(`Not created: ${JSON.stringify(answer.body)}`);
  return answer.body.ID;
}

/** All settings, to check that nothing has changed. */
export async function everything(app: App): Promise<unknown> {
  const { body } = await app
    .as('admin')
    .get('settings/LeanIXConfigs?$filter=IsActiveEntity eq true&$orderby=ID&$expand=mappings($orderby=ID)');
  return body.value;
}

/** The code of a refusal, and its details if several things are wrong. */
function codesOf({ body }: Answer): string[] {
  const { code, details } = body.error as { code: string; details?: { code: string }[] };
  return [code, ...(details ?? []).map((one) => one.code)];
}

/** Expects a refusal that a user can act on: the code of the contract, and a text that is more than the code. */
export function expectRefusal(answer: Answer, status: number, code: string): void {
  expect({ status: answer.status, codes: answer.body?.error && codesOf(answer) }).toMatchObject({
    status,
    codes: expect.arrayContaining([code]),
  });
  const texts = [answer.body.error, ...(answer.body.error.details ?? [])].filter((one) => one.code === code);
  for (const { message } of texts) expectHelpful(message, code);
}

/** A text for users: sentences, without code, placeholders, stacks or details of the database. */
export function expectHelpful(message: string, code: string): void {
  expect(message).toMatch(/\w \w+ \w/);
  expect(message).not.toContain(code);
  expect(message).not.toMatch(/\{\d\}|undefined|\[object|sqlite|constraint|node_modules|<html/i);
}
