// A run that was stopped goes on as if it had not been.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Checkpoint, F, Generator, manualSeed, nn, optim, rand, randn, save } from "../../src/index.js";
import { openDevice } from "../device.js";

const folder = mkdtempSync(join(tmpdir(), "tapegrad-"));
const path = join(folder, "run.safetensors");
beforeAll(openDevice);
afterAll(() => rmSync(folder, { recursive: true }));

/** A run with random numbers everywhere: initial weights, dropout, data from the global generator and from one of its own. */
function begin(seed: number) {
  manualSeed(seed);
  const model = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Dropout(0.5), new nn.Linear(8, 1));
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.05 * (seed + 1) });
  const noise = new Generator(seed);
  const checkpoint = new Checkpoint({ model, optimizer, noise });
  const step = (): Promise<number> => {
    const x = randn([16, 4]).add(rand([16, 4], { generator: noise }));
    optimizer.zeroGrad();
    const loss = F.mseLoss(model.forward(x as never), x.sum(1, { keepdim: true }));
    loss.backward();
    optimizer.step();
    return loss.item();
  };
  return { checkpoint, step };
}

test("model, optimizer, random numbers and progress go on, bit for bit", async () => {
  const run = begin(0);
  for (let i = 0; i < 3; i++) await run.step();
  await run.checkpoint.save(path, { epoch: 2, losses: [1, Number.NaN] });
  const wanted = [await run.step(), await run.step(), await run.step()];

  const resumed = begin(7); // another seed, another learning rate
  expect(await resumed.checkpoint.load(path)).toEqual({ epoch: 2, losses: [1, Number.NaN] });
  expect([await resumed.step(), await resumed.step(), await resumed.step()]).toEqual(wanted);
});

test("parts that the file or the run lacks are named", async () => {
  const model = new nn.Linear(4, 8);
  await expect(new Checkpoint({ model, loader: new Generator() }).load(path)).rejects.toThrow(
    "parts missing in the file: loader; not in the run: optimizer and noise",
  );
  await save(model.stateDict(), join(folder, "weights.safetensors"));
  await expect(new Checkpoint({ model }).load(join(folder, "weights.safetensors"))).rejects.toThrow(
    "parts missing in the file: model, rng and progress; not in the run: weight and bias",
  );
});

test("a part whose state does not fit is named", async () => {
  const others = { model: new nn.Linear(4, 8), noise: new Generator(), optimizer: new nn.Linear(4, 8) };
  await expect(new Checkpoint(others).load(path)).rejects.toThrow(
    /^Checkpoint\.load: part "model": loadStateDict: missing: weight and bias; not in the model: /,
  );
});

test("a generator that cannot be is refused before anything changes", async () => {
  const net = new nn.Linear(4, 8);
  const before = await net.weight.data();
  const lie = join(folder, "lie.safetensors");
  await save({ net: new nn.Linear(4, 8).stateDict(), rng: { seed: -1, draws: 0.5 }, progress: {} }, lie);
  await expect(new Checkpoint({ net }).load(lie)).rejects.toThrow('"rng" is no state of a generator');
  expect(await net.weight.data()).toEqual(before);
});

test("what has no state is no part", () => {
  expect(() => new Checkpoint({ model: 3 as never })).toThrow('Checkpoint: "model" has no stateDict(): it is 3');
  expect(() => new Checkpoint({ rng: new Generator() })).toThrow('"rng" is no name for a part');
});
