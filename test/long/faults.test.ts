import { refreshFaults, syncFaults } from '../helpers/runtime/fault-matrix.ts';
import { playFaults } from '../helpers/runtime/fault-tests.ts';

await playFaults(syncFaults, refreshFaults);
