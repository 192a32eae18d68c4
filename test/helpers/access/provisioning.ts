import { tiny } from '../../../sandbox/seed/tiny.ts';
import { emailOf, launchAccess, type AccessApp } from './access.ts';
import { NO_LIMITS } from './no-limits.ts';
import type { Answer } from '../app/app.ts';

export const because = { justification: 'New in the team' };

/** The app with helpers for tests about tasks. */
export type ProvisioningApp = AccessApp & {
  /** Starts over with imported accounts. */
  imported: (settings?: object) => Promise<void>;
  /** Requests an account, as an enterprise admin. */
  request: (name: string, more?: object) => Promise<Answer>;
  /** An action on a task, as an enterprise admin. */
  onTask: (ID: string, action: 'cancel' | 'retry') => Promise<Answer>;
  /** The number of changes of access sent to LeanIX. */
  writes: () => number;
  /**
   * Removes the admin permission from the user of the API token.
   * @returns a function that restores it
   */
  revokeAdmin: () => Promise<() => void>;
};

/** Starts the app on a sandbox with the people of the company. Await it once, at the top of a test file. */
export async function launchProvisioning(): Promise<ProvisioningApp> {
  const transport = { backoff: 20, maxBackoff: 200, timeout: 3000, patience: 500 };
  const app = await launchAccess({ seed: tiny, config: { transport } });
  const enterprise = app.as('enterprise');
  return {
    ...app,
    async imported(settings = NO_LIMITS) {
      await app.start(settings);
      await app.job('importAll');
    },
    request: (name, more = {}) =>
      enterprise.post('access/requestAccount', { email: emailOf(name), role: 'MEMBER', ...because, ...more }),
    onTask: (ID, action) => enterprise.post(`access/ProvisioningTasks(${ID})/AccessService.${action}`),
    writes: () =>
      app.sandbox.leanix.log.count(
        ({ method, path }) => method === 'POST' && /idm\/invite|mtm\/v1\/permissions/.test(path),
      ),
    async revokeAdmin() {
      await app.configure({ leanixDestination: 'LEANIX_BASIC' });
      const { leanix } = app.sandbox;
      const { apiTokens, users } = leanix.state;
      const token = apiTokens.find(({ role }) => role === 'ADMIN')!;
      const user = users.find(({ id }) => id === token.userId)!;
      const give = (role: 'ADMIN' | 'MEMBER') => {
        token.role = user.role = role;
        leanix.rotateBearers();
      };
      give('MEMBER');
      return () => give('ADMIN');
    },
  };
}
