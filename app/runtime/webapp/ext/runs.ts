import type ListReportAPI from 'sap/fe/templates/ListReport/ExtensionAPI';
import type PageAPI from 'sap/fe/templates/ObjectPage/ExtensionAPI';
import type Context from 'sap/ui/model/odata/v4/Context';
import { odata, type Models } from './models';
import { pause } from './waiting';

export type Run = {
  ID: string;
  kind: string;
  status: string;
  isActive: boolean;
  total: number;
  code: string | null;
  message: string | null;
};

/** The needed part of both pages' extension API. */
export type API = Models &
  Pick<ListReportAPI | PageAPI, 'getEditFlow' | 'getRouting' | 'loadFragment' | 'addDependent'>;

/**
 * Calls an action that starts a run. Fiori elements shows errors.
 * @returns the run; nothing if it was refused
 */
export async function start(
  api: API,
  action: string,
  parameters: Record<string, unknown> = {},
  context?: Context,
): Promise<Run | undefined> {
  const operation = context
    ? odata(api).bindContext(`RuntimeService.${action}(...)`, context)
    : odata(api).bindContext(`/${action}(...)`);
  for (const [name, value] of Object.entries(parameters)) operation.setParameter(name, value);
  let run: Run | undefined;
  const call = async () => {
    await operation.invoke();
    run = operation.getBoundContext().getObject() as Run;
  };
  await api
    .getEditFlow()
    .securedExecution(call, { busy: { set: true, check: false } })
    .catch(() => undefined);
  return run;
}

export function open(api: API, run: Run): void {
  void api.getRouting().navigateToRoute('RunPage', { key: run.ID });
}

/** Waits until a run has ended. */
export async function ended(api: Models, ID: string): Promise<Run> {
  const binding = odata(api).bindContext(`/SyncRuns(${ID})`, undefined, { $$groupId: '$direct' });
  try {
    for (;;) {
      // eslint-disable-next-line no-await-in-loop -- asks until it has ended
      const run = (await binding.requestObject()) as Run;
      if (!run.isActive) return run;
      // eslint-disable-next-line no-await-in-loop
      await pause(600);
      binding.refresh();
    }
  } finally {
    binding.destroy();
  }
}
