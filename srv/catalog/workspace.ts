import { findDefaultTags } from '../core/catalog/tags.ts';
import type { Rules, Tag } from '../core/catalog/types.ts';
import { readDestination } from '../btp/destinations.ts';
import { tenantOf } from '../cpi/odata.ts';
import type { Timing } from '../btp/transport.ts';
import { factSheetUrl, openClient, withLabels, type DataModel, type LeanIXClient } from '../leanix/client.ts';
import type { Job } from '../runs/job.ts';
import { RunProblem } from '../base/outcome.ts';
import { linkedElsewhere } from './rows.ts';
import { knownRefusals } from './refused-paths.ts';
import type { ConfigRow } from '../runs/connection.ts';

/** The input of planning, without the tags. */
export type FieldRules = Omit<Rules, 'defaultTags' | 'library'>;

/** An open connection of one configuration to its LeanIX workspace. */
export type Workspace = {
  config: ConfigRow;
  client: LeanIXClient;
  /** Host of the Cloud Integration tenant, and its location, as in external IDs. */
  tenantHost: string;
  factSheetType: string;
  model: DataModel;
  hasExternalId: boolean;
  /** Ends requests in progress. */
  signal: AbortSignal | undefined;
  /** The address of a fact sheet in LeanIX. */
  urlOf(factSheet: { id: string; type: string }): string | null;
};

/**
 * The settings that LeanIX access needs.
 * @returns the names of the missing ones
 */
export function missingSettings(config: ConfigRow): string[] {
  const needed = ['leanixHost', 'leanixDestination', 'cpiDestination', 'factSheetType'] as const;
  return needed.filter((element) => !config[element]);
}

/**
 * Connects and reads the data model: one request to LeanIX.
 * @param job the run of these calls
 * @param options.timing timeouts and retries
 * @param options.enter gets the workspace's ID before anything is read; its host if the token does not contain it
 * @throws RemoteError; RunProblem NOT_CONFIGURED, FACT_SHEET_TYPE_UNKNOWN
 */
export async function openWorkspace(
  config: ConfigRow,
  job?: Pick<Job, 'signal' | 'count' | 'assertHeld'>,
  { timing, enter }: { timing?: Partial<Timing>; enter?: (workspaceId: string) => Promise<void> } = {},
): Promise<Workspace> {
  const missing = missingSettings(config);
  if (missing.length) throw new RunProblem('NOT_CONFIGURED', config.name, missing.join(', '));
  const tenant = await readDestination(config.cpiDestination!);
  const client = await openClient(
    { destination: config.leanixDestination!, host: config.leanixHost! },
    { timing, beforeWrite: job?.assertHeld },
  );
  job?.count(client);
  const identity = await client.identity();
  await enter?.(identity.workspaceId ?? client.host.slice(0, 64));
  const model = await client.dataModel();
  const type = model.types.get(config.factSheetType!);
  if (!type) throw new RunProblem('FACT_SHEET_TYPE_UNKNOWN', config.factSheetType!, [...model.types.keys()].join(', '));
  const workspaceName = identity.workspaceName ?? config.workspaceName;
  return {
    config,
    client,
    tenantHost: tenantOf(tenant.host, tenant.url),
    factSheetType: config.factSheetType!,
    model,
    hasExternalId: type.hasExternalId,
    signal: job?.signal,
    urlOf: (factSheet) => factSheetUrl(client.host, workspaceName, factSheet.type, factSheet.id),
  };
}

/** Reads the rules of the fields, with labels if a select field is mapped. */
export async function loadFieldRules(workspace: Workspace): Promise<FieldRules> {
  const { config, client, factSheetType, model } = workspace;
  const { fields } = model.types.get(factSheetType)!;
  const needLabels = config.mappings.some(({ leanixPath }) => fields.get(leanixPath.slice(1))?.values.length);
  const options = fields.get('category')?.values ?? [];
  const unknownCategory = config.category && options.length && !options.some(({ key }) => key === config.category);
  return {
    factSheetType,
    tenantHost: workspace.tenantHost,
    // Only runtime locations have external IDs of the older form.
    ...(workspace.tenantHost.includes('/') && { linkedElsewhere: await linkedElsewhere(config.ID) }),
    hasExternalId: workspace.hasExternalId,
    mappings: config.mappings,
    category: config.category,
    fields:
      needLabels || unknownCategory
        ? withLabels(model, await client.labels()).types.get(factSheetType)!.fields
        : fields,
    refusedPaths: await knownRefusals(config.ID, factSheetType),
    now: new Date().toISOString(),
  };
}

/**
 * Finds the default tags in the library.
 * @throws RunProblem for a missing one, before anything is written
 */
export function withTags({ config, factSheetType }: Workspace, rules: FieldRules, library: Tag[]): Rules {
  const { tags, warnings } = findDefaultTags(config.defaultTags, library, factSheetType);
  if (warnings[0]) throw new RunProblem(warnings[0].code, ...warnings[0].args);
  return { ...rules, defaultTags: tags, library };
}

/**
 * Reads all rules that planning needs.
 * @throws as `withTags`
 */
export async function loadRules(workspace: Workspace): Promise<Rules> {
  const library = await workspace.client.tags(workspace.signal);
  return withTags(workspace, await loadFieldRules(workspace), library);
}
