/** Counts the turns of the event loop, which whoever computes without a pause keeps from coming. */
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
