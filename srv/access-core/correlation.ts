/** Whom accounts belong to. */

export type CorrelateBy = 'email' | 'userName' | 'none';
export type CorrelatedBy = 'email' | 'userName' | 'manual' | 'none';

export type Correlated = {
  email: string | null;
  userName: string | null;
  personId: string | null;
  correlatedBy: CorrelatedBy | null;
};

export type PersonKeys = { ID: string; email: string | null; userName: string | null };

export type Relation = { personId: string | null; correlatedBy: CorrelatedBy | null };

/**
 * Finds people for accounts by a rule, upper and lower case alike.
 * @returns the relation of an account: what a person decided stays, and where the rule finds nobody, or several, there
 * is none
 */
export function correlation(people: readonly PersonKeys[], rule: CorrelateBy): (account: Correlated) => Relation {
  const found = new Map<string, string | null>();
  for (const person of people) {
    const key = rule === 'none' ? '' : keyOf(person[rule]);
    if (key) found.set(key, found.has(key) ? null : person.ID);
  }
  const known = new Set(people.map(({ ID }) => ID));
  return (account) => {
    const { personId, correlatedBy } = account;
    if (correlatedBy === 'none') return { personId: null, correlatedBy };
    if (correlatedBy === 'manual' && personId && known.has(personId)) return { personId, correlatedBy };
    const match = rule === 'none' ? null : found.get(keyOf(account[rule]));
    return match ? { personId: match, correlatedBy: rule } : { personId: null, correlatedBy: null };
  };
}

const keyOf = (value: string | null) => value?.trim().toLowerCase() ?? '';
