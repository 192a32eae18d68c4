import { stat, readFile } from 'node:fs/promises';
import { transformAsync } from '@babel/core';

const known = new Map<string, { changed: number; code: string }>();

/** The UI5 module that a TypeScript file of an app becomes. Done again when the file has changed. */
export async function transpile(file: string, sourceMap = true): Promise<string> {
  const changed = (await stat(file)).mtimeMs;
  const before = known.get(file);
  if (before?.changed === changed) return before.code;
  const result = await transformAsync(await readFile(file, 'utf8'), {
    filename: file,
    babelrc: false,
    configFile: false,
    sourceMaps: sourceMap && 'inline',
    presets: ['@babel/preset-typescript', 'babel-preset-transform-ui5'],
  });
  const code = result?.code ?? '';
  known.set(file, { changed, code });
  return code;
}
