/** Runs as its own process, because compiling the themes takes longest. */
import fs, { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathOf, requireOfCLI, THEME } from './libraries.ts';

type Less = {
  Builder: new (options: { fs: typeof fs }) => {
    build(options: object): Promise<{ css: string; cssRtl: string; variables: Record<string, string> }>;
  };
};

const [resources = ''] = process.argv.slice(2);
const { Builder } = requireOfCLI('less-openui5') as Less;
// Without a file system it gets the variables of half of the files only.
const builder = new Builder({ fs });
const waiting: string[] = [];
let isBusy = false;

process.on('message', (library: string) => {
  waiting.push(library);
  void work();
});
process.on('disconnect', () => process.exit(0));

async function work(): Promise<void> {
  if (isBusy) return;
  isBusy = true;
  for (let library = waiting.shift(); library; library = waiting.shift()) {
    // eslint-disable-next-line no-await-in-loop -- one after the other, in the order of need
    const problem = await compile(library).catch((error: Error) => error.message);
    process.send?.({ library, problem });
  }
  isBusy = false;
}

async function compile(library: string): Promise<undefined> {
  const folder = join(resources, pathOf(library), 'themes', THEME);
  const source = join(folder, 'library.source.less');
  if (!existsSync(source)) return;
  const made = await builder.build({ lessInputPath: source, library: { name: library }, compiler: { compress: true } });
  writeFileSync(join(folder, 'library.css'), made.css);
  writeFileSync(join(folder, 'library-RTL.css'), made.cssRtl);
  writeFileSync(join(folder, 'library-parameters.json'), JSON.stringify(made.variables));
}
