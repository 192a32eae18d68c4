const NAMES = ['Suspended', 'Removed', 'Created', 'Leavers', 'RolesGiven', 'RolesTaken', 'Enabled', 'Admins'];

/** Access settings with which no limit is in the way of a run. */
export const NO_LIMITS: Record<string, null> = Object.fromEntries(
  NAMES.flatMap((name) => [`max${name}`, `max${name}Percent`].map((element) => [element, null])),
);
