import type { Context } from './context.ts';
import { numberOption } from './odata.ts';
import type { Entity } from './odata.ts';

export interface Page {
  entities: Entity[];
  next?: string;
}

/** The part of a list that `$top`, `$skip` and the limit of one answer leave, and the link to what comes next. */
export function page(
  all: Entity[],
  set: string,
  options: URLSearchParams,
  { switches, serviceRoot }: Context,
  ignoreSkip: boolean,
): Page {
  const skip = ignoreSkip ? 0 : (numberOption(options, '$skip') ?? 0);
  const start = numberOption(options, '$skiptoken') ?? skip;
  const rest = all.slice(start);
  const wanted = Math.min(numberOption(options, '$top') ?? rest.length, rest.length);
  const size = switches.pageCap > 0 ? Math.min(wanted, switches.pageCap) : wanted;
  const entities = rest.slice(0, size);
  if (size === wanted || switches.nextLink === 'none') return { entities };

  const parameters = new URLSearchParams(options);
  parameters.delete('$skip');
  if (options.has('$top')) parameters.set('$top', String(wanted - size));
  parameters.set('$skiptoken', String(start + size));
  const relative = `${set}?${parameters.toString().replaceAll('%24', '$')}`;
  if (switches.nextLink === 'absolute') return { entities, next: `${serviceRoot}/${relative}` };
  if (switches.nextLink === 'foreign') return { entities, next: `http://foreign.invalid/api/v1/${relative}` };
  return { entities, next: relative };
}
