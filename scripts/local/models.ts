import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Generates the types of the data model if the model has changed. */
export function generateTypes(root: string): void {
  const model = createHash('sha256');
  for (const file of [...globSync('{app,db,srv}/**/*.cds', { cwd: root }).sort(), 'package-lock.json'])
    model.update(file).update(readFileSync(join(root, file)));
  const version = model.digest('hex');
  const cache = join(root, 'node_modules', '.cache');
  const stamp = join(cache, 'leanix-types');
  const isThere = existsSync(stamp) && existsSync(join(root, '@cds-models', 'leanix', 'index.js'));
  if (isThere && readFileSync(stamp, 'utf8') === version) return;
  const { status } = spawnSync('cds-typer', ['*', '--outputDirectory', '@cds-models'], { cwd: root, stdio: 'ignore' });
  mkdirSync(cache, { recursive: true });
  if (status === 0) writeFileSync(stamp, version);
}
