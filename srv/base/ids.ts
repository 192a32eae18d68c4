let last = 0;

/**
 * A UUID of version 7 (RFC 9562), greater than all before it in this process. Rows created together are neighbors in
 * tables and indexes, so the database touches few pages.
 */
export function nextId(): string {
  last = Math.max(last + 1, Date.now() * COUNTS);
  const time = Math.floor(last / COUNTS)
    .toString(16)
    .padStart(12, '0');
  const count = (last % COUNTS).toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}${crypto.randomUUID().slice(18)}`;
}

/** IDs per millisecond; beyond that, the timestamp runs ahead. */
const COUNTS = 1024;
