import type { Model } from './types.ts';

/**
 * The processes that run: those with a start, and the local ones that they call, directly or indirectly. All of them if
 * none has a start.
 */
export function reachedProcesses({ steps, messageFlows }: Model): Set<string> {
  const ends = new Set(messageFlows.flatMap(({ source, target }) => [source, target]));
  const starts = steps.filter(({ element }) => element === 'startEvent');
  const isStarted = (id: string, events: string[]) =>
    ends.has(id) || events.includes('timerEventDefinition') || events.includes('messageEventDefinition');
  const reached = new Set(starts.filter(({ id, events }) => isStarted(id, events)).map(({ process }) => process));
  if (!reached.size) return new Set(steps.map(({ process }) => process));
  const calls = steps.flatMap(({ process, properties }) => {
    const called = properties['processId'];
    return called ? [{ process, called }] : [];
  });
  for (let size = 0; size < reached.size;) {
    size = reached.size;
    for (const { process, called } of calls) if (reached.has(process)) reached.add(called);
  }
  return reached;
}
