// The MNIST example, stopped within an epoch by Ctrl-C, and by SIGKILL while it writes checkpoints. Resumed, it ends with
// the file that a run without a stop ends with: weights, optimizer, losses, to the last bit.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { load } from "../../src/index.js";
import { openDevice } from "../device.js";

const folder = mkdtempSync(join(tmpdir(), "tapegrad-interrupt-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const STEPS = 15; // an epoch
const checkpoint = (run: string): string => join(folder, run, "checkpoint.safetensors");

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly output: string;
}

/** Runs the example for two epochs; sends it a signal when it has printed `sign`. */
function run(
  name: string,
  options: readonly string[],
  stop?: { sign: string; signal: NodeJS.Signals },
): Promise<Ended> {
  const settings = ["--out", join(folder, name), "--samples", `${STEPS * 16}`, "--batch-size", "16", "--epochs", "2"];
  const child = spawn(process.execPath, ["--import", "tsx", "examples/mnist.ts", ...settings, ...options]);
  let output = "";
  let isWaiting = stop !== undefined;
  const collect = (text: Buffer): void => {
    output += text.toString();
    if (!isWaiting || !output.includes(stop!.sign)) return;
    isWaiting = false;
    child.kill(stop!.signal);
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  return new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal, output })));
}

test("Ctrl-C, then SIGKILL: each time --resume goes on within the epoch, and the end is the same to the last bit", {
  timeout: 300_000,
}, async () => {
  const whole = run("whole", []);

  const first = await run("stopped", ["--save-every", "4"], { sign: "step 4 of epoch 1", signal: "SIGINT" });
  expect(first).toMatchObject({ code: 0 });
  const [, epoch, steps] = /^interrupted in epoch (\d) after (\d+) steps$/m.exec(first.output)!.map(Number);
  expect([epoch, steps! >= 4]).toEqual([1, true]); // the step was finished

  const often = ["--resume", "--save-every", "1"]; // it is likely to be writing when it is killed
  const second = await run("stopped", often, { sign: "step 6 of epoch 2", signal: "SIGKILL" });
  expect(second).toMatchObject({ code: null, signal: "SIGKILL" });
  expect(second.output).toContain(`resumed after epoch 0 and ${steps} steps`);
  await openDevice();
  const { model, progress } = await load(checkpoint("stopped"));
  expect(await model["conv1.weight"].isfinite().all().item()).toBeTruthy();
  const kept = progress.steps.length;
  expect(kept).toBeGreaterThanOrEqual(6);

  const third = await run("stopped", ["--resume"]);
  expect(third).toMatchObject({ code: 0 });
  expect(third.output).toContain(`resumed after epoch 1 and ${kept} steps`);
  expect(await whole).toMatchObject({ code: 0 });
  expect(readFileSync(checkpoint("stopped")).equals(readFileSync(checkpoint("whole")))).toBe(true);
});
