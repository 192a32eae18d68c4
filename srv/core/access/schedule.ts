import { DateTime, IANAZone } from 'luxon';

export type Schedule = {
  schedule: 'off' | 'hours' | 'daily' | 'weekly';
  everyHours: number;
  /** Time of day, such as `02:30:00`. */
  atTime: string;
  weekday: Weekday;
  /** IANA name, such as `Europe/Berlin`. */
  timeZone: string;
};

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

const HOUR = 3_600_000;

/**
 * The first slot of a schedule after a given time; null if the schedule is off. If a change of the clocks skips the
 * time of day, the slot is one hour later; if the time occurs twice, there is one slot.
 * @param after ISO
 * @param previous the previous slot, from which hours are counted; defaults to `after`
 * @returns ISO, in UTC
 */
export function nextSlot(schedule: Schedule, after: string, previous: string | null = null): string | null {
  if (schedule.schedule === 'off') return null;
  if (schedule.schedule === 'hours') return nextByHours(schedule.everyHours, Date.parse(after), previous);
  const [hour = 0, minute = 0] = schedule.atTime.split(':').map(Number);
  const now = DateTime.fromISO(after, { zone: schedule.timeZone });
  const step = schedule.schedule === 'daily' ? 1 : 7;
  const offset = step === 1 ? 0 : WEEKDAYS.indexOf(schedule.weekday) + 1 - now.weekday;
  const first = now.startOf('day').plus({ days: offset });
  const slots = [0, step].map((days) => at(first.plus({ days }), hour, minute));
  const next = slots.find((slot) => slot > now) ?? at(first.plus({ days: 2 * step }), hour, minute);
  return next.toUTC().toISO();
}

const at = (day: DateTime, hour: number, minute: number) => day.set({ hour, minute, second: 0, millisecond: 0 });

function nextByHours(everyHours: number, after: number, previous: string | null): string {
  const step = everyHours * HOUR;
  const from = previous === null ? after : Date.parse(previous);
  const missed = Math.max(0, Math.floor((after - from) / step));
  return new Date(from + (missed + 1) * step).toISOString();
}

/** Whether the time zone exists. */
export const isTimeZone = (name: string) => IANAZone.isValidZone(name);
