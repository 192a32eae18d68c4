/** Counts turns of the event loop: a computation without pauses stops them. */
export function countTurns(): { stop: () => number } {
  let turns = 0;
  let next = setImmediate(count);
  function count() {
    turns++;
    next = setImmediate(count);
  }
  return {
    stop: () => {
      clearImmediate(next);
      return turns;
    },
  };
}
