import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Goes with the packages that it was made by. */
const CACHE = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'leanix-screens');
const known = new Map<string, { changed: number; code: string }>();

/**
 * The UI5 module that a TypeScript file of an app becomes. Done again when the file has changed, and kept over starts:
 * Babel alone takes seconds to load.
 */
export async function transpile(file: string, sourceMap = true): Promise<string> {
  const changed = (await stat(file)).mtimeMs;
  const before = known.get(file);
  if (before?.changed === changed) return before.code;
  const source = await readFile(file, 'utf8');
  const hash = createHash('sha256')
    .update(JSON.stringify([file, sourceMap, source]))
    .digest('hex');
  const kept = join(CACHE, `${hash}.js`);
  const code = await readFile(kept, 'utf8').catch(() => keep(kept, () => transform(file, source, sourceMap)));
  known.set(file, { changed, code });
  return code;
}

async function transform(filename: string, source: string, sourceMap: boolean): Promise<string> {
  const { transformAsync } = await import('@babel/core');
  const result = await transformAsync(source, {
    filename,
    babelrc: false,
    configFile: false,
    sourceMaps: sourceMap && 'inline',
    presets: ['@babel/preset-typescript', 'babel-preset-transform-ui5'],
  });
  return result?.code ?? '';
}

async function keep(path: string, make: () => Promise<string>): Promise<string> {
  const code = await make();
  await mkdir(CACHE, { recursive: true });
  // Another process may be doing the same: nobody reads half a file.
  const own = `${path}.${process.pid}`;
  await writeFile(own, code);
  await rename(own, path);
  return code;
}
