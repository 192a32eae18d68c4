import cds from '@sap/cds';
import { Jobs as StoredJobs } from '#cds-models/leanix';
import { AccessConfigs, AccessMappings, Jobs } from '#cds-models/AccessService';
import { ExpressionError, parseExpression } from '../core/access/expressions.ts';
import { isTimeZone, nextSlot, type Schedule } from '../core/access/schedule.ts';
import { TARGETS, type Direction } from '../governance/settings.ts';
import { problem, textOf, type InvalidInput } from '../base/problem.ts';
import { keyOf } from '../http/requests.ts';
import { at, checkDestinationName } from '../http/inputs.ts';

/** A row of a mapping, as a client sends it. */
export type MappingInput = {
  ID?: string | null;
  direction?: string | null;
  target?: string | null;
  expression?: string | null;
};

type Data = Record<string, unknown>;

/** Saved data must be valid; drafts may be unfinished. */
export function constrain(service: cds.ApplicationService): void {
  service.before('UPDATE', AccessConfigs, (req) => checkAccess(req.data as Data));
  // Mappings are checked together. CAP does this for a changed mapping, but not for a new or deleted one.
  service.before(['CREATE', 'DELETE'], AccessMappings, () => {
    throw problem(422, 'DRAFT_MODIFICATION_ONLY_VIA_ROOT');
  });
  service.before('UPDATE', Jobs, async (req) => {
    const stored = await SELECT.one.from(StoredJobs).where({ ID: keyOf(req) });
    if (stored) planJob(req.data as Data, stored as Data);
  });
}

/**
 * Checks the given access settings and brings them into their stored form.
 * @throws 400 DESTINATION_NAME_INVALID and the codes of `checkMappings`
 */
export function checkAccess(data: Data): void {
  const { peopleDestination, mappings } = data;
  if (typeof peopleDestination === 'string') {
    data['peopleDestination'] = peopleDestination.trim() ? checkNamed('peopleDestination', peopleDestination) : null;
  }
  if (Array.isArray(mappings)) checkMappings(mappings as MappingInput[]);
}

function checkNamed(element: string, value: string): string {
  try {
    return checkDestinationName(value);
  } catch (error) {
    throw at(element, error);
  }
}

/** @throws 400 EXPRESSION_TARGET_UNKNOWN, EXPRESSION_DUPLICATE, EXPRESSION_INVALID */
export function checkMappings(rows: readonly MappingInput[]): void {
  const seen = new Set<string>();
  for (const { ID, direction, target, expression } of rows) {
    const name = target ?? '';
    const key = `${direction} ${name}`;
    const where = (element: string) => (ID ? `mappings(ID=${ID},IsActiveEntity=false)/${element}` : element);
    const targets = Object.hasOwn(TARGETS, direction ?? '') ? TARGETS[direction as Direction] : [];
    if (!targets.includes(name)) {
      throw at(where('target'), problem(400, 'EXPRESSION_TARGET_UNKNOWN', name.slice(0, 50), targets.join(', ')));
    }
    if (seen.has(key)) throw at(where('target'), problem(400, 'EXPRESSION_DUPLICATE', name));
    seen.add(key);
    try {
      parseExpression(expression ?? '');
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const reason = textOf(error.code, error.args, cds.context?.locale);
      throw at(where('expression'), problem(400, 'EXPRESSION_INVALID', name, reason));
    }
  }
}

/**
 * Checks a schedule and calculates its next slot if the schedule has changed. Clients cannot set what the scheduler
 * keeps.
 * @param data is changed in place and returned
 * @throws 400 TIME_ZONE_UNKNOWN, TIME_INVALID
 */
export function planJob(data: Data, stored: Data): Data {
  const job = { ...stored, ...data } as unknown as Schedule;
  if (!isTimeZone(job.timeZone))
    throw at('timeZone', problem(400, 'TIME_ZONE_UNKNOWN', String(job.timeZone).slice(0, 50)));
  if (!/^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/.test(job.atTime)) {
    throw at('atTime', problem(400, 'TIME_INVALID', String(job.atTime).slice(0, 20)));
  }
  if (data['atTime']) data['atTime'] = job.atTime = job.atTime.padEnd(8, ':00');
  const elements = ['schedule', 'everyHours', 'atTime', 'weekday', 'timeZone'];
  const changed = elements.some((element) => (job as unknown as Data)[element] !== stored[element]);
  data['lastRunAt'] = stored['lastRunAt'];
  data['nextRunAt'] = changed ? nextSlot(job, new Date().toISOString()) : stored['nextRunAt'];
  return data;
}

/** Gives errors of CAP's own checks our codes and texts. */
export function invalidInput({ code, target, args }: InvalidInput): Error | undefined {
  const element = target?.split('/').at(-1) ?? '';
  if (code === 'ASSERT_MANDATORY') return problem(400, 'VALUE_INVALID', element);
  if (code === 'ASSERT_RANGE' && typeof args?.[1] === 'number') {
    return problem(400, 'LIMIT_INVALID', element, String(args[1]), String(args[2]));
  }
  if (code === 'ASSERT_RANGE' || code === 'ASSERT_ENUM') return problem(400, 'VALUE_INVALID', element);
  if (code !== 'ASSERT_DATA_TYPE') return undefined;
  const length = /^(?:cds\.)?String\((\d+)\)$/.exec(String(args?.[1]))?.[1];
  if (length && typeof args?.[0] === 'string') return problem(400, 'VALUE_TOO_LONG', element, length);
  return problem(400, 'VALUE_INVALID', element);
}
