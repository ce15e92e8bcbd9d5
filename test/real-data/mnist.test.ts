// The MNIST example on MNIST's own files, as a user runs it. Needs TAPEGRAD_DATA, a folder with mnist/ in it.

import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";

const out = mkdtempSync(join(tmpdir(), "tapegrad-mnist-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

test("the CNN reads at least 97% of MNIST's test images after 10 epochs", { timeout: 900_000 }, async () => {
  const args = ["tsx", "examples/mnist.ts", "--data", join(process.env["TAPEGRAD_DATA"]!, "mnist"), "--out", out];
  const { stdout } = await promisify(execFile)("npx", args);
  console.log(stdout);
  const accuracy = /^test accuracy (0\.\d{3}|1\.000)$/.exec(stdout.trimEnd().split("\n").at(-1)!);
  expect(Number(accuracy?.[1])).toBeGreaterThanOrEqual(0.97);
  expect(stdout.match(/^epoch +\d+ {2}train loss [\d.]+ {2}test loss [\d.]+ {2}test accuracy [\d.]+$/gm)).toHaveLength(
    10,
  );
  expect(readFileSync(join(out, "curves.svg"), "utf8")).toMatch(/^<svg.*test accuracy.*<\/svg>$/s);
  expect(existsSync(join(out, "checkpoint.safetensors"))).toBe(true);
});
