/**
 * Starts the local sandbox and the app on SQLite, and prints what to try. The state is kept in `.sandbox`, or in
 * `SANDBOX_FOLDER`, until the folder is deleted. With `--empty`, the connection is not configured, and both start from
 * scratch.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../sandbox/index.ts';
import { fill, settingsFor } from './local/connection.ts';
import { listenAt } from './local/front.ts';
import { generateTypes } from './local/models.ts';
import { HEADER_FLAGS, MEMORY_FLAGS } from './memory.ts';
import { hasUI5, prepareUI5 } from './screens/ui5.ts';

const root = join(import.meta.dirname, '..');
let stopping = false;
const isEmpty = process.argv.includes('--empty');
const state = process.env['SANDBOX_FOLDER'] ?? join(root, '.sandbox');
const folder = isEmpty ? join(state, 'empty') : state;
const destinationsFile = join(state, 'destinations.json');
const port = Number(process.env['PORT'] ?? 4004);
const say = (text: string) => process.stdout.write(text + '\n');
const USERS = ['viewer', 'admin', 'enterprise', 'enterprise2', 'nobody'];

if (isEmpty) rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
// Your own destinations lead to real systems, so nobody else on this computer gets access.
const isReal = existsSync(destinationsFile) && /"Name"/.test(readFileSync(destinationsFile, 'utf8'));
const password = isReal ? randomBytes(18).toString('base64url') : undefined;

const front = await listenAt(port, password).catch(inUse);
const framework = hasUI5() ? undefined : prepare();
const sandbox = await startSandbox({
  stateFile: join(folder, 'state.json'),
  destinationsFile,
  ports: { btp: port + 10, leanix: port + 11, cpi: port + 12 },
}).catch(inUse);
generateTypes(root);

const own = process.env['APP_SETTINGS'];
const isOurs = !own && !isEmpty && !isReal;
const behind = await freePort();
const local = pathToFileURL(join(import.meta.dirname, 'screens', 'local.ts')).href;
const app = spawn('cds-serve', [], {
  cwd: root,
  stdio: 'inherit',
  env: {
    NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'),
    ...process.env,
    ...sandbox.env(),
    ...(isOurs && { APP_SETTINGS: settingsFor(sandbox.leanix.host) }),
    ...(password && Object.fromEntries(USERS.map((user) => [`cds_requires_auth_users_${user}_password`, password]))),
    PORT: String(behind),
    CDS_TYPESCRIPT: 'true',
    NO_TELEMETRY: 'true',
    NODE_OPTIONS: `${MEMORY_FLAGS} ${HEADER_FLAGS} ${process.env['NODE_OPTIONS'] ?? ''} --import=${local}`,
    cds_server_cors: 'false',
    cds_requires_db_credentials_url: join(folder, 'db.sqlite'),
  },
});

const stop = async (code: number) => {
  if (stopping) return;
  stopping = true;
  app.kill('SIGTERM');
  await sandbox.stop();
  process.exit(code);
};
app.on('exit', (code) => void stop(code ?? 1));
process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));
// If npm is stopped, the shell between npm and this process ends, but does not pass the signal on.
const { ppid } = process;
setInterval(() => process.ppid !== ppid && void stop(0), 1000).unref();

await ready();
front.open(behind);
const url = `http://localhost:${port}`;
if (isOurs) {
  await fill(`http://127.0.0.1:${port}`, 'enterprise').catch((error: Error) =>
    say(`The list of iFlows could not be read yet: ${error.message}`),
  );
}
say(`
LeanIX Integration for SAP Integration Suite is running. Open

  ${url}/${password ? `?key=${password}` : ''}

and choose who you are. ${password ? `Real systems are entered: on the API, the password of all users is ${password}.\n` : ''}The LeanIX host of the sandbox is ${sandbox.leanix.host}. The made-up company can be changed at
${sandbox.btp.url}/sandbox. All data stays in ${process.env['SANDBOX_FOLDER'] ?? '.sandbox'}. Stop with Ctrl+C.
`);
await framework;

/** Until the screens are ready, the page shows the progress. */
function prepare(): Promise<void> {
  return prepareUI5(say).catch((error: Error) => {
    if (!stopping) say(`${error.message}\nOnly the services work; start again to try once more.`);
  });
}

function inUse(error: NodeJS.ErrnoException & { port?: number }): never {
  if (error.code !== 'EADDRINUSE') throw error;
  say(`Port ${error.port} is in use. Is it running already? Otherwise set PORT to another number.`);
  process.exit(1);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port: free } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return free;
}

async function ready(): Promise<void> {
  while (!stopping) {
    // eslint-disable-next-line no-await-in-loop -- asks until the app answers
    const answer = await fetch(`http://127.0.0.1:${behind}/health`).catch(() => null);
    if (answer?.ok) return;
    // eslint-disable-next-line no-await-in-loop
    await sleep(50);
  }
}
