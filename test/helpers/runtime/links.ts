import { externalIdOf } from '../../../sandbox/seed/types.ts';
import { launchRuntime, MAPPINGS } from './runtime.ts';
import { flows } from '../app/seeds.ts';

const seed = flows(4, [
  { type: 'Interface', name: 'Flow 1', fields: { release: 'a' }, description: 'The old one.' },
  { type: 'Interface', name: 'Flow 1', fields: { release: 'b' }, description: 'The new one.', tags: ['SOX'] },
  { type: 'Interface', name: 'Flow 2', documents: 'Flow_2', tags: ['EMEA'] },
  { type: 'Interface', name: 'Flow 3' },
  { type: 'Interface', name: 'Retired', status: 'ARCHIVED' },
  { type: 'Interface', name: 'Secret', restricted: true },
  { type: 'Application', name: 'Billing' },
]);

/** Starts the app on these fact sheets. Await it once, at the top of a test file. */
export async function launchLinks() {
  const app = await launchRuntime({ seed });
  const { sandbox } = app;
  return {
    app,
    sandbox,
    sheet: (name: string, release?: string) =>
      [...sandbox.leanix.state.factSheets.values()].find(
        (one) => one.name === name && (!release || one.fields['release'] === release),
      )!,
    ownId: (artifactId: string) => ({ externalId: externalIdOf(sandbox.cpi.host, artifactId) }),
    link: (artifactId: string, factSheetId: unknown) => app.onIFlow(artifactId, 'link', { factSheetId }),
    /** Restarts with matched iFlows. */
    matched: async () => {
      await app.begin({ mappings: MAPPINGS, defaultTags: 'CPI-Managed' });
      await app.run('refresh');
      await app.run('match');
    },
  };
}
