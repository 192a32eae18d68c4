import { importFaults, peopleFaults } from '../helpers/access/import-faults.ts';
import { provisioningFaults } from '../helpers/access/provisioning-faults.ts';
import { playAccessFaults } from '../helpers/access/fault-tests.ts';

await playAccessFaults({ provisioning: provisioningFaults, accounts: importFaults, people: peopleFaults });
