import cds from '@sap/cds';
import type { Application } from 'express';
import { LeanIXConfigs } from '#cds-models/leanix';
import { checkBodies } from './http/bodies.ts';
import { correlate } from './http/correlation.ts';
import { answerChangeSets } from './http/change-set-answers.ts';
import { prepareConnections } from './base/database.ts';
import { prepareSchema } from './base/schema.ts';
import { whenUnlocked } from './base/unlocked.ts';
import { stopAudit } from './runs/audit.ts';
import { startHousekeeping, stopHousekeeping } from './runs/housekeeping.ts';
import { catalogFeature } from './catalog/feature.ts';
import { addMissingAccess } from './governance/defaults.ts';
import { governanceFeature } from './governance/feature.ts';
import { settingsFeature } from './settings/metadata.ts';
import { inTransaction } from './base/transaction.ts';
import { landscapeFeature } from './landscape/feature.ts';
import { registerFeatures } from './runs/features.ts';
import { startWorker, stopWorker } from './runs/worker.ts';
import { answerReadiness, missingBinding } from './http/health.ts';
import { keepNamesOut, logRefusedTokens } from './http/private-log.ts';
import { keepNamesOutOfTraces } from './http/private-traces.ts';
import { isDuplicate, isTableMissing, textOf } from './base/problem.ts';
import { addMissing, parseBundle } from './settings/bundle.ts';
import { auditRefusals } from './http/refusals.ts';
import { refuseOtherTenants } from './http/tenant.ts';
import { hideParserErrors } from './http/urls.ts';

const LOG = cds.log('leanix');

prepareConnections();
registerFeatures([settingsFeature, catalogFeature, landscapeFeature, governanceFeature]);

cds.once('bootstrap', (app: Application) => {
  const missing = missingBinding();
  if (missing) {
    LOG.error(textOf('BINDING_MISSING', [missing.label, missing.use]));
    process.exit(1);
  }
  app.get('/health/ready', answerReadiness);
  app.use(correlate());
  const { middlewares } = cds as unknown as {
    middlewares: { add(handler: unknown, place: object): void; after: unknown[] };
  };
  // Each is inserted right after `auth`, so the last one comes first.
  middlewares.add(answerChangeSets(), { after: 'auth' });
  middlewares.add(checkBodies(), { after: 'auth' });
  middlewares.add([logRefusedTokens()], { after: 'auth' });
  middlewares.add(refuseOtherTenants(), { after: 'auth' });
  middlewares.after.unshift(hideParserErrors(), auditRefusals());
  keepNamesOut();
  keepNamesOutOfTraces();
});

// CAP waits for all of it.
// eslint-disable-next-line @typescript-eslint/no-misused-promises
cds.on('served', async () => {
  await prepareSchema();
  await assertTables();
  await importAppSettings();
  await createDefault();
  await addAccess();
  startWorker();
  startHousekeeping();
});

// eslint-disable-next-line @typescript-eslint/no-misused-promises
cds.on('shutdown', () => Promise.all([stopWorker(), stopHousekeeping(), stopAudit()]));

/** Nothing works without tables, so end with one line that says what to do. */
async function assertTables(): Promise<void> {
  try {
    await inTransaction(() => SELECT.one.from(LeanIXConfigs).columns('ID'));
  } catch (error) {
    // Other problems pass; the readiness check reports them.
    if (!isTableMissing(error)) throw error;
    LOG.error(`TABLES_MISSING: ${textOf('TABLES_MISSING')}`);
    process.exit(1);
  }
}

/** Imports the settings bundle in `APP_SETTINGS`. Configurations whose name exists are not changed. */
async function importAppSettings(): Promise<void> {
  const text = process.env['APP_SETTINGS'];
  if (!text) return;
  try {
    const configs = await parseBundle(text);
    const added = await whenUnlocked(() => inTransaction(() => addMissing(configs)));
    LOG.info('APP_SETTINGS brought in', added, 'configurations');
  } catch (error) {
    const { code, args } = error as { code?: string; args?: string[] };
    const reason = args ? textOf(code ?? '', args) : error;
    // Another instance may have been faster.
    if (isDuplicate(error)) LOG.info('APP_SETTINGS was brought in by another instance');
    else LOG.error('APP_SETTINGS could not be brought in:', reason);
  }
}

/** Creates a first configuration to fill in. */
async function createDefault(): Promise<void> {
  try {
    await whenUnlocked(() =>
      inTransaction(async () => {
        const any = await SELECT.one.from(LeanIXConfigs).columns('ID');
        if (!any) await INSERT.into(LeanIXConfigs).entries({ name: 'Default' });
      }),
    );
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}

/** Configurations of an older release may lack access settings and jobs. */
async function addAccess(): Promise<void> {
  try {
    await whenUnlocked(() => inTransaction(addMissingAccess));
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}
