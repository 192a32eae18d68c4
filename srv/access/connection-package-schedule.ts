import { Info } from 'luxon';
import { WEEKDAYS, type Schedule } from '../core/access/schedule.ts';
import { textOf } from '../base/problem.ts';

/** Texts for schedules and attributes in the preview of a connection package. */

/** @param held the schedule in the package, for a job that stays off */
export type PackageJob = Schedule & { kind: string; held?: Schedule['schedule'] };

/** When a job runs, such as `Daily at 06:00 (Europe/Berlin)`. @param locale such as `de` */
export function scheduleWords(job: PackageJob, locale: string): string {
  const { schedule, held, everyHours, atTime, weekday, timeZone } = job;
  if (held)
    return textOf('SCHEDULE_HELD', [scheduleWords({ ...job, schedule: held, held: undefined }, locale)], locale);
  if (schedule === 'off') return textOf('SCHEDULE_OFF', [], locale);
  if (schedule === 'hours') {
    return everyHours === 1
      ? textOf('SCHEDULE_HOURLY', [], locale)
      : textOf('SCHEDULE_HOURS', [`${everyHours}`], locale);
  }
  const at = [atTime.replace(/:00$/, ''), timeZone];
  if (schedule === 'daily') return textOf('SCHEDULE_DAILY', at, locale);
  return textOf('SCHEDULE_WEEKLY', [dayName(weekday, locale), ...at], locale);
}

/** All parts of a schedule, used or not, to tell apart two schedules with the same text. */
export function scheduleParts(job: PackageJob, locale: string): string {
  const { everyHours, atTime, weekday, timeZone } = job;
  const parts = [`${everyHours} h`, dayName(weekday, locale), atTime.replace(/:00$/, ''), timeZone];
  return `${scheduleWords(job, locale)} (${parts.join(', ')})`;
}

const dayName = (weekday: Schedule['weekday'], locale: string) =>
  Info.weekdays('long', { locale })[WEEKDAYS.indexOf(weekday)]!;
