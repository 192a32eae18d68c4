import { playAccessFaults } from '../helpers/access/fault-tests.ts';

await playAccessFaults();
