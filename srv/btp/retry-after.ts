/**
 * The pause in milliseconds that an answer requests: `Retry-After` in seconds or as an HTTP date (RFC 9110, 10.2.3). A
 * date is compared with the answer's own `Date`, so the clocks may differ. Null without a usable header.
 */
export function retryAfter(headers: Record<string, string>, now = Date.now()): number | null {
  const value = headers['retry-after']?.trim();
  if (!value) return null;
  if (/^\d+(?:\.\d+)?$/.test(value)) return Number(value) * 1000;
  const until = Date.parse(value);
  if (Number.isNaN(until)) return null;
  const sentAt = Date.parse(headers['date'] ?? '');
  return Math.max(0, until - (Number.isNaN(sentAt) ? now : sentAt));
}
