import { refreshFaults, syncFaults } from '../helpers/fault-matrix.ts';
import { playFaults } from '../helpers/fault-tests.ts';

await playFaults(syncFaults, refreshFaults);
