/**
 * Points that public documentation leaves open, or that differ between versions of LeanIX. Tests cover each variant.
 */
export interface Switches {
  /** `errors: null` in the answer to a request that went well, as older servers sent it */
  nullErrorsKey: boolean;
  /** `data` after a failed mutation: `null`, or what each alias would have answered with null for the failing ones */
  errorDataShape: 'null' | 'aliasNull';
  /** report every failing alias of a request, not only the first */
  allErrors: boolean;
  /** `errorType` beside `message`, as older servers sent it, not below `extensions` */
  oldErrorShape: boolean;
  /** accept patches of the computed `/displayName` and ignore them */
  displayNameAccepted: boolean;
  /** list queries show a write only after this number of milliseconds; `factSheet(id)` shows it at once */
  listLagMs: number;
  /** the `Retry-After` header of an answer 429 by the rate limit */
  retryAfter: 'none' | 'seconds' | 'date';
  /** refuse a create or rename that gives two active fact sheets of a type the same full name */
  uniqueFullName: boolean;
  /** an unknown `tagName` makes a new tag outside of groups */
  tagModeCreates: boolean;
  /** texts are stored trimmed and with `\n` line ends */
  normalizeText: boolean;
  /** an update that changes nothing still counts up `rev` */
  revOnNoop: boolean;
  /** the largest page of permissions, regardless of the request */
  permissionPageLimit: number;
  /** whether all pages of permissions have the same order; neither is documented */
  permissionOrder: 'stable' | 'changing';
  /** lists of permissions show an invited user only after this number of milliseconds */
  invitationLagMs: number;
  /** what the invitation of an archived user does: it invites again, only changes the role, or is refused */
  inviteOfArchived: 'invites' | 'changesRole' | 'refused';
  /** every mutation is refused with this text, `validateOnly` or not; the real text is unknown */
  refuseWrites: string | null;
  /** whether that refusal names the first mutation of the request in its `path` */
  refusalPath: boolean;
  /** kinds of mutations that the token lacks the permission for */
  deniedMutations: ('createFactSheet' | 'updateFactSheet')[];
  /** fields that the token may not write, such as `alias` */
  deniedFields: string[];
  /** fields without which no fact sheet is created or changed; the real text is unknown */
  mandatoryFields: string[];
}

export const defaultSwitches: Readonly<Switches> = {
  nullErrorsKey: false,
  errorDataShape: 'null',
  allErrors: false,
  oldErrorShape: false,
  displayNameAccepted: false,
  listLagMs: 0,
  retryAfter: 'none',
  uniqueFullName: true,
  tagModeCreates: false,
  normalizeText: false,
  revOnNoop: false,
  permissionPageLimit: 100,
  permissionOrder: 'stable',
  invitationLagMs: 0,
  inviteOfArchived: 'invites',
  refuseWrites: null,
  refusalPath: true,
  deniedMutations: [],
  deniedFields: [],
  mandatoryFields: [],
};
