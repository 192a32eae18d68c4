import { isDeepStrictEqual } from 'node:util';
import type { Sandbox } from '../../../sandbox/index.ts';
import type { Edit, FactSheet } from '../../../sandbox/leanix/state.ts';
import { externalIdOf } from '../../../sandbox/seed/types.ts';
import type { User } from '../app/user.ts';
import { World } from '../runs/world.ts';
import { endOf, expectJournals, expectNoneTwice, expectQuiet, externalIdIn, runOf } from './invariants.ts';

/** How the app is configured during one history. */
export type Setup = {
  /** `Objective` has no external ID. */
  factSheetType: 'Interface' | 'Objective';
  mappings: { iflowField: string; leanixPath: string; writeMode?: string; position: number }[];
};

/** The tag that the configuration adds. */
export const OWN_TAG = 'CPI-Managed';

/** The parts of a fact sheet that belong to others, as they left them. */
type Foreign = {
  status: string;
  name?: string;
  tags: string[];
  fields: Record<string, unknown>;
  /** The description without our block: the text before and after it. */
  around: [string, string | null];
};

/** A tenant and a workspace that people change while the app works. Records what they did. */
export class CatalogWorld extends World {
  readonly setup: Setup;
  /** The tag that the configuration adds now. */
  defaultTag: string | null = OWN_TAG;
  /** Fact sheets that only people may touch, as people left them: unrelated and archived ones. */
  readonly untouched = new Map<string, FactSheet>();
  readonly #foreign = new Map<string, Foreign>();

  constructor(sandbox: Sandbox, user: () => User, setup: Setup) {
    super(sandbox, 'runtime/SyncRuns', user);
    this.setup = setup;
    for (const sheet of sandbox.leanix.state.factSheets.values()) this.#note(sheet);
  }

  /** Whether only people may touch it: it has another type, or no iFlow ever has its name. */
  isBystander({ type, name }: FactSheet): boolean {
    return type !== this.setup.factSheetType || name.startsWith('Bystander');
  }

  /** Fact sheets that people can edit now, in a stable order. */
  sheets(): FactSheet[] {
    return [...this.sandbox.leanix.state.factSheets.values()].filter(({ status }) => status === 'ACTIVE');
  }

  /** A user changes a fact sheet in LeanIX. */
  edit(sheet: FactSheet, changes: Edit): void {
    this.#note(this.sandbox.editFactSheet(sheet.id, changes));
  }

  /** A user writes around our block, or anywhere if there is none. */
  writeAround({ id }: FactSheet, before: string, after: string): void {
    const sheet = this.sandbox.leanix.state.factSheets.get(id)!;
    const block = blockIn(sheet.description ?? '');
    this.edit(sheet, { description: block ? before + block + after : before });
  }

  override ended(ID: string): Promise<any> {
    return endOf(this, ID);
  }

  iflows(): Promise<any[]> {
    return this.rows('IFlows?$orderby=artifactId');
  }

  /** Refreshes and syncs once more without faults, then checks that nothing was lost, doubled or overwritten. */
  async finish(): Promise<void> {
    this.calm();
    await this.settled();
    expect(await runOf(this, 'refresh', { acceptEmpty: true })).toMatchObject({ status: 'completed' });
    const last = await this.#syncUntilQuiet();
    await this.#expectDocumented(last);
    await expectNoneTwice(this);
    this.#expectUntouched();
    // Refused items are tried again each time.
    if (!last.failed) await expectQuiet(this);
    await expectJournals(this);
  }

  /**
   * Syncs until one changes nothing: a taken name may become free during a sync, and is tried again in the next one.
   * @returns the last run
   */
  async #syncUntilQuiet(): Promise<any> {
    for (let rounds = 0; ; rounds++) {
      expect(rounds).toBeLessThan(6);
      const before = new Map(this.sandbox.leanix.state.factSheets);
      const run = await runOf(this, 'syncAll');
      const taken = await this.rows(`SyncItems?$filter=run_ID eq ${run.ID} and code eq 'NAME_STILL_TAKEN'`);
      const isQuiet = isDeepStrictEqual(before, new Map(this.sandbox.leanix.state.factSheets));
      if (isQuiet || !(run.failed || taken.length)) return run;
    }
  }

  /** Every deployed iFlow took part, and what counts as done is done. */
  async #expectDocumented(run: any): Promise<void> {
    const { leanix, cpi } = this.sandbox;
    const items = await this.rows(`SyncItems?$filter=run_ID eq ${run.ID}`);
    const iflows = new Map((await this.iflows()).map((iflow) => [iflow.artifactId, iflow]));
    for (const artifact of cpi.state.artifacts) {
      const item = items.find(({ artifactId }) => artifactId === artifact.id);
      expect(item).toBeDefined();
      if (item.status !== 'done') {
        // A taken name, several candidates, or a hidden fact sheet: a user must decide.
        expect(['AMBIGUOUS', 'CONSTRAINT_VIOLATION', 'NAME_STILL_TAKEN', 'BUSINESS_LOGIC']).toContain(item.code);
        continue;
      }
      const note = [null, 'NO_MAPPING'];
      expect({ ...item, note }).toMatchObject({ note: expect.arrayContaining([item.code]) });
      const sheet = leanix.state.factSheets.get(iflows.get(artifact.id).factSheetId);
      const { factSheetType: type } = this.setup;
      expect(sheet).toMatchObject({ status: 'ACTIVE', type });
      expect(externalIdIn(sheet!)).toBe(type === 'Objective' ? null : externalIdOf(cpi.host, artifact.id));
      if (this.defaultTag) expect(leanix.state.tagNames(sheet!.id)).toContain(this.defaultTag);
      if (this.#isMapped('/release')) expect(sheet!.fields['release']).toBe(artifact.version);
      if (this.#isMapped('/name')) expect(sheet!.name).toBe(artifact.name);
      if (this.#hasBlock()) expect(blockIn(sheet!.description ?? '')).toContain(`iFlow: ${artifact.name}\n`);
    }
  }

  #expectUntouched(): void {
    const { factSheets } = this.sandbox.leanix.state;
    for (const [id, sheet] of this.untouched) expect(factSheets.get(id)).toEqual(sheet);
    for (const [id, then] of this.#foreign) {
      const now = this.#foreignOf(factSheets.get(id)!);
      // Our block may have been added since, after their text and a blank line.
      if (then.around[1] === null && now.around[1] === '') {
        const gap = now.around[0].slice(then.around[0].length);
        expect({ id, gap, text: now.around[0].slice(0, then.around[0].length) }).toEqual({
          id,
          gap: expect.stringMatching(/^\n{0,2}$/),
          text: then.around[0].trim() ? then.around[0] : '',
        });
        expect({ id, ...now, around: null }).toEqual({ id, ...then, around: null });
      } else expect({ id, ...now }).toEqual({ id, ...then });
    }
  }

  #note(sheet: FactSheet): void {
    this.#foreign.delete(sheet.id);
    if (this.isBystander(sheet) || sheet.status === 'ARCHIVED') this.untouched.set(sheet.id, sheet);
    else this.#foreign.set(sheet.id, this.#foreignOf(sheet));
  }

  #foreignOf({ id, status, name, description, fields }: FactSheet): Foreign {
    const owned = this.#isMapped('/release') ? ['externalId', 'release'] : ['externalId'];
    const rest = Object.fromEntries(Object.entries(fields).filter(([field]) => !owned.includes(field)));
    const text = description ?? '';
    const block = this.#hasBlock() ? blockIn(text) : null;
    const start = block ? text.indexOf(block) : 0;
    return {
      status,
      ...(!this.#isMapped('/name') && { name }),
      tags: this.sandbox.leanix.state
        .tagNames(id)
        .filter((tag) => tag !== OWN_TAG)
        .sort(),
      fields: rest,
      around: block ? [text.slice(0, start), text.slice(start + block.length)] : [text, null],
    };
  }

  #isMapped(path: string): boolean {
    return this.setup.mappings.some(({ leanixPath, writeMode }) => leanixPath === path && writeMode !== 'onCreate');
  }

  #hasBlock(): boolean {
    return this.setup.mappings.length === 0;
  }
}

/** Our part of a description, with its marker lines. */
function blockIn(text: string): string | null {
  return (
    /^\[SAP Cloud Integration: kept up to date by LeanIX Integration\]\n[^]*?^\[SAP Cloud Integration: end\]/m.exec(
      text,
    )?.[0] ?? null
  );
}
