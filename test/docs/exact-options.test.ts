// Types hold also for those who compile with exactOptionalPropertyTypes.

import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

test("what a class has fits what takes it, with exactOptionalPropertyTypes", () => {
  const flags = ["-p", ".", "--exactOptionalPropertyTypes", "--listFiles"];
  const { stdout } = spawnSync("npx", ["tsc", ...flags], { encoding: "utf8", maxBuffer: 2 ** 26 });
  const lines = stdout.split("\n").filter((line) => line.includes("test/docs/exact-options.ts")); // a file, and its errors
  expect(lines).toEqual([expect.stringMatching(/exact-options\.ts$/)]);
});
