import { refreshFaults, syncFaults } from '../helpers/runtime/fault-matrix.ts';
import { playFaults } from '../helpers/runtime/fault-tests.ts';

// One of each kind; test/long has all of them.
await playFaults(
  syncFaults.filter(({ often }) => often),
  refreshFaults.filter(({ often }) => often),
);
