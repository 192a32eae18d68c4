/** As LeanIX calls them. */
export type PermissionStatus = 'ACTIVE' | 'INVITED' | 'REQUESTED' | 'NOTINVITED' | 'ARCHIVED' | 'ANONYMIZED';

/** A permission of a workspace and what of its user is fixed. All other attributes are taken from `raw` by the mapping. */
export type Permission = {
  id: string;
  userId: string;
  role: string;
  status: PermissionStatus;
  email: string | null;
  /** ISO */
  lastLogin: string | null;
  technical: boolean;
  scimManaged: boolean;
  /** As it was read. */
  raw: Record<string, unknown>;
};

/** The roles that a task can give. */
export const REQUESTABLE = ['VIEWER', 'MEMBER', 'ADMIN'] as const;

/** What nobody can go below: an account has exactly one role at any time. */
export const BASIC_ROLE = 'VIEWER';

export type TaskKind = 'createAccount' | 'enableAccount' | 'addAccess' | 'removeAccess' | 'removeAccount';

/** What is wrong, as a message code and the arguments of its text. */
export type Refusal = { code: string; args: string[] };
