/** Whom accounts belong to. */

export type CorrelateBy = 'email' | 'userName' | 'none';
export type CorrelatedBy = 'email' | 'userName' | 'manual' | 'none';

export type Correlated = {
  email: string | null;
  userName: string | null;
  personId: string | null;
  /** Of that person, who may be in another directory: that of before. */
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
 * Finds people for accounts by a rule, upper and lower case alike.
 * @param people of one directory, those who are not active any more too
 * @returns the relation of an account; there is none where the rule finds nobody who is active, or several. What a
 * person decided stays; where the configuration has another directory now, it is whoever has the same e-mail there.
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
