import {
  AccessConfigs,
  AccessMappings,
  Accounts,
  Assignments,
  Entitlements,
  Jobs,
  People,
  ProvisioningTasks,
} from '#cds-models/leanix';
import type { Feature, KindOfRun } from '../runs/features.ts';
import { daysAgo, inPortions } from '../runs/housekeeping.ts';
import { engineSettings } from '../runs/settings.ts';
import { importJob } from './import-job.ts';
import { notifyOfRun, notifyOfTasks } from './notifications.ts';
import { provisionJob } from './provision-job.ts';
import { readAccess } from './settings.ts';
import { reopenTasks } from './tasks.ts';

const aboutAccess = (work: KindOfRun['work']): KindOfRun => ({
  work,
  lane: 'access',
  settings: async (configId) => ({ access: await readAccess(configId) }),
});

/** The access to the workspaces. */
export const governanceFeature: Feature = {
  kinds: {
    importPeople: aboutAccess(importJob),
    importAccounts: aboutAccess(importJob),
    importAccess: aboutAccess(importJob),
    importAll: aboutAccess(importJob),
    provision: { ...aboutAccess(provisionJob), ended: reopenTasks, followsAnyEnd: true },
  },
  jobs: {
    importPeople: { kind: 'importPeople' },
    importAccounts: { kind: 'importAccounts' },
    importAccess: { kind: 'importAccess' },
    importAll: { kind: 'importAll' },
    provision: { kind: 'provision' },
  },
  watch: notifyOfTasks,
  afterRun: notifyOfRun,
  // Assignments and tasks are history, and are kept like the audit.
  async deleteConfigData(config_ID) {
    await DELETE.from(Entitlements).where({ config_ID });
    await DELETE.from(Accounts).where({ config_ID });
    await DELETE.from(Jobs).where({ config_ID });
    await DELETE.from(AccessMappings).where({ access_ID: config_ID });
    await DELETE.from(AccessConfigs).where({ ID: config_ID });
  },
  deletions: [
    retirePeople,
    inPortions(Assignments, () => SELECT.from(Assignments).where`validTo < ${auditedSince()}`),
    inPortions(ProvisioningTasks, () => {
      // The task that granted the current role is kept.
      const given = SELECT.from(Assignments).columns('task_ID').where`task_ID is not null`;
      return SELECT.from(ProvisioningTasks).where`finishedAt < ${auditedSince()} and ID not in ${given}`;
    }),
    inPortions(People, () => {
      const owners = SELECT.from(Accounts).columns('person_ID').where`person_ID is not null`;
      return SELECT.from(People).where`inactiveSince < ${auditedSince()} and ID not in ${owners}`;
    }),
  ],
};

const auditedSince = () => daysAgo(engineSettings().auditDays);

/** People of a directory that no configuration uses are not active. In the caller's transaction. */
async function retirePeople(): Promise<boolean> {
  const named = SELECT.from(AccessConfigs).columns('peopleDestination').where`peopleDestination is not null`;
  await UPDATE.entity(People).set({ active: false, inactiveSince: new Date().toISOString() })
    .where`active = true and directory not in ${named}`;
  return false;
}
