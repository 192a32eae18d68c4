/**
 * A time as ISO text, from any format of the remote systems: `/Date(1521463557739)/`, milliseconds as text or number,
 * or ISO, which is UTC if it has no time zone.
 * @returns null for anything else
 */
export function isoTime(raw: unknown): string | null {
  if (typeof raw !== 'string' && typeof raw !== 'number') return null;
  const text = String(raw).trim();
  const milliseconds = /^(?:\/Date\((-?\d+)(?:[+-]\d{4})?\)\/|(-?\d+))$/.exec(text);
  if (milliseconds) return toIso(Number(milliseconds[1] ?? milliseconds[2]));
  const iso = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
  return iso ? toIso(Date.parse(`${iso[1]}T${iso[2] ?? '00:00'}${iso[3] ?? 'Z'}`)) : null;
}

function toIso(milliseconds: number): string | null {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
