import MultiInput from 'sap/m/MultiInput';
import Token from 'sap/m/Token';
import type { MetadataOptions } from 'sap/ui/core/Element';

/**
 * An input that shows names separated by commas as tokens.
 * @namespace leanix.integration.settings.ext
 */
export default class TagInput extends MultiInput {
  static readonly metadata: MetadataOptions = {
    properties: {
      /** The names, such as `CPI-Managed, SAP-Integration`. */
      tags: { type: 'string', defaultValue: '', bindable: 'bindable' },
    },
  };
  static readonly renderer = 'sap.m.MultiInputRenderer';

  init(): void {
    super.init();
    // Text that was typed to find a suggestion is not a tag.
    this.addValidator(({ text, suggestionObject }: { text: string; suggestionObject?: object }) => {
      if (suggestionObject) this.setValue('');
      return this.add(namesOf(text));
    });
    this.attachTokenUpdate((event) => {
      if (event.getParameter('type') !== 'removed') return;
      const removed = (event.getParameter('removedTokens') ?? []).map((token) => token.getKey());
      this.write(this.names().filter((name) => !removed.includes(name)));
    });
    // Text that was typed and left without Enter counts as well.
    this.attachChange(() => {
      const names = namesOf(this.getValue());
      this.setValue('');
      if (names.length) this.add(names);
    });
  }

  setTags(tags: string | null): this {
    this.setProperty('tags', tags ?? '', true);
    this.destroyTokens();
    for (const name of namesOf(tags ?? '')) this.addToken(new Token().setKey(name).setText(name));
    return this;
  }

  /** Adds names. */
  add(names: string[]): null {
    this.replace([...this.names(), ...names]);
    return null;
  }

  /** All names. */
  names(): string[] {
    return namesOf(this.getProperty('tags') as string);
  }

  /** Replaces all names. */
  replace(names: string[]): void {
    this.write([...new Set(names)]);
  }

  private write(names: string[]): void {
    const tags = names.join(', ');
    if (tags !== this.getProperty('tags')) this.setTags(tags);
  }
}

function namesOf(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
