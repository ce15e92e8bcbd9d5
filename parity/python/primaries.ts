// Python's values and what stands directly behind them: members, calls, subscripts, comprehensions.

import { Cursor } from "./cursor.js";
import { assignMember, indexed, member, Slice } from "./operations.js";
import { callable } from "./torch.js";
import { type Code, type Parsed, type Scope, Spread, sequence, spread, type Target, variable } from "./values.js";

const CONSTANTS: Readonly<Record<string, unknown>> = { True: true, False: false, None: null };
const KEYWORDS = new Set(["lambda", "yield", "await", "for", "if", "else", "in", "is", "not", "and", "or", "with"]);

/** Reads them off a line's tokens; what is inside of them are expressions again. */
export abstract class Primaries extends Cursor {
  abstract expression(): Parsed;
  /** An expression without a condition. */
  abstract either(): Parsed;

  /** Expressions with commas between them are a tuple. */
  expressions(): Parsed {
    const first = this.starred();
    if (!this.is(",")) return first;
    return sequence([first, ...this.others()]);
  }

  others(): Parsed[] {
    const found: Parsed[] = [];
    const ends = [")", "]", "=", ":"];
    while (this.take(",") && !this.isAtEnd && !ends.some((end) => this.is(end))) found.push(this.starred());
    return found;
  }

  starred(): Parsed {
    if (!this.take("*")) return this.expression();
    const code = this.expression();
    return (scope) => new Spread([...(code(scope) as Iterable<unknown>)]);
  }

  postfix(): Parsed {
    let code = this.atom();
    for (;;) {
      const owner = code;
      if (this.take(".")) {
        const name = this.name();
        const assign = (scope: Scope, value: unknown): void => assignMember(owner(scope), name, value);
        code = Object.assign((scope: Scope) => member(owner(scope), name), { target: { assign } });
      } else if (this.take("(")) code = this.call(owner);
      else if (this.take("[")) {
        const index = this.subscripts();
        code = (scope) => indexed(owner(scope), index(scope));
      } else return code;
    }
  }

  call(callee: Code): Code {
    const positional: Code[] = [];
    const named: [string, Code][] = [];
    while (!this.take(")")) {
      if (this.tokens[this.at]?.kind === "name" && this.is("=", 1)) {
        const name = this.name();
        this.at++;
        named.push([name, this.expression()]);
      } else positional.push(this.starred());
      if (this.is("for")) {
        positional.push(this.comprehension(positional.pop()!, ")"));
        break;
      }
      if (!this.is(")")) this.expect(",");
    }
    return (scope) => {
      const given = Object.fromEntries(named.map(([name, code]) => [name, code(scope)]));
      const found = callable(callee(scope));
      if (found === undefined) throw new Error(`${JSON.stringify(this.text)} calls what is not a function`);
      return found(spread(positional, scope), given);
    };
  }

  subscripts(): Code {
    const all = [this.subscript()];
    let isTuple = false;
    while (this.take(",")) {
      isTuple = true;
      if (!this.is("]")) all.push(this.subscript());
    }
    this.expect("]");
    return isTuple ? (scope) => all.map((code) => code(scope)) : all[0]!;
  }

  subscript(): Code {
    const parts: (Code | null)[] = [];
    do {
      parts.push([":", ",", "]"].some((end) => this.is(end)) ? null : this.expression());
    } while (parts.length < 3 && this.take(":"));
    if (parts.length === 1) return parts[0] ?? this.fail("wanted an index");
    return (scope) => new Slice(...(parts.map((part) => part?.(scope) ?? null) as [number | null]));
  }

  atom(): Parsed {
    const token = this.tokens[this.at] ?? this.fail("wanted a value");
    if (token.kind === "name" && KEYWORDS.has(token.text)) this.fail("this is not read");
    this.at++;
    const { kind, text } = token;
    if (kind === "number") return () => Number(text);
    if (kind === "string") return () => text;
    if (kind === "name") return text in CONSTANTS ? () => CONSTANTS[text] : variable(text);
    if (text === "..." || (text !== "(" && text !== "[")) {
      this.at--;
      this.fail("this is not read");
    }
    const end = text === "(" ? ")" : "]";
    if (this.take(end)) return () => [];
    const first = this.starred();
    if (this.is("for")) return this.comprehension(first, end);
    const isTuple = this.is(",") || text === "[";
    const all = [first, ...this.others()];
    this.expect(end);
    return isTuple ? sequence(all) : first;
  }

  comprehension(value: Code, end: string): Code {
    this.expect("for");
    const names = this.targets();
    this.expect("in");
    const values = this.either();
    this.expect(end);
    return (scope) =>
      Array.from(values(scope) as Iterable<unknown>, (item) => {
        const inner = Object.create(scope) as Scope;
        names.assign(inner, item);
        return value(inner);
      });
  }

  /** What a loop assigns to: names, which a comparison's "in" must not be taken for a part of. */
  targets(): Target {
    const all = [this.postfix()];
    while (this.take(",")) all.push(this.postfix());
    return (all.length === 1 ? all[0]! : sequence(all)).target ?? this.fail("cannot assign to this");
  }
}
