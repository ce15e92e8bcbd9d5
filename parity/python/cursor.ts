// A place among a line's tokens.

import { type Token, tokensOf } from "./tokens.js";

export class Cursor {
  readonly tokens: readonly Token[];
  at = 0;

  constructor(readonly text: string) {
    this.tokens = tokensOf(text);
  }

  is(text: string, ahead = 0): boolean {
    const token = this.tokens[this.at + ahead];
    return token !== undefined && token.kind !== "string" && token.text === text;
  }

  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) this.fail(`wanted ${text}`);
  }

  name(): string {
    const token = this.tokens[this.at++];
    return token?.kind === "name" ? token.text : this.fail("wanted a name");
  }

  get isAtEnd(): boolean {
    return this.at >= this.tokens.length;
  }

  fail(why: string): never {
    const found = this.tokens[this.at]?.text ?? "the end";
    throw new Error(`cannot read the source's line ${JSON.stringify(this.text)}: ${why} at ${found}`);
  }
}
