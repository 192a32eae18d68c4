const NAMES = ['Suspended', 'Removed', 'Created', 'Leavers', 'RolesGiven', 'RolesTaken', 'Enabled', 'Admins'];

/** Access settings without any limit. */
export const NO_LIMITS: Record<string, null> = Object.fromEntries(
  NAMES.flatMap((name) => [`max${name}`, `max${name}Percent`].map((element) => [element, null])),
);
