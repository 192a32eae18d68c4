import cds from '@sap/cds';
import { FieldMappings as StoredMappings, LeanIXConfigs as StoredConfigs, SyncRuns } from '#cds-models/leanix';
import { FieldMappings, LeanIXConfigs, type LeanIXConfig } from '#cds-models/SettingsService';
import { storeInstanceDestination } from '../btp/destination-store.ts';
import { deleteConfigData } from '../engine/housekeeping.ts';
import { toConfig } from '../engine/rows.ts';
import { endRequestTransaction, inTransaction } from '../engine/transaction.ts';
import { answerProblems, asProblem, problem } from '../problem.ts';
import { exportBundle, importBundle, parseBundle, UNTESTED } from './bundle.ts';
import { storeMetadata, testConnection } from './connection-test.ts';
import { at, checkConfig, checkHost, checkMappingRows, type MappingInput } from './constraints.ts';
import { checkDestinationHost } from './host-check.ts';
import { serveScreen } from './screen.ts';
import { validateMapping } from './validate-mapping.ts';

type Data = Record<string, unknown>;
type CdsDate = NonNullable<LeanIXConfig['tokenExpiresOn']>;

/** `handle` is there for subclasses to overload, but the types of CAP leave it out. */
type Handling = cds.ApplicationService & { handle(req: cds.Request): Promise<unknown> };
const ApplicationService = cds.ApplicationService as unknown as new (...args: unknown[]) => Handling;

export class SettingsService extends ApplicationService {
  override async init() {
    this.constraints();
    this.clearedTest();
    this.cascade();
    this.connection();
    this.mapping();
    this.bundle();
    serveScreen(this);
    answerProblems(this, () => problem(409, 'NAME_TAKEN', ''));
    await super.init();
  }

  /**
   * Asks the Destination service about the host before a transaction begins, since no remote call may be made inside
   * one. Where one is open already (a change set), the connection test and the next run will tell.
   */
  override async handle(req: cds.Request): Promise<unknown> {
    await checkDestinationHost(req);
    return super.handle(req);
  }

  /** What is saved has to fit; drafts may be unfinished. */
  private constraints() {
    this.before(['CREATE', 'UPDATE'], LeanIXConfigs, async (req) => {
      const data = req.data as Data;
      checkConfig(data);
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
      checkMappingRows([...(others as MappingInput[]), merged as MappingInput]);
    });
  }

  /** What was found out about one host says nothing about another one. */
  private clearedTest() {
    this.before('UPDATE', [LeanIXConfigs, LeanIXConfigs.drafts], async (req) => {
      const data = req.data as Data;
      // A draft that is saved brings its own result with it, which was cleared when its host was changed.
      if (!('leanixHost' in data) || 'connectionStatus' in data) return;
      const stored = await SELECT.one.from(req.subject as never).columns('leanixHost');
      if ((stored as { leanixHost?: string } | undefined)?.leanixHost !== data['leanixHost']) {
        Object.assign(data, UNTESTED);
      }
    });
  }

  /** A configuration takes its iFlows, links, runs and value helps with it. */
  private cascade() {
    this.before('DELETE', LeanIXConfigs, async (req) => {
      const ID = keyOf(req);
      const active = await SELECT.one.from(SyncRuns).columns('ID').where({ activeKey: ID });
      if (active) throw problem(409, 'RUN_ACTIVE', '');
      await deleteConfigData(ID);
    });
  }

  /** Connection test, and the API token, which goes to its BTP destination and nowhere else. */
  private connection() {
    this.on('testConnection', async (req) => {
      const { host, apiToken } = req.data as { host?: string | null; apiToken?: string | null };
      const { config, tokenExpiresOn, table } = await this.opened(req);
      const entered = { host: host?.trim() ?? '', apiToken: apiToken?.trim() ?? '' };
      const { result, metadata } = await testConnection(config, entered, tokenExpiresOn);
      if (metadata) await storeMetadata(config.ID, metadata);
      if (!entered.host || entered.host === config.leanixHost) {
        const tested = { connectionStatus: result.ok ? 'connected' : 'failed', lastTestedAt: new Date().toISOString() };
        const found = result.workspaceName ? { workspaceName: result.workspaceName } : {};
        await inTransaction(async () =>
          UPDATE.entity(table)
            .set({ ...tested, ...found })
            .where({ ID: config.ID }),
        );
      }
      return result;
    });

    this.on('storeApiToken', async (req) => {
      const { apiToken, expiresOn } = req.data as { apiToken?: string | null; expiresOn?: string | null };
      const token = apiToken?.trim() ?? '';
      if (!/^[\x21-\x7e]{1,4000}$/.test(token)) throw problem(400, 'TOKEN_REQUIRED', '', '');
      const { config, table } = await this.opened(req);
      if (!config.leanixHost) throw problem(400, 'HOST_REQUIRED');
      const host = checkHost(config.leanixHost);
      if (!config.leanixDestination) throw problem(400, 'DESTINATION_NAME_INVALID', '');
      await storeInstanceDestination(config.leanixDestination, { host, apiToken: token }).catch(rejectAsProblem);
      if (!expiresOn) return;
      await inTransaction(async () =>
        UPDATE.entity(table)
          .set({ tokenExpiresOn: expiresOn as CdsDate })
          .where({ ID: config.ID }),
      );
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
    this.on('exportSettings', () => exportBundle());
    this.on('importSettings', (req) => {
      const { bundle, dryRun } = req.data as { bundle?: unknown; dryRun?: boolean | null };
      if (typeof bundle !== 'string') throw problem(400, 'BUNDLE_INVALID', 'it is empty');
      return importBundle(parseBundle(bundle), dryRun ?? false);
    });
  }

  /** The configuration that an action is about, saved or a draft; no transaction is open afterwards. */
  private async opened(req: cds.Request) {
    await endRequestTransaction();
    const drafts = (req.target as { isDraft?: boolean }).isDraft ?? false;
    const table = drafts ? LeanIXConfigs.drafts : StoredConfigs;
    const row = await inTransaction(async () =>
      SELECT.one
        .from(table as typeof StoredConfigs, (config) => {
          config('*');
          config.mappings((mapping) => mapping('*'));
        })
        .where({ ID: keyOf(req) }),
    );
    if (!row) throw problem(404, 'CONFIG_UNKNOWN', keyOf(req));
    return {
      config: toConfig(row as Parameters<typeof toConfig>[0]),
      tokenExpiresOn: row.tokenExpiresOn ?? null,
      table,
    };
  }
}

/** The name of a configuration is unique. In the caller's transaction. @throws 409 NAME_TAKEN */
async function assertNameFree(name: string, ID: string | undefined): Promise<void> {
  const taken = await SELECT.one
    .from(StoredConfigs)
    .columns('ID')
    .where(ID ? { name, ID: { '!=': ID } } : { name });
  if (taken) throw at('name', problem(409, 'NAME_TAKEN', name));
}

function rejectAsProblem(error: unknown): never {
  throw asProblem(error);
}

function keyOf(req: cds.Request): string {
  const key = req.params.at(-1) as string | { ID?: string } | undefined;
  return (typeof key === 'object' ? key.ID : key) ?? '';
}
