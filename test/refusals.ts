// Tables of what is refused, with which class of error and which words.

import { expect, test } from "vitest";
import { TapegradError } from "../src/index.js";

export type Refusals = readonly (readonly [run: () => unknown, type: unknown, message: string])[];

export function testRefusals(table: Refusals): void {
  test.each(table.map(([run, type, message]) => [message, run, type] as const))("%s", (message, run, type) => {
    const error = errorOf(run);
    expect(error.message).toBe(message);
    expect(error).toBeInstanceOf(TapegradError);
    expect(error.constructor).toBe(type);
  });
}

function errorOf(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  return expect.fail("nothing was refused");
}
