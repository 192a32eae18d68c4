/**
 * The order of the test files: journeys in the browser first, since they take longest and one that starts late keeps the
 * others waiting; then by size, as Jest does on a new computer.
 */
import { statSync } from 'node:fs';

export default class Sequencer {
  sort(tests) {
    const weight = ({ path }) => (path.includes('/e2e/') ? 1e9 : 0) + statSync(path).size;
    return [...tests].sort((a, b) => weight(b) - weight(a));
  }

  shard(tests) {
    return tests;
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
}
