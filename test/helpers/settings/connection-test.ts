import { act, draft, expectHelpful, newDraft } from './settings.ts';
import type { User } from '../app/app.ts';

let count = 0;

/** Helpers for tests of connections. @param host the configured host of LeanIX */
export function connectionTests(admin: User, host: string) {
  /** Tests the connection of a new draft. */
  const testOf = async (values: object, entered: object = {}) => {
    const ID = await newDraft(admin, {
      name: `Test ${count++}`,
      leanixHost: host,
      factSheetType: 'Interface',
      ...values,
    });
    return act(admin, draft(ID), 'testConnection', entered);
  };

  const expectFailure = async (answer: ReturnType<typeof testOf>, code: string, text: RegExp) => {
    const { status, body } = await answer;
    expect({ status, ok: body.ok, code: body.code }).toEqual({ status: 200, ok: false, code });
    expectHelpful(body.message, code);
    expect(body.message).toMatch(text);
  };

  const expectHint = async (answer: ReturnType<typeof testOf>, code: string, text: RegExp) => {
    const { status, body } = await answer;
    expect({ status, ok: body.ok, code: body.code }).toEqual({ status: 200, ok: true, code });
    expectHelpful(body.message, code);
    expect(body.message).toMatch(text);
  };

  return { testOf, expectFailure, expectHint };
}
