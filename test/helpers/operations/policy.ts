/** The allowed scopes: one is enough. */
export const VIEWERS = ['Viewer', 'Admin', 'EnterpriseAdmin'];
export const ADMINS = ['Admin', 'EnterpriseAdmin'];
export const ENTERPRISE = ['EnterpriseAdmin'];

/** The policy of one service. */
export type Policy = {
  path: string;
  /** The users who may read the service; null for every signed-in user. */
  metadata: string[] | null;
  read: string[];
  /** Entities that can be written, by the users who can read them unless `write` names others. */
  writable: string[];
  write?: string[];
  /** Entities whose rows the same users can change, but neither create nor delete. */
  changeable?: string[];
  readable: string[];
  operations: Record<string, string[]>;
};
