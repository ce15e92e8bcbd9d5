// Ctrl-C during the MNIST example: the step is finished, a checkpoint is left, and --resume goes on from it.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { load } from "../../src/index.js";
import { openDevice } from "../device.js";

const out = mkdtempSync(join(tmpdir(), "tapegrad-interrupt-"));
const checkpoint = join(out, "checkpoint.safetensors");
afterAll(() => rmSync(out, { recursive: true, force: true }));

interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the example and interrupts it a moment after it has printed `sign`. */
function interrupted(sign: string, ...options: string[]): Promise<Run> {
  const child: ChildProcess = spawn(process.execPath, [
    "--import",
    "tsx",
    "examples/mnist.ts",
    "--out",
    out,
    ...options,
  ]);
  let output = "";
  let isWaiting = true;
  child.stdout!.on("data", (text: Buffer) => {
    output += text.toString();
    if (isWaiting && output.includes(sign)) {
      isWaiting = false;
      setTimeout(() => child.kill("SIGINT"), 500);
    }
  });
  return new Promise((resolve) => child.on("exit", (code) => resolve({ code, output })));
}

test("Ctrl-C leaves a checkpoint that --resume goes on from", async () => {
  const first = await interrupted("to train on");
  expect(first).toMatchObject({ code: 0 });
  expect(first.output).toContain(`interrupted in epoch 1; checkpoint in ${checkpoint}, go on with --resume`);

  await openDevice();
  const state = await load(checkpoint);
  expect(Object.keys(state.model)).toContain("conv1.weight");
  expect(await state.model["conv1.weight"].isfinite().all().item()).toBeTruthy();

  const second = await interrupted("resumed after epoch 0", "--resume");
  expect(second).toMatchObject({ code: 0 });
  expect(second.output).toContain("interrupted in epoch 1");
});
