/** Bundles the modules of a library, so that a page gets them with one request. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { minify } from '@swc/core';
import { pathOf } from './libraries.ts';

/** Which files a bundle holds besides modules; texts are read one language at a time. */
const KINDS = /\.(?:js|manifest\.json|(?:control|fragment|view|block)\.(?:xml|html|json))$|(?:^|\/)manifest\.json$/;
/** Excludes development and test files, bundles, and rarely needed large files. */
const LEFT_OUT =
  /(?:^|\/)(?:designtime|support|test|qunit|demokit|cldr|ve)\/|\.(?:designtime|support|d)\.[jt]s$|-preload[\w.-]*\.js$|-dbg\.js$|-min(?:-\d)?\.js$/;
/** The folders of sap.ui.core, whose modules are not all in the folder of its name. */
const CORE =
  /^(?:jquery\.sap\.[\w.]+js|sap\/base\/.*|sap\/ui\/(?:base|core|dom|events|model|performance|security|util)\/.*|sap\/ui\/(?:Device|Global|VersionInfo)\.js|sap\/ui\/thirdparty\/(?:crossroads|caja-html-sanitizer|hasher|signals|jquery(?:-compat)?|jquery-mobile-custom|URI|es6-promise|jqueryui\/jquery-ui-(?:core|position|datepicker))\.js)$/;
/** Folders with libraries that a page loads as files of their own. */
const THIRDPARTY = /\/(?:thirdparty|libs|js)\//;
/** Libraries of which a page loads another bundle first, which names what is in the main one. */
const LAZY = ['sap.ui.comp', 'sap.ui.layout', 'sap.ui.unified'];

type Minify = typeof minify;

/**
 * Writes a library's bundles.
 * @param resources the folder that is served as `/resources`
 */
export async function bundle(resources: string, library: string): Promise<void> {
  const path = pathOf(library);
  const minifier = await minifierOf();
  const isCore = library === 'sap.ui.core';
  const files = modulesOf(resources, path, isCore).sort();
  const modules = await Promise.all(files.map((file) => entry(resources, file, minifier)));
  const preload = `sap.ui.require.preload({\n${modules.join(',\n')}\n},"${path}/library-preload");\n`;
  if (isCore) {
    const loader = await Promise.all(
      ['ui5loader.js', 'ui5loader-autoconfig.js'].map((file) =>
        minified(readFileSync(join(resources, file), 'utf8'), minifier),
      ),
    );
    // Not at once: a module outside of the bundle is then a script, and no text to be evaluated.
    const boot = `sap.ui.require(["sap/ui/core/Core"],(core)=>core.boot?.());\n`;
    // This error ends a page that restarts because its options changed.
    const whole = `window["sap-ui-optimized"]=true;\ntry{\n${loader.join('\n')}\n${preload}${boot}}catch(error){if(error.name!=="Restart")throw error}\n`;
    writeFileSync(join(resources, path, 'library-preload.js'), '// All of it is in sap-ui-core.js.\n');
    writeFileSync(join(resources, 'sap-ui-core.js'), whole);
    return;
  }
  writeFileSync(join(resources, path, 'library-preload.js'), preload);
  if (LAZY.includes(library)) {
    const names = JSON.stringify({ bundlesUI5: { [`${path}/library-preload.js`]: files } });
    writeFileSync(join(resources, path, 'library-preload-lazy.js'), `sap.ui.loader.config(${names});\n`);
  }
  if (library === 'sap.ui.fl')
    for (const part of ['apply', 'write'])
      writeFileSync(join(resources, path, `library-preload-${part}.js`), '// All of it is in library-preload.js.\n');
}

function modulesOf(resources: string, path: string, isCore: boolean): string[] {
  const patterns = isCore
    ? [
        '*.js',
        'sap/base/**',
        'sap/ui/*.js',
        'sap/ui/{base,core,dom,events,model,performance,security,util,thirdparty}/**',
      ]
    : [`${path}/**`];
  const found = globSync(patterns, { cwd: resources }).map((file) => file.replaceAll('\\', '/'));
  const isWanted = (file: string) =>
    KINDS.test(file) && !LEFT_OUT.test(file) && (isCore ? CORE.test(file) : !THIRDPARTY.test(file));
  return [...new Set(found.filter(isWanted))];
}

async function entry(resources: string, file: string, minifier: Minify): Promise<string> {
  const source = readFileSync(join(resources, file), 'utf8');
  if (!file.endsWith('.js')) return `${JSON.stringify(file)}:${JSON.stringify(source)}`;
  const code = await minified(source, minifier);
  return `${JSON.stringify(file)}:${(await isModule(source)) ? `function(){${code}\n}` : JSON.stringify(code)}`;
}

/** Top-level declarations that are global. */
const DECLARATIONS = ['VariableDeclaration', 'FunctionDeclaration', 'ClassDeclaration', 'ImportDeclaration'];

/**
 * Whether a file can be wrapped in a function. A file with global declarations is kept as text and evaluated, which a
 * strict content security policy forbids.
 */
async function isModule(source: string): Promise<boolean> {
  if (!/^(?:var|let|const|class|function|async|import|export)\b/m.test(source)) return true;
  try {
    const { parse } = await import('@swc/core');
    const { body } = await parse(source, { syntax: 'ecmascript' });
    return !body.some(({ type }) => DECLARATIONS.includes(type) || type.startsWith('Export'));
  } catch {
    return false;
  }
}

/** Shorter names and no comments; a source that is not understood stays as it is. */
async function minified(source: string, minifier: Minify): Promise<string> {
  try {
    const { code } = await minifier(source, { compress: false, mangle: true, format: { comments: false } });
    return code;
  } catch {
    return source;
  }
}

/** The minifier is a native package; where it does not exist, sources stay as they are. */
async function minifierOf(): Promise<Minify> {
  try {
    return (await import('@swc/core')).minify;
  } catch {
    return (source) => Promise.resolve({ code: String(source) });
  }
}
