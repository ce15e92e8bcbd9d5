// Training runs of PyTorch's, repeated: every step's loss and the final weights.

import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { judgeTraining, type TrainingFile } from "../../parity/training.js";
import { openDevice } from "../device.js";

/** The runs that compile the fewest kernels; `npm run parity -- test/goldens/parity` repeats the others too. */
const files = ["mlp_sgd_nesterov", "cnn_adamw", "lstm_adagrad_clip"].map((name) => {
  const file = new URL(`../goldens/parity/train_${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as TrainingFile;
});

beforeAll(openDevice);

test.each(files.map((file) => [file.name, file] as const))("%s agrees with PyTorch", async (_, file) => {
  expect((await judgeTraining(file)).failures).toEqual([]);
});

test("a loss that is off by more than is allowed is noticed, and so is a weight", async () => {
  const [file] = files as [TrainingFile];
  const loss64 = file.loss64.map((loss, step) => (step === 2 ? loss * 1.0002 : loss));
  expect((await judgeTraining({ ...file, loss64 })).failures).toEqual([expect.stringContaining("step 2: the loss is")]);
  const finalStateDict64 = { ...file.finalStateDict64, "net.0.bias": file.stateDict["net.0.bias"]! };
  const { failures, weights } = await judgeTraining({ ...file, finalStateDict64 });
  expect(failures).toEqual([expect.stringContaining("net.0.bias is off")]);
  expect(weights).toBeGreaterThan(1);
});
