/** Builds gen/html5: one zip per app for the HTML5 application repository, and the program that uploads them. */
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { transpile } from './screens/transpile.ts';

const root = join(import.meta.dirname, '..');

/** The apps that are shipped; each is a folder below `app`. */
export const APPS = ['runtime', 'settings', 'access'];

/** @param target the folder that it fills */
export async function buildApps(target: string): Promise<void> {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(join(target, 'resources'), { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) {
    cpSync(join(root, 'app', 'html5', file), join(target, file));
  }
  await Promise.all(APPS.map((app) => buildApp(app, target)));
  rmSync(join(target, 'work'), { recursive: true });
}

async function buildApp(app: string, target: string): Promise<void> {
  const work = join(target, 'work', app);
  const webapp = join(work, 'webapp');
  const id = `leanix.integration.${app}`;
  for (const folder of ['common', app]) cpSync(join(root, 'app', folder, 'webapp'), webapp, { recursive: true });
  const page = join(webapp, 'index.html');
  writeFileSync(page, readFileSync(page, 'utf8').replaceAll('{{app}}', app));
  await Promise.all(
    globSync('**/*.ts', { cwd: webapp }).map(async (file) => {
      writeFileSync(join(webapp, file.replace(/\.ts$/, '.js')), await transpile(join(webapp, file), false));
      rmSync(join(webapp, file));
    }),
  );
  writeFileSync(join(work, 'package.json'), JSON.stringify({ name: id, version: '1.0.0' }));
  writeFileSync(join(work, 'ui5.yaml'), `specVersion: "4.0"\nmetadata: { name: ${id} }\ntype: application\n`);
  ui5Build(work);

  const dist = join(work, 'dist');
  const files = globSync('**/*', { cwd: dist }).filter((file) => statSync(join(dist, file)).isFile());
  const shipped = files.filter((file) => !/-dbg\b|\.map$/.test(file));
  const content = Object.fromEntries(shipped.map((file) => [file, readFileSync(join(dist, file))]));
  content['xs-app.json'] = readFileSync(join(root, 'app', app, 'xs-app.json'));
  writeFileSync(join(target, 'resources', `${id.replaceAll('.', '')}.zip`), zipSync(content));
}

/** Minifies the app and bundles its modules into Component-preload.js; needs no framework. */
function ui5Build(folder: string): void {
  const cli = join(root, 'node_modules', '@ui5', 'cli', 'bin', 'ui5.cjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'build', '--dest=dist'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${folder} could not be built:\n${stdout}${stderr}`);
}
