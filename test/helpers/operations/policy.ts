/** The scopes that are let in: one is enough. */
export const VIEWERS = ['Viewer', 'Admin', 'EnterpriseAdmin'];
export const ADMINS = ['Admin', 'EnterpriseAdmin'];
export const ENTERPRISE = ['EnterpriseAdmin'];

/** The policy of one service. */
export type Policy = {
  path: string;
  /** Who may read the service; null for every signed-in user. */
  metadata: string[] | null;
  read: string[];
  /** Entities that may be written, by those who may read them unless `write` names others. */
  writable: string[];
  write?: string[];
  /** Entities whose rows the same users may change, but neither create nor delete. */
  changeable?: string[];
  readable: string[];
  operations: Record<string, string[]>;
};
