import { playAccessFaults } from '../helpers/access/fault-tests.ts';
import { short } from '../helpers/runs/faults.ts';

// Some of each kind; test/long has all of them.
await playAccessFaults(short);
