/**
 * When an editor shows a setting: `settings.layout == "split" and not section.compact`. The grammar is the themes' own (docs/themes.md).
 *
 * A condition that cannot be read hides nothing.
 */
export type Scopes = Partial<Record<'settings' | 'section' | 'block', Record<string, unknown>>>;

export function holds(condition: string | undefined, scopes: Scopes): boolean {
  if (!condition) return true;
  try {
    return new Reader(condition).alternatives(scopes);
  } catch {
    return true;
  }
}

const TOKEN = /\s*([a-z_][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?|"[^"]*"|'[^']*'|-?\d+(?:\.\d+)?|==|!=|[[\],])/y;

class Reader {
  private readonly tokens: string[];

  constructor(text: string) {
    this.tokens = [];
    TOKEN.lastIndex = 0;
    const end = text.trimEnd().length;
    while (TOKEN.lastIndex < end) {
      const found = TOKEN.exec(text);
      if (!found?.[1]) throw new Error('unreadable');
      this.tokens.push(found[1]);
    }
  }

  alternatives(scopes: Scopes): boolean {
    let result = this.all(scopes);
    while (this.take('or')) result = this.all(scopes) || result;
    if (this.tokens.length > 0) throw new Error('unreadable');
    return result;
  }

  private all(scopes: Scopes): boolean {
    let result = this.term(scopes);
    while (this.take('and')) result = this.term(scopes) && result;
    return result;
  }

  private term(scopes: Scopes): boolean {
    const negated = this.take('not');
    const [scope = '', name] = this.next().split('.');
    if (!name) throw new Error('unreadable');
    const found = scopes[scope as keyof Scopes]?.[name];
    return this.compare(found) !== negated;
  }

  private compare(found: unknown): boolean {
    if (this.take('==')) return same(found, this.literal());
    if (this.take('!=')) return !same(found, this.literal());
    if (!this.take('in')) return isSet(found);
    if (!this.take('[')) throw new Error('unreadable');
    let result = same(found, this.literal());
    while (this.take(',')) result = same(found, this.literal()) || result;
    if (!this.take(']')) throw new Error('unreadable');
    return result;
  }

  private literal(): unknown {
    const word = this.next();
    if (word === 'true' || word === 'false') return word === 'true';
    if (/^["']/.test(word)) return word.slice(1, -1);
    if (Number.isNaN(Number(word))) throw new Error('unreadable');
    return Number(word);
  }

  private take(token: string): boolean {
    if (this.tokens[0] !== token) return false;
    this.tokens.shift();
    return true;
  }

  private next(): string {
    const token = this.tokens.shift();
    if (token === undefined) throw new Error('unreadable');
    return token;
  }
}

function same(found: unknown, value: unknown): boolean {
  return found === value;
}

function isSet(found: unknown): boolean {
  return Array.isArray(found) ? found.length > 0 : Boolean(found);
}
