/** As LeanIX calls them. */
const STATUSES = ['ACTIVE', 'INVITED', 'REQUESTED', 'NOTINVITED', 'ARCHIVED', 'ANONYMIZED'] as const;
export type PermissionStatus = (typeof STATUSES)[number];

/** LeanIX may know more of them by now: what those mean for a change, nobody here can tell. */
export const isKnownStatus = (status: string): status is PermissionStatus =>
  (STATUSES as readonly string[]).includes(status);

/** A permission of a workspace and what of its user is fixed. All other attributes are taken from `raw` by the mapping. */
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
