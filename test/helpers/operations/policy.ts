/** Who is let in: one of these scopes is enough. */
export const VIEWERS = ['Viewer', 'Admin', 'EnterpriseAdmin'];
export const ADMINS = ['Admin', 'EnterpriseAdmin'];
export const ENTERPRISE = ['EnterpriseAdmin'];

/** What is allowed of one service. */
export type Policy = {
  path: string;
  /** Who sees what the service offers; null for everybody who is signed in. */
  metadata: string[] | null;
  read: string[];
  /** Entities that may be written, by those who may read them unless `write` says who. */
  writable: string[];
  write?: string[];
  /** Entities whose rows may be changed by the same people, but neither created nor deleted. */
  changeable?: string[];
  readable: string[];
  operations: Record<string, string[]>;
};
