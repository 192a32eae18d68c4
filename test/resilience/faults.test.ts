import { short } from '../helpers/runs/faults.ts';
import { playFaults } from '../helpers/runtime/fault-tests.ts';

// Some of each kind; test/long has all of them.
await playFaults(short);
