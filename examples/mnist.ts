// A CNN learns to read handwritten digits.
//
//   npm start                                       on digits drawn by a program
//   npx tsx examples/mnist.ts --data path/to/mnist  on MNIST's own files
//
// Ctrl-C stops after the current step and leaves a checkpoint; --resume goes on from it, as if the run had not stopped.
// A run that is killed has the checkpoint of the last epoch, or of the last so many steps: --save-every.

import { parseArgs } from "node:util";
import { Checkpoint, compile, type Device, data, F, init, manualSeed, nn, noGrad, optim, type Tensor } from "tapegrad";
import { type Digits, datasets } from "./shared/digits.js";
import { positiveNumber, wholeNumber } from "./shared/numbers.js";
import { progress } from "./shared/progress.js";
import { type Row, RunLog } from "./shared/run-log.js";
import { reportRun } from "./shared/run-report.js";
import { Shifted } from "./shared/shifted.js";

const { values: options } = parseArgs({
  options: {
    data: { type: "string" },
    samples: { type: "string", default: "4000" }, // of the drawn digits, to train on; a quarter as many to test on
    epochs: { type: "string" }, // default: 10 on MNIST, 4 on the drawn digits, which are easier
    "batch-size": { type: "string", default: "32" },
    lr: { type: "string", default: "0.003" },
    seed: { type: "string", default: "0" },
    out: { type: "string", default: "runs/mnist" },
    "save-every": { type: "string", default: "500" }, // steps
    resume: { type: "boolean", default: false },
  },
});

const samples = wholeNumber("samples", options.samples, 4); // one of them to test on
const epochs = wholeNumber("epochs", options.epochs ?? (options.data === undefined ? "4" : "10"));
const batchSize = wholeNumber("batch-size", options["batch-size"]);
const lr = positiveNumber("lr", options.lr);
const seed = wholeNumber("seed", options.seed, 0);
const saveEvery = wholeNumber("save-every", options["save-every"]);

class CNN extends nn.Module {
  conv1 = new nn.Conv2d(1, 16, 3, { padding: 1 });
  conv2 = new nn.Conv2d(16, 32, 3, { padding: 1 });
  pool = new nn.MaxPool2d(2);
  dropout = new nn.Dropout(0.3);
  linear1 = new nn.Linear(32 * 7 * 7, 64);
  linear2 = new nn.Linear(64, 10);

  forward(x: Tensor): Tensor {
    x = this.pool.forward(this.conv1.forward(x).relu()); // [N, 16, 14, 14]
    x = this.pool.forward(this.conv2.forward(x).relu()); // [N, 32, 7, 7]
    x = this.dropout.forward(x.flatten(1)); // [N, 1568]
    return this.linear2.forward(this.linear1.forward(x).relu()); // [N, 10]
  }
}

/** Mean loss and share of right answers over a dataset. */
async function evaluate(model: CNN, dataset: Digits): Promise<{ loss: number; accuracy: number }> {
  model.eval();
  let [loss, right] = [0, 0];
  for await (const [images, labels] of new data.DataLoader(dataset, { batchSize: 200 })) {
    const outputs = noGrad(() => model.forward(images));
    loss += await F.crossEntropy(outputs, labels, { reduction: "sum" }).item();
    right += await outputs.argmax(1).eq(labels).sum().item();
  }
  model.train();
  return { loss: loss / dataset.length, accuracy: right / dataset.length };
}

interface History {
  epochs: readonly Row[];
  /** Losses of the steps in an epoch that has not ended. */
  steps: number[];
}

async function main(device: Device): Promise<void> {
  let isInterrupted = false;
  process.once("SIGINT", () => {
    isInterrupted = true; // after the current step; a second Ctrl-C ends the process at once
  });
  manualSeed(seed);
  const { train, test, name } = datasets(options.data, samples);
  const { description, isSoftware } = device.adapter;
  console.log(`adapter: ${description}${isSoftware ? " (software)" : ""}`);
  console.log(`data: ${name}, ${train.length} to train on, ${test.length} to test on`);

  const model = new CNN().to(device);
  const optimizer = new optim.Adam(model.parameters(), { lr });
  const scheduler = new optim.lrScheduler.LambdaLR(optimizer, (epoch) => 1 - epoch / epochs);
  const loader = new data.DataLoader(new Shifted(train), {
    batchSize,
    shuffle: true,
  });
  const step = compile((images: Tensor, labels: Tensor) => {
    optimizer.zeroGrad();
    const loss = F.crossEntropy(model.forward(images), labels);
    loss.backward();
    optimizer.step();
    return loss;
  });
  const checkpoint = new Checkpoint({ model, optimizer, scheduler, loader });
  const file = `${options.out}/checkpoint.safetensors`;
  let history: History = { epochs: [], steps: [] };
  if (options.resume) {
    history = await checkpoint.load<History>(file);
    console.log(`resumed after epoch ${history.epochs.length} and ${history.steps.length} steps from ${file}`);
  }

  const log = await RunLog.open(options.out, history.epochs);
  while (log.rows.length < epochs) {
    const epoch = log.rows.length + 1;
    const bar = progress(`epoch ${epoch}/${epochs}`, loader.length - history.steps.length);
    for await (const [images, labels] of loader) {
      const loss = await step(images, labels).item();
      bar.advance(labels.numel(), loss);
      const steps = history.steps.push(loss);
      if (isInterrupted) break;
      if (steps % saveEvery > 0) continue;
      await checkpoint.save(file, { ...history });
      console.log(`step ${steps} of epoch ${epoch}; checkpoint in ${file}`);
    }
    bar.stop();
    if (isInterrupted) {
      await checkpoint.save(file, { ...history });
      console.log(`interrupted in epoch ${epoch} after ${history.steps.length} steps`);
      console.log(`checkpoint in ${file}, go on with --resume`);
      return;
    }
    const trainLoss = history.steps.reduce((sum, loss) => sum + loss, 0) / history.steps.length;
    scheduler.step();
    const { loss, accuracy } = await evaluate(model, test);
    await log.add({ epoch, "train loss": trainLoss, "test loss": loss, "test accuracy": accuracy });
    history = { epochs: log.rows, steps: [] };
    const epochLine = `epoch ${String(epoch).padStart(2)}  train loss ${trainLoss.toFixed(4)}`;
    console.log(`${epochLine}  test loss ${loss.toFixed(4)}  test accuracy ${accuracy.toFixed(3)}`);
    await checkpoint.save(file, { ...history });
  }
  await reportRun(log, { title: `CNN on ${name}`, facts: { epochs, "batch size": batchSize, lr, seed } });
  console.log(`weights in ${file}`);
  console.log(`test accuracy ${(log.rows.at(-1)!["test accuracy"] as number).toFixed(3)}`);
}

await main(await init());
