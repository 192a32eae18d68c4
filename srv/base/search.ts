/** A parsed search: words and phrases, and how they are combined. */
export type Search = { text: string } | { not: Search } | { and: readonly Search[] } | { or: readonly Search[] };

/** More terms make a search slow, and no user enters as many. */
const MAX_TERMS = 20;
const MAX_LENGTH = 1000;

type Token = { word: string } | { phrase: string };

/**
 * Parses an OData search: all words must match, `"…"` is a phrase. `AND`, `OR`, `NOT` and parentheses are supported;
 * `NOT` binds closest and `OR` least.
 * @returns null if it cannot be parsed
 * @see https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html#sec_SystemQueryOptionsearch
 */
export function parseSearch(text: string): Search | null {
  const tokens = text.length > MAX_LENGTH ? null : tokensOf(text);
  if (!tokens?.length || tokens.length > 4 * MAX_TERMS) return null;
  const reader = new Reader(tokens);
  const search = reader.disjunction();
  return reader.isAtEnd() && reader.terms <= MAX_TERMS ? search : null;
}

function tokensOf(text: string): Token[] | null {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const character = text[at]!;
    if (/\s/.test(character)) {
      at += 1;
    } else if (character === '(' || character === ')') {
      tokens.push({ word: character });
      at += 1;
    } else if (character === '"') {
      const [quoted] = /^"(?:[^"\\]|\\.)*"/s.exec(text.slice(at)) ?? [];
      if (quoted === undefined) return null;
      tokens.push({ phrase: quoted.slice(1, -1).replace(/\\(.)/gs, '$1') });
      at += quoted.length;
    } else {
      const [word] = /^[^\s()"]+/.exec(text.slice(at))!;
      tokens.push({ word });
      at += word.length;
    }
  }
  return tokens;
}

class Reader {
  terms = 0;
  private at = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  isAtEnd(): boolean {
    return this.at === this.tokens.length;
  }

  disjunction(): Search | null {
    return this.several(
      'or',
      () => this.conjunction(),
      (): boolean => this.take('OR'),
    );
  }

  private conjunction(): Search | null {
    return this.several(
      'and',
      () => this.term(),
      (): boolean => this.take('AND') || this.startsTerm(),
    );
  }

  private several(kind: 'and' | 'or', read: () => Search | null, goesOn: () => boolean): Search | null {
    const parts: Search[] = [];
    do {
      const part = read();
      if (!part) return null;
      parts.push(part);
    } while (goesOn());
    return parts.length === 1 ? parts[0]! : kind === 'and' ? { and: parts } : { or: parts };
  }

  private term(): Search | null {
    if (this.take('NOT')) {
      const term = this.startsTerm() && !this.isNext('NOT') ? this.term() : null;
      return term && { not: term };
    }
    if (this.take('(')) {
      const inner = this.disjunction();
      return this.take(')') ? inner : null;
    }
    const token = this.startsTerm() ? this.tokens[this.at++] : undefined;
    if (!token) return null;
    this.terms += 1;
    const text = 'phrase' in token ? token.phrase : token.word;
    return text.trim() === '' ? null : { text };
  }

  private isNext(word: string): boolean {
    const next = this.tokens[this.at];
    return next !== undefined && 'word' in next && next.word === word;
  }

  private startsTerm(): boolean {
    return !this.isAtEnd() && !['AND', 'OR', ')'].some((word) => this.isNext(word));
  }

  private take(word: string): boolean {
    const isNext = this.isNext(word);
    if (isNext) this.at += 1;
    return isNext;
  }
}
