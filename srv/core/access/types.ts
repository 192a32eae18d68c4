/** The names in LeanIX. */
const STATUSES = ['ACTIVE', 'INVITED', 'REQUESTED', 'NOTINVITED', 'ARCHIVED', 'ANONYMIZED'] as const;
export type PermissionStatus = (typeof STATUSES)[number];

/** LeanIX may have added further statuses. What they mean for a change is unknown. */
export const isKnownStatus = (status: string): status is PermissionStatus =>
  (STATUSES as readonly string[]).includes(status);

/**
 * A permission of a workspace with the fixed attributes of its user. The mapping takes all other attributes from `raw`.
 */
export type Permission = {
  id: string;
  userId: string;
  role: string;
  /** A `PermissionStatus`, as far as is known. */
  status: string;
  email: string | null;
  /** ISO */
  lastLogin: string | null;
  technical: boolean;
  scimManaged: boolean;
  /** As LeanIX returned it. */
  raw: Record<string, unknown>;
};

/** The roles that a task can grant. */
export const REQUESTABLE = ['VIEWER', 'MEMBER', 'ADMIN'] as const;

/** The lowest role: an account always has exactly one role. */
export const BASIC_ROLE = 'VIEWER';

export type TaskKind = 'createAccount' | 'enableAccount' | 'addAccess' | 'removeAccess' | 'removeAccount';

/** The reason of a refusal, as a message code and the arguments of its text. */
export type Refusal = { code: string; args: string[] };
