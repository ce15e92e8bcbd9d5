// Gradient accumulation: why zeroGrad() is a call of its own. backward() adds to the gradients, so that a batch can go through
// the network in parts: the step is the same, and only one part's activations are in memory at a time.
//
//   npx tsx examples/accumulation.ts                       on digits drawn by a program
//   npx tsx examples/accumulation.ts --data path/to/mnist  on MNIST's own files

import { parseArgs } from "node:util";
import { data, F, init, manualSeed, nn, optim, type Tensor, tidy } from "tapegrad";
import { refuse, wholeNumber } from "./shared/numbers.js";
import { progress } from "./shared/progress.js";

const { values: options } = parseArgs({
  options: {
    data: { type: "string" },
    "batch-size": { type: "string", default: "256" },
    parts: { type: "string", default: "1,2,4,8" }, // of each batch, a run for each
    steps: { type: "string", default: "4" },
  },
});
const [batchSize, steps] = [wholeNumber("batch-size", options["batch-size"]), wholeNumber("steps", options.steps)];
const allParts = options.parts.split(",").map((text) => {
  const parts = wholeNumber("parts", text);
  return batchSize % parts === 0
    ? parts
    : refuse(`--parts: a batch of ${batchSize} does not divide into ${parts} parts`);
});

class CNN extends nn.Module {
  conv1 = new nn.Conv2d(1, 16, 3, { padding: 1 });
  conv2 = new nn.Conv2d(16, 32, 3, { padding: 1 });
  pool = new nn.MaxPool2d(2);
  linear = new nn.Linear(32 * 7 * 7, 10);

  forward(x: Tensor): Tensor {
    x = this.pool.forward(this.conv1.forward(x).relu()); // [N, 16, 14, 14]
    x = this.pool.forward(this.conv2.forward(x).relu()); // [N, 32, 7, 7]
    return this.linear.forward(x.flatten(1)); // [N, 10]
  }
}

interface Run {
  readonly parts: number;
  /** Of the last step. */
  readonly loss: number;
  /** The most memory that was in use at a time, in bytes. */
  readonly peak: number;
  readonly seconds: number;
  readonly weights: Float32Array;
}

const digits =
  options.data === undefined
    ? new data.SyntheticDigits({ length: batchSize * steps, seed: 0 })
    : new data.MNIST(options.data, { train: true });

/** Trains for some steps, each batch in `parts`. */
async function train(parts: number): Promise<Run> {
  const device = await init(); // a new one for each run: the peak is a device's
  manualSeed(0);
  const net = new CNN();
  const optimizer = new optim.SGD(net.parameters(), { lr: 0.05, momentum: 0.9 });
  const loader = new data.DataLoader(digits, { batchSize: batchSize / parts, shuffle: true });
  const bar = progress(`in ${parts} part${parts === 1 ? "" : "s"}`, steps * parts);
  const start = performance.now();
  let [seen, loss] = [0, 0];
  for await (const [images, labels] of loader) {
    if (seen % parts === 0) {
      optimizer.zeroGrad(); // before the first part only
      loss = 0;
    }
    const part = tidy(() => {
      const mean = F.crossEntropy(net.forward(images), labels).div(parts); // the batch's loss is the mean of the parts'
      mean.backward();
      return mean; // all else goes at once, so that the peak does not depend on JavaScript's collector
    });
    const value = await part.item();
    loss += value;
    bar.advance(labels.numel(), value * parts);
    if (++seen % parts === 0) optimizer.step(); // after the last one
    if (seen === steps * parts) break;
  }
  bar.stop();
  const weights = Float32Array.from(await net.linear.weight.data());
  const { bytesPeak: peak } = device.stats();
  const seconds = (performance.now() - start) / 1000;
  device.destroy();
  return { parts, loss, peak, seconds, weights };
}

const runs: Run[] = [];
console.log(`${steps} steps of ${batchSize} digits`);
console.log("parts  samples at a time  loss      peak memory  weights differ by  seconds");
for (const parts of allParts) {
  const run = await train(parts);
  runs.push(run);
  const [whole] = runs as [Run];
  const difference = run.weights.reduce((most, w, i) => Math.max(most, Math.abs(w - whole.weights[i]!)), 0);
  const cells = [
    String(parts).padStart(5),
    String(batchSize / parts).padStart(18),
    run.loss.toFixed(6).padStart(9),
    `${(run.peak / 2 ** 20).toFixed(1)} MiB`.padStart(12),
    difference.toExponential(1).padStart(18),
    run.seconds.toFixed(1).padStart(8),
  ];
  console.log(cells.join(" "));
}
const [whole, least] = [runs[0]!, runs.at(-1)!];
console.log(
  `In ${least.parts} parts the same steps take ${((100 * least.peak) / whole.peak).toFixed(0)} % of the memory.`,
);
