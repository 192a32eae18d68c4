import { playFaults } from '../helpers/runtime/fault-tests.ts';

await playFaults();
