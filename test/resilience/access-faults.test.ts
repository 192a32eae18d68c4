import type { AccessFault } from '../helpers/access/faults.ts';
import { importFaults, peopleFaults } from '../helpers/access/import-faults.ts';
import { provisioningFaults } from '../helpers/access/provisioning-faults.ts';
import { playAccessFaults } from '../helpers/access/fault-tests.ts';

// One of each kind; test/long has all of them.
const short = (faults: AccessFault[]) => faults.filter(({ often }) => often);
await playAccessFaults({
  provisioning: short(provisioningFaults),
  accounts: short(importFaults),
  people: short(peopleFaults),
});
