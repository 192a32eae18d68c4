import fc from 'fast-check';
import { DateTime } from 'luxon';
import { nextSlot, WEEKDAYS, type Schedule } from '../../../../srv/core/access/schedule.ts';

const schedule = (values: Partial<Schedule>): Schedule => ({
  schedule: 'daily',
  everyHours: 6,
  atTime: '02:30:00',
  weekday: 'monday',
  timeZone: 'UTC',
  ...values,
});

test.each<[string, Partial<Schedule>, string, string | null]>([
  ['off', { schedule: 'off' }, '2026-03-10T10:00:00.000Z', null],
  ['later today', {}, '2026-03-10T01:00:00.000Z', '2026-03-10T02:30:00.000Z'],
  ['tomorrow', {}, '2026-03-10T02:30:00.000Z', '2026-03-11T02:30:00.000Z'],
  ['in Berlin', { timeZone: 'Europe/Berlin' }, '2026-07-10T10:00:00.000Z', '2026-07-11T00:30:00.000Z'],
  ['this week', { schedule: 'weekly', weekday: 'friday' }, '2026-03-10T10:00:00.000Z', '2026-03-13T02:30:00.000Z'],
  ['next week', { schedule: 'weekly' }, '2026-03-10T10:00:00.000Z', '2026-03-16T02:30:00.000Z'],
  ['every six hours', { schedule: 'hours' }, '2026-03-10T10:00:00.000Z', '2026-03-10T16:00:00.000Z'],
  // On 2026-03-29 there is no 02:30 in Berlin, and on 2026-10-25 there are two.
  ['a gap', { timeZone: 'Europe/Berlin' }, '2026-03-28T12:00:00.000Z', '2026-03-29T01:30:00.000Z'],
  ['twice', { timeZone: 'Europe/Berlin' }, '2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'],
])('%s', (_, values, after, expected) => {
  expect(nextSlot(schedule(values), after)).toBe(expected);
});

test('hours are counted from the slot before, however many were missed', () => {
  const next = nextSlot(schedule({ schedule: 'hours' }), '2026-03-11T09:10:00.000Z', '2026-03-10T10:00:00.000Z');
  expect(next).toBe('2026-03-11T10:00:00.000Z');
});

const schedules = fc.record<Schedule>({
  schedule: fc.constantFrom('hours', 'daily', 'weekly'),
  everyHours: fc.integer({ min: 1, max: 168 }),
  atTime: fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })).map(([hour, minute]) => {
    return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00`;
  }),
  weekday: fc.constantFrom(...WEEKDAYS),
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'),
});
const moments = fc
  .date({ min: new Date('2025-01-01'), max: new Date('2029-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

test('the next slot is later, not skipped, and at the time that was chosen', () => {
  fc.assert(
    fc.property(schedules, moments, (chosen, after) => {
      const next = nextSlot(chosen, after)!;
      const hours = (Date.parse(next) - Date.parse(after)) / 3_600_000;
      expect(hours).toBeGreaterThan(0);
      // A day on which the clocks change has up to one hour more.
      const most = { off: 0, hours: chosen.everyHours, daily: 26, weekly: 7 * 24 + 2 }[chosen.schedule];
      expect(hours).toBeLessThanOrEqual(most);
      if (chosen.schedule === 'hours') return;
      const local = DateTime.fromISO(next, { zone: chosen.timeZone });
      const wanted = local.set({ hour: Number(chosen.atTime.slice(0, 2)), minute: Number(chosen.atTime.slice(3, 5)) });
      expect(local.toMillis()).toBe(wanted.toMillis());
      if (chosen.schedule === 'weekly') expect(WEEKDAYS[local.weekday - 1]).toBe(chosen.weekday);
    }),
    { numRuns: 1000 },
  );
});
