import cds from '@sap/cds';
import { FieldMappings as StoredMappings, LeanIXConfigs as StoredConfigs, RefusedPaths } from '#cds-models/leanix';
import { Destinations, FieldMappings, LeanIXConfigs, type LeanIXConfig } from '#cds-models/SettingsService';
import { forgetKinds } from '../btp/destination-kinds.ts';
import { storeInstanceDestination } from '../btp/destination-store.ts';
import { parseHost } from '../btp/hosts.ts';
import { cut } from '../base/text.ts';
import { addMissingAccess } from '../governance/defaults.ts';
import { audit, auditOften } from '../runs/audit.ts';
import { toConfig } from '../runs/connection.ts';
import { endRequestTransaction, inTransaction } from '../base/transaction.ts';
import { beforeTransactions } from '../http/change-sets.ts';
import { answerProblems, asProblem, problem } from '../base/problem.ts';
import { assertNotEdited } from '../http/drafts.ts';
import { linkPages } from '../http/pages.ts';
import { guardQueries } from '../http/queries.ts';
import { keyOf } from '../http/requests.ts';
import { exportBundle, importBundle, parseBundle, UNTESTED } from './bundle.ts';
import { testConnection } from './connection-test.ts';
import { at, checkDestinationName } from '../http/inputs.ts';
import { checkConfig, checkHost, checkMappingRows, invalidInput, isDate, type MappingInput } from './constraints.ts';
import { serveDeletion } from './deletion.ts';
import { keepHistory } from './history.ts';
import { serveDestinations } from './destinations.ts';
import { checkDestinationHost } from './destination-host.ts';
import { serveScreen } from './screen.ts';
import { validateMapping } from './validate-mapping.ts';
import { storeMetadata } from './workspace-metadata.ts';

type Data = Record<string, unknown>;
type CdsDate = NonNullable<LeanIXConfig['tokenExpiresOn']>;

export class SettingsService extends cds.ApplicationService {
  override async init() {
    this.constraints();
    this.clearedTest();
    this.access();
    this.forgottenRefusals();
    serveDeletion(this);
    this.connection();
    this.mapping();
    this.bundle();
    keepHistory(this);
    serveScreen(this);
    serveDestinations(this);
    answerProblems(this, duplicate, invalidInput);
    await super.init();
    linkPages(this);
    guardQueries(this);
    beforeTransactions(
      this,
      ['testConnection', 'storeApiToken', 'validateMapping', Destinations.name],
      checkDestinationHost,
    );
  }

  /** Saved data must be valid; drafts may be unfinished. */
  private constraints() {
    this.before(['CREATE', 'UPDATE'], LeanIXConfigs, async (req) => {
      const data = req.data as Data;
      checkConfig(data);
      if (req.event === 'CREATE') await assertIdFree(data['ID'] as string);
      if (typeof data['name'] === 'string') await assertNameFree(data['name'], data['ID'] as string | undefined);
    });
    this.before(['CREATE', 'UPDATE'], FieldMappings, async (req) => {
      const row = req.data as MappingInput & { ID?: string; config_ID?: string };
      const stored = row.ID ? await SELECT.one.from(StoredMappings).where({ ID: row.ID }) : undefined;
      const merged = { ...stored, ...row };
      const others = await SELECT.from(StoredMappings).where({
        config_ID: merged.config_ID ?? null,
        ID: { '!=': row.ID ?? '' },
      });
      checkMappingRows([...(others as MappingInput[]), merged]);
    });
  }

  /** A new configuration gets access settings, and jobs that are switched off. */
  private access() {
    this.after('CREATE', LeanIXConfigs, () => addMissingAccess());
    this.after('importSettings', () => addMissingAccess());
  }

  /** The test results of one host are not valid for another. */
  private clearedTest() {
    this.before('UPDATE', [LeanIXConfigs, LeanIXConfigs.drafts], async (req) => {
      const data = req.data as Data;
      // A draft cleared its test results when its host changed, and may have been tested since.
      if (!('leanixHost' in data) || isActivation(req)) return;
      const stored = (await SELECT.one.from(req.subject as never).columns('leanixHost')) as Data | undefined;
      if (stored?.['leanixHost'] !== data['leanixHost']) {
        Object.assign(data, UNTESTED);
      }
    });
  }

  /** After a change of settings, LeanIX may accept what it refused: the next run asks again. */
  private forgottenRefusals() {
    this.after('UPDATE', LeanIXConfigs, async (_, req) => {
      await DELETE.from(RefusedPaths).where({ config_ID: keyOf(req) });
    });
  }

  /** Connection test, and the API token, which is only stored in its BTP destination. */
  private connection() {
    this.on('testConnection', async (req) => {
      const { host, apiToken } = req.data as { host?: string | null; apiToken?: string | null };
      const { config, tokenExpiresOn, table } = await this.opened(req);
      const entered = { host: host?.trim() ?? '', apiToken: apiToken?.trim() ?? '' };
      auditOften({ action: 'testConnection', configId: config.ID, subject: config.name });
      const { result, metadata } = await testConnection(config, entered, tokenExpiresOn);
      const isOwn = !entered.host || checkHost(entered.host) === hostIn(config);
      if (metadata && (isOwn || !config.leanixHost?.trim())) await storeMetadata(config.ID, metadata);
      if (isOwn) {
        const tested = { connectionStatus: result.ok ? 'connected' : 'failed', lastTestedAt: new Date().toISOString() };
        const found = result.workspaceName ? { workspaceName: cut(result.workspaceName, 255) } : {};
        await inTransaction(async () => {
          // The host may have changed in the meantime.
          await UPDATE.entity(table)
            .set({ ...tested, ...found })
            .where({ ID: config.ID, leanixHost: config.leanixHost });
        });
      }
      return result;
    });

    this.on('storeApiToken', async (req) => {
      const { apiToken, expiresOn } = req.data as { apiToken?: string | null; expiresOn?: string | null };
      const token = apiToken?.trim() ?? '';
      if (!/^[\x21-\x7e]{1,4000}$/.test(token)) throw problem(400, 'TOKEN_REQUIRED', '', '');
      if (expiresOn && !isDate(expiresOn)) throw problem(400, 'VALUE_INVALID', 'expiresOn');
      const { config, tokenExpiresOn, table } = await this.opened(req);
      if (!config.leanixHost) throw problem(400, 'HOST_REQUIRED');
      const host = checkHost(config.leanixHost);
      if (table === StoredConfigs) {
        await inTransaction(() => assertNotEdited(LeanIXConfigs.drafts, { ID: config.ID }, config.name));
      }
      const destination = checkDestinationName(config.leanixDestination ?? '');
      // Recorded first, so that every stored token has an entry.
      const deed = { action: 'storeApiToken' as const, configId: config.ID, subject: config.name };
      await inTransaction(() => audit({ ...deed, element: 'leanixDestination', after: `${destination} → ${host}` }));
      await storeInstanceDestination(destination, { host, apiToken: token }).catch(rejectAsProblem);
      forgetKinds();
      // The test result belongs to the old token.
      const untested = { connectionStatus: null, lastTestedAt: null };
      const values = expiresOn ? { ...untested, tokenExpiresOn: expiresOn as CdsDate } : untested;
      await inTransaction(async () => {
        await UPDATE.entity(table).set(values).where({ ID: config.ID });
        // Changes of a draft are recorded when it is saved.
        if (table !== StoredConfigs || !expiresOn || expiresOn === tokenExpiresOn) return;
        const change = { element: 'tokenExpiresOn', before: tokenExpiresOn, after: expiresOn };
        await audit({ ...deed, action: 'changeConfig', ...change });
      });
    });
  }

  private mapping() {
    this.on('validateMapping', async (req) => {
      const { artifactId } = req.data as { artifactId?: string | null };
      const { config } = await this.opened(req);
      return validateMapping(config, artifactId ?? null).catch(rejectAsProblem);
    });
  }

  private bundle() {
    this.on('exportSettings', () => {
      auditOften({ action: 'exportSettings', configId: null, subject: 'leanix_config.json' });
      return exportBundle();
    });
    this.on('importSettings', async (req) => {
      const { bundle, dryRun } = req.data as { bundle?: unknown; dryRun?: boolean | null };
      return importBundle(await parseBundle(bundle), dryRun ?? false);
    });
  }

  /** The configuration of an action, saved or a draft. Afterwards no transaction is open. */
  private async opened(req: cds.Request) {
    await endRequestTransaction();
    const drafts = (req.target as { isDraft?: boolean }).isDraft ?? false;
    const table = drafts ? LeanIXConfigs.drafts : StoredConfigs;
    const row = await inTransaction(async () => {
      const query = SELECT.one.from(table as typeof StoredConfigs, (config) => {
        config('*');
        config.mappings((mapping) => mapping('*'));
      });
      return (await query.where({ ID: keyOf(req) })) as LeanIXConfig | undefined;
    });
    if (!row) throw problem(404, 'CONFIG_UNKNOWN', keyOf(req));
    return {
      config: toConfig(row),
      tokenExpiresOn: row.tokenExpiresOn ?? null,
      table,
    };
  }
}

/** The host of a configuration in its stored form; a draft may still have it as entered. */
function hostIn({ leanixHost }: { leanixHost: string | null }): string | null {
  const parsed = parseHost(leanixHost?.trim() ?? '');
  return parsed.ok ? parsed.host : null;
}

/** In the caller's transaction. @throws 409 ID_TAKEN */
async function assertIdFree(ID: string): Promise<void> {
  const taken = await SELECT.one.from(StoredConfigs).columns('ID').where({ ID });
  if (taken) throw problem(409, 'ID_TAKEN');
}

/** The name of a configuration is unique. In the caller's transaction. @throws 409 NAME_TAKEN */
async function assertNameFree(name: string, ID: string | undefined): Promise<void> {
  const taken = await SELECT.one
    .from(StoredConfigs)
    .columns('ID')
    .where(ID ? { name, ID: { '!=': ID } } : { name });
  if (taken) throw at('name', problem(409, 'NAME_TAKEN', name));
}

/** There are two kinds of unique values: names of configurations, and IDs. */
function duplicate(constraint: string): Error {
  return /[._]name\b/i.test(constraint) ? problem(409, 'NAME_TAKEN', '') : problem(409, 'ID_TAKEN');
}

/** Whether a change of a saved configuration is a draft that is being saved. */
function isActivation(req: cds.Request): boolean {
  return (req as unknown as { _?: { event?: string } })._?.event === 'draftActivate';
}

function rejectAsProblem(error: unknown): never {
  throw asProblem(error);
}
