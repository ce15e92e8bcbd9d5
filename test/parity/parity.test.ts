// Training runs of PyTorch's, repeated: every step's loss and the final weights.

import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { judgeTraining, type TrainingFile } from "../../parity/training.js";
import { openDevice } from "../device.js";

/** Two of the committed runs; `npm run parity -- test/goldens/parity` repeats all. */
const [cnn, lstm] = ["cnn_adamw", "lstm_adagrad_clip"].map((name) => {
  const file = new URL(`../goldens/parity/train_${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as TrainingFile;
}) as [TrainingFile, TrainingFile];

beforeAll(openDevice);

test.each([cnn, lstm].map((file) => [file.name, file] as const))("%s agrees with PyTorch", async (_, file) => {
  expect((await judgeTraining(file)).failures).toEqual([]);
});

test("a loss that is off by more than is allowed is noticed, and so is a weight", async () => {
  const loss64 = lstm.loss64.map((loss, step) => (step === 2 ? loss * 1.0002 : loss));
  const finalStateDict64 = { ...lstm.finalStateDict64, "fc.bias": lstm.stateDict["fc.bias"]! };
  const { failures, weights } = await judgeTraining({ ...lstm, loss64, finalStateDict64 });
  const wanted = ["step 2: the loss is", "fc.bias is off"];
  expect(failures).toEqual(wanted.map((text) => expect.stringContaining(text)));
  expect(weights).toBeGreaterThan(1);
});
