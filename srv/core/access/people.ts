/** Decides which row each person of a directory belongs to. */

/** A person as the directory lists them now. */
export type DirectoryEntry = {
  id: string;
  email: string | null;
  managerId: string | null;
  active: boolean;
};

/** A stored person. */
export type StoredPerson = {
  ID: string;
  /** The directory's own ID; null if it was not known yet. */
  directoryId: string | null;
  email: string | null;
  active: boolean;
};

/** An entry of the directory with its row. */
export type PlacedPerson<Entry> = {
  ID: string;
  entry: Entry;
  /** Null if somebody else has it. */
  email: string | null;
  managerId: string | null;
  /** Several active people share this e-mail, so it identifies nobody. */
  ambiguous: boolean;
};

export type PeoplePlan<Entry> = {
  people: PlacedPerson<Entry>[];
  /** IDs of rows that the directory no longer lists, including those that were already inactive. */
  gone: string[];
  /** IDs of people who were active and no longer are, whether the directory still lists them or not. */
  leavers: string[];
  /** IDs of rows whose e-mail moves: it must be free before another row gets it. */
  moved: string[];
};

const keyOf = (email: string | null) => email?.trim().toLowerCase() ?? '';

/**
 * Finds the rows of people by the directory's ID, then by e-mail, ignoring case. An e-mail belongs to its active owner;
 * if several are active, to the previous one, else to the lowest ID. Unknown inactive people are left out.
 * @param newId creates the ID of a new row
 */
export function placePeople<Entry extends DirectoryEntry>(
  stored: readonly StoredPerson[],
  read: readonly Entry[],
  newId: () => string,
): PeoplePlan<Entry> {
  const byId = new Map(stored.flatMap((row) => (row.directoryId ? [[row.directoryId, row]] : [])));
  const byEmail = new Map(stored.flatMap((row) => (row.email ? [[keyOf(row.email), row]] : [])));
  const entries = [...read].sort((a, b) => (a.id < b.id ? -1 : 1));
  const owners = ownersOf(entries, (entry) => {
    const row = byId.get(entry.id);
    if (!row) return 0;
    return keyOf(row.email) === keyOf(entry.email) ? 2 : 1;
  });
  const activeIds = new Set(entries.filter(({ active }) => active).map(({ id }) => id));
  const taken = new Set<string>();
  const rowOf = new Map<Entry, string>();
  const place = (entry: Entry, row: StoredPerson | undefined) => {
    if (!row || taken.has(row.ID)) return;
    taken.add(row.ID);
    rowOf.set(entry, row.ID);
  };
  // A known ID keeps its row, unless it is an inactive double of an active person.
  const isDouble = (entry: Entry) => !entry.active && owners.get(keyOf(entry.email))?.entry.active === true;
  for (const entry of entries) if (!isDouble(entry)) place(entry, byId.get(entry.id));
  for (const { entry } of owners.values()) {
    const row = byEmail.get(keyOf(entry.email));
    const isFree = row && !activeIds.has(row.directoryId ?? '');
    if (!rowOf.has(entry) && isFree) place(entry, row);
  }
  for (const entry of entries) if (isDouble(entry)) place(entry, byId.get(entry.id));
  for (const { entry } of owners.values()) if (!rowOf.has(entry) && entry.active) rowOf.set(entry, newId());

  const idOf = new Map([...rowOf].map(([{ id }, ID]) => [id, ID]));
  for (const { id, email } of entries) {
    const owner = owners.get(keyOf(email))?.entry;
    const ID = owner && rowOf.get(owner);
    if (ID && !idOf.has(id)) idOf.set(id, ID);
  }
  const people = [...rowOf].map(([entry, ID]): PlacedPerson<Entry> => {
    const owner = owners.get(keyOf(entry.email));
    return {
      ID,
      entry,
      email: owner?.entry === entry ? entry.email : null,
      managerId: idOf.get(entry.managerId ?? '') ?? null,
      ambiguous: entry.active && (owner?.actives ?? 0) > 1,
    };
  });
  return { people, ...leftOf(stored, people) };
}

type Owner<Entry> = { entry: Entry; actives: number };

/** The owner of each e-mail. @param rank the highest one wins among equals */
function ownersOf<Entry extends DirectoryEntry>(entries: readonly Entry[], rank: (entry: Entry) => number) {
  const owners = new Map<string, Owner<Entry>>();
  for (const entry of entries) {
    const key = keyOf(entry.email);
    if (!key) continue;
    const { entry: before, actives = 0 } = owners.get(key) ?? {};
    const isFirst =
      !before || (entry.active === before.active ? rank(entry) > rank(before) : entry.active && !before.active);
    owners.set(key, { entry: isFirst ? entry : before, actives: actives + (entry.active ? 1 : 0) });
  }
  return owners;
}

function leftOf(stored: readonly StoredPerson[], people: readonly PlacedPerson<DirectoryEntry>[]) {
  const now = new Map(people.map((person) => [person.ID, person]));
  const ownerIds = new Map(people.flatMap(({ ID, email }) => (email ? [[keyOf(email), ID]] : [])));
  const gone = stored.filter(({ ID }) => !now.has(ID)).map(({ ID }) => ID);
  const leavers = stored.filter(({ ID, active }) => active && !now.get(ID)?.entry.active).map(({ ID }) => ID);
  const moved = stored.filter(({ ID, email }) => {
    if (!email) return false;
    const person = now.get(ID);
    return person ? person.email !== email : (ownerIds.get(keyOf(email)) ?? ID) !== ID;
  });
  return { gone, leavers, moved: moved.map(({ ID }) => ID) };
}
