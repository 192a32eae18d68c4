import { importFaults, peopleFaults, provisioningFaults } from '../helpers/access/faults.ts';
import { playAccessFaults } from '../helpers/access/fault-tests.ts';

await playAccessFaults({ provisioning: provisioningFaults, accounts: importFaults, people: peopleFaults });
