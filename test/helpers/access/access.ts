import type { SandboxOptions } from '../../../sandbox/index.ts';
import type { User } from '../../../sandbox/leanix/types.ts';
import type { SeedMaker } from '../../../sandbox/seed/types.ts';
import { ok, type Answer } from '../app/user.ts';
import { launchRuntime, type RuntimeApp } from '../runtime/runtime.ts';

/** The app with helpers for tests about access. */
export type AccessApp = RuntimeApp & {
  /**
   * Starts over with one configuration and these access settings.
   * @returns the ID of the configuration
   */
  start(settings?: object, seed?: SeedMaker): Promise<string>;
  /** Changes the access settings of a configuration, the only one unless it is named. */
  govern(settings: object, configId?: string): Promise<Answer>;
  /** A user's account with its relations, by the part of the e-mail before the @. */
  account(name: string): Promise<any>;
  /** An action on an account, as an enterprise admin. */
  onAccount(name: string, action: string, body?: object): Promise<Answer>;
  task(ID: string): Promise<any>;
  /** The user in LeanIX. */
  user(name: string): User | undefined;
};

export const emailOf = (name: string) => `${name}@halvorsen.example`;

/** Starts the app on a sandbox with the people of the company. Await it once, at the top of a test file. */
export async function launchAccess(options: SandboxOptions & { config?: object } = {}): Promise<AccessApp> {
  const app = await launchRuntime(options);
  const enterprise = app.as('enterprise');
  const access: AccessApp = {
    ...app,
    async start(settings = {}, seed = undefined) {
      const ID = await app.begin({}, seed);
      if (Object.keys(settings).length) await ok(access.govern(settings, ID));
      return ID;
    },
    async govern(settings, configId = undefined) {
      const ID = configId ?? (await app.configId());
      return enterprise.patch(`access/AccessConfigs(ID=${ID},IsActiveEntity=true)`, settings);
    },
    async account(name) {
      const filter = encodeURIComponent(`email eq '${emailOf(name)}'`);
      const { body } = await ok(enterprise.get(`access/Accounts?$filter=${filter}&$expand=person,assignments`));
      return body.value[0];
    },
    async onAccount(name, action, body = {}) {
      const { ID } = await access.account(name);
      return enterprise.post(`access/Accounts(${ID})/AccessService.${action}`, body);
    },
    task: async (ID) => (await ok(enterprise.get(`access/ProvisioningTasks(${ID})`))).body,
    user: (name) => app.sandbox.leanix.state.users.find(({ email }) => email === emailOf(name)),
  };
  return access;
}
