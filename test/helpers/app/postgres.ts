import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

/** A PostgreSQL on a free port of this machine, in a temporary folder. */
export type Postgres = {
  /** Creates an empty database. @returns the credentials for a binding */
  create(database: string): Promise<Credentials>;
  /** Opens a connection, which the caller ends. */
  connect(database: string): Promise<Connection>;
  /** Runs one statement on a separate connection. @returns its rows */
  sql(database: string, statement: string): Promise<any[]>;
  /** Ends all connections and transactions, stops, and starts again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

export type Credentials = { hostname: string; port: number; dbname: string; username: string; password: string };

type Connection = {
  connect(): Promise<void>;
  query(sql: string): Promise<{ rows: any[] }>;
  end(): Promise<void>;
  on(event: 'error', listener: () => void): void;
};

const USER = 'postgres';

/** @returns null if this machine has none and it is optional */
export async function startPostgres(): Promise<Postgres | null> {
  const bin = programs();
  if (!bin) {
    const skipped = 'No PostgreSQL was found: the tests on it are skipped.';
    if (process.env['POSTGRES_REQUIRED']) throw new Error(skipped);
    process.stderr.write(`${skipped} Install one, or put its programs on the PATH.\n`);
    return null;
  }
  const folder = mkdtempSync(join(tmpdir(), 'leanix-postgres-'));
  const data = join(folder, 'data');
  const owner = unprivileged(folder);
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', USER, '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    { ...owner, cwd: folder, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stdout}${made.stderr}`);
  const port = await freePort();
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
  };
  let server: ChildProcess;
  const last = () => server?.kill('SIGQUIT');
  process.once('exit', last);

  async function start(): Promise<void> {
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    server = spawn(join(bin!, 'postgres'), ['-D', data, ...args], { ...owner, cwd: folder, stdio: 'ignore' });
    for (const until = Date.now() + 90_000; ; await sleep(50)) {
      try {
        await (await connect(USER)).end();
        return;
      } catch (error) {
        if (server.exitCode !== null || Date.now() > until) throw error;
      }
    }
  }

  /** @param signal SIGINT: fast, SIGQUIT: immediately */
  async function end(signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
    if (server.exitCode !== null) return;
    const exited = once(server, 'exit');
    server.kill(signal);
    await exited;
  }

  async function connect(database: string): Promise<Connection> {
    const connection = new Client({ host: '127.0.0.1', port, user: USER, database });
    connection.on('error', () => undefined);
    await connection.connect();
    return connection;
  }

  async function sql(database: string, statement: string) {
    const connection = await connect(database);
    try {
      return (await connection.query(statement)).rows;
    } finally {
      await connection.end();
    }
  }

  await start();
  return {
    connect,
    sql,
    async create(database) {
      await sql(USER, `CREATE DATABASE ${database}`);
      return { hostname: '127.0.0.1', port, dbname: database, username: USER, password: 'none' };
    },
    async restart() {
      await end('SIGINT');
      await start();
    },
    async stop() {
      await end('SIGQUIT');
      process.off('exit', last);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The driver that the service itself uses. */
const { Client } = createRequire(import.meta.resolve('@cap-js/postgres'))('pg') as {
  Client: new (options: object) => Connection;
};

/** The folder of initdb and postgres: Debian does not put it on the PATH. */
function programs(): string | undefined {
  const versions = globSync('/usr/lib/postgresql/*/bin').sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  const folders = [...versions, ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))));
}

/** PostgreSQL refuses to run as root, so the folder belongs to an unprivileged user. */
function unprivileged(folder: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (option: string) => Number(spawnSync('id', [option, 'nobody'], { encoding: 'utf8' }).stdout);
  const [uid, gid] = [id('-u'), id('-g')];
  chownSync(folder, uid, gid);
  return { uid, gid };
}
