// What examples say of options they cannot go by: one line, and no stack.

import { spawn } from "node:child_process";
import { afterEach, expect, test, vi } from "vitest";
import { positiveNumber, wholeNumber } from "../../examples/shared/numbers.js";

afterEach(() => vi.restoreAllMocks());

test("numbers that are none end a program", () => {
  expect([wholeNumber("epochs", "3"), wholeNumber("seed", "0", 0), positiveNumber("lr", "1e-3")]).toEqual([
    3, 0, 0.001,
  ]);
  const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  for (const text of ["0", "abc", "", "1.5"]) {
    wholeNumber("epochs", text);
    expect(said).toHaveBeenLastCalledWith(`--epochs must be a whole number from 1 on, got "${text}"`);
  }
  for (const text of ["0", "abc", "", "Infinity"]) {
    positiveNumber("lr", text);
    expect(said).toHaveBeenLastCalledWith(`--lr must be a number above 0, got "${text}"`);
  }
  expect(exit.mock.calls).toEqual(Array.from({ length: 8 }, () => [1]));
});

test("a batch that does not divide into parts", { timeout: 60_000 }, async () => {
  const options = ["--parts", "1,3", "--batch-size", "16"];
  const child = spawn(process.execPath, ["--import", "tsx", "examples/accumulation.ts", ...options]);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect([code, output]).toEqual([1, "--parts: a batch of 16 does not divide into 3 parts\n"]);
});
