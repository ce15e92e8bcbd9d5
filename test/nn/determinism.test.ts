// The same seed gives the same run, to the last bit.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { openDevice } from "../device.js";
import { train } from "./seeded-run.js";

beforeAll(openDevice);

test("two seeded runs agree in every bit of every parameter, another seed does not", async () => {
  const first = await train(7);
  expect(first.loss).toBeGreaterThan(0.1);
  expect(await train(7)).toEqual(first);
  expect((await train(8)).digest).not.toBe(first.digest);
});

test("so does a run in another process", async () => {
  const { stdout } = await promisify(execFile)("npx", ["tsx", "test/nn/seeded-run.ts", "7"]);
  const [digest, loss] = stdout.trim().split("\n").at(-1)!.split(" ");
  expect({ digest, loss: Number(loss) }).toEqual(await train(7));
});
