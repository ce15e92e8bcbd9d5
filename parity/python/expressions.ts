// Python's expressions, compiled to closures.

import { binary } from "./arithmetic.js";
import { compared, isTrue } from "./operations.js";
import { Primaries } from "./primaries.js";
import type { Parsed } from "./values.js";

const BINARY: readonly (readonly string[])[] = [
  ["+", "-"],
  ["*", "/", "//", "%", "@"],
];

/** Reads expressions off a line's tokens: operators, from those that bind least. */
export class Reader extends Primaries {
  override expression(): Parsed {
    const value = this.either();
    if (!this.take("if")) return value;
    const condition = this.either();
    this.expect("else");
    const other = this.expression();
    return (scope) => (isTrue(condition(scope)) ? value(scope) : other(scope));
  }

  override either(): Parsed {
    const left = this.both();
    if (!this.take("or")) return left;
    const right = this.either();
    return (scope) => {
      const value = left(scope);
      return isTrue(value) ? value : right(scope);
    };
  }

  both(): Parsed {
    const left = this.negated();
    if (!this.take("and")) return left;
    const right = this.both();
    return (scope) => {
      const value = left(scope);
      return isTrue(value) ? right(scope) : value;
    };
  }

  negated(): Parsed {
    if (!this.take("not")) return this.comparison();
    const code = this.negated();
    return (scope) => !isTrue(code(scope));
  }

  comparison(): Parsed {
    const left = this.binary(0);
    const operator = this.comparator();
    if (operator === undefined) return left;
    const right = this.binary(0);
    if (this.comparator() !== undefined) this.fail("chains of comparisons are not read");
    return (scope) => compared(operator, left(scope), right(scope));
  }

  comparator(): string | undefined {
    if (this.take("not")) {
      this.expect("in");
      return "not in";
    }
    if (this.take("is")) return this.take("not") ? "is not" : "is";
    return ["==", "!=", "<", ">", "<=", ">=", "in"].find((operator) => this.take(operator));
  }

  binary(level: number): Parsed {
    const operators = BINARY[level];
    if (operators === undefined) return this.unary();
    let code = this.binary(level + 1);
    for (;;) {
      const operator = operators.find((own) => this.take(own));
      if (operator === undefined) return code;
      const [left, right] = [code, this.binary(level + 1)];
      code = (scope) => binary(operator, left(scope), right(scope));
    }
  }

  unary(): Parsed {
    if (this.take("-")) {
      const code = this.unary();
      return (scope) => binary("*", code(scope), -1);
    }
    if (this.take("+")) return this.unary();
    const base = this.postfix();
    if (!this.take("**")) return base;
    const exponent = this.unary();
    return (scope) => binary("**", base(scope), exponent(scope));
  }
}
