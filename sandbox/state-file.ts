import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Keeps a value in a JSON file: written a little after each change, and never half. */
export class StateFile<T> {
  readonly #path: string;
  readonly #content: () => T;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string, content: () => T) {
    this.#path = path;
    this.#content = content;
  }

  /** Call this after each change. If the file cannot be written then, the next change tries again. */
  changed(): void {
    this.#timer ??= setTimeout(() => void this.save().catch(() => {}), 300).unref();
  }

  /** Writes the file now. */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.catch(() => {}).then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    const temporary = `${this.#path}.tmp`;
    await mkdir(dirname(this.#path), { recursive: true });
    // It may contain secrets: only the owner may read it.
    await writeFile(temporary, JSON.stringify(this.#content()), { mode: 0o600 });
    await rename(temporary, this.#path);
  }
}

/** What a JSON file holds; undefined if there is none. */
export async function readJson(path: string | undefined): Promise<unknown> {
  if (!path || !existsSync(path)) return undefined;
  const text = await readFile(path, 'utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${path} is not valid JSON. Correct it, or delete it to begin again.`);
  }
}
