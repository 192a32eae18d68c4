/** Assigns accounts to people. */

export type CorrelateBy = 'email' | 'userName' | 'none';
export type CorrelatedBy = 'email' | 'userName' | 'manual' | 'none';

export type Correlated = {
  email: string | null;
  userName: string | null;
  personId: string | null;
  /** The e-mail of the assigned person, who may be in a former directory. */
  personEmail: string | null;
  correlatedBy: CorrelatedBy | null;
};

export type PersonKeys = {
  ID: string;
  email: string | null;
  userName: string | null;
  active: boolean;
  /** Several active people have this e-mail. */
  ambiguous?: boolean;
};

export type Relation = { personId: string | null; correlatedBy: CorrelatedBy | null };

/**
 * Finds people for accounts by a rule, ignoring case.
 * @param people of one directory, including inactive ones
 * @returns the person of an account; none unless exactly one active person matches. A manual assignment is kept; after
 * a change of directory, it moves to the person with the same e-mail.
 */
export function correlation(people: readonly PersonKeys[], rule: CorrelateBy): (account: Correlated) => Relation {
  const found = new Map<string, string | null>();
  for (const person of people.filter(({ active }) => active)) {
    const key = rule === 'none' ? '' : keyOf(person[rule]);
    const isOne = !found.has(key) && !(rule === 'email' && person.ambiguous);
    if (key) found.set(key, isOne ? person.ID : null);
  }
  const known = new Set(people.map(({ ID }) => ID));
  const byEmail = new Map(people.flatMap(({ ID, email }) => (keyOf(email) ? [[keyOf(email), ID]] : [])));
  return (account) => {
    const { personId, personEmail, correlatedBy } = account;
    if (correlatedBy === 'none') return { personId: null, correlatedBy };
    if (correlatedBy === 'manual' && personId) {
      const here = known.has(personId) ? personId : byEmail.get(keyOf(personEmail));
      return { personId: here ?? personId, correlatedBy };
    }
    const match = rule === 'none' ? null : found.get(keyOf(account[rule]));
    return match ? { personId: match, correlatedBy: rule } : { personId: null, correlatedBy: null };
  };
}

const keyOf = (value: string | null) => value?.trim().toLowerCase() ?? '';
