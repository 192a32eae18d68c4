import { importFaults, peopleFaults, provisioningFaults, type AccessFault } from '../helpers/access/faults.ts';
import { playAccessFaults } from '../helpers/access/fault-tests.ts';

// One of each kind; test/long has all of them.
const short = (faults: AccessFault[]) => faults.filter(({ often }) => often);
await playAccessFaults({
  provisioning: short(provisioningFaults),
  accounts: short(importFaults),
  people: short(peopleFaults),
});
