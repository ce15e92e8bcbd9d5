// Does augmentation help? The same CNN learns MNIST's digits from few images, with and without it.
//
//   npx tsx examples/augmentation.ts --data path/to/mnist [--ways plain,mixup,cutmix]
//
// On lavapipe, 500 of MNIST's images, 20 epochs, 1000 test images, seeds 0, 1, 2:
//
//   plain                   0.901  0.889  0.891   mean 0.894
//   RandomAffine + mixup    0.907  0.902  0.909   mean 0.906

import { parseArgs } from "node:util";
import { compile, data, F, init, manualSeed, nn, noGrad, optim, type Tensor } from "tapegrad";
import { writeCurves } from "./shared/curves.js";
import { positiveNumber, wholeNumber } from "./shared/numbers.js";
import { progress } from "./shared/progress.js";
import { writeReport } from "./shared/report.js";
import { RunLog } from "./shared/run-log.js";

const { values: options } = parseArgs({
  options: {
    data: { type: "string", default: "data" },
    images: { type: "string", default: "500" }, // to train on
    epochs: { type: "string", default: "20" },
    ways: { type: "string", default: "plain,mixup" },
    "batch-size": { type: "string", default: "25" },
    lr: { type: "string", default: "0.003" },
    seeds: { type: "string", default: "3" },
    out: { type: "string", default: "runs/augmentation" },
  },
});
const epochs = wholeNumber("epochs", options.epochs);
const count = wholeNumber("images", options.images);
const batchSize = wholeNumber("batch-size", options["batch-size"]);
const lr = positiveNumber("lr", options.lr);
const seeds = wholeNumber("seeds", options.seeds);
const CLASSES = 10;

class CNN extends nn.Module {
  conv1 = new nn.Conv2d(1, 8, 3, { padding: 1 });
  conv2 = new nn.Conv2d(8, 16, 3, { padding: 1 });
  pool = new nn.MaxPool2d(2);
  linear1 = new nn.Linear(16 * 7 * 7, 32);
  linear2 = new nn.Linear(32, CLASSES);

  forward(x: Tensor): Tensor {
    x = this.pool.forward(this.conv1.forward(x).relu()); // [N, 8, 14, 14]
    x = this.pool.forward(this.conv2.forward(x).relu()); // [N, 16, 7, 7]
    return this.linear2.forward(this.linear1.forward(x.flatten(1)).relu()); // [N, 10]
  }
}

const { Compose, RandomAffine, ToTensor } = data.transforms;
const affine = new Compose([
  new RandomAffine(10, { translate: [0.07, 0.07], scale: [0.9, 1.1], shear: 5, interpolation: "bilinear" }),
  new ToTensor(),
]);

/** What a batch becomes in a step: images, and labels that may be soft. */
type Mix = (images: Tensor, labels: Tensor) => readonly [images: Tensor, labels: Tensor];

interface Way {
  readonly name: string;
  readonly transform: data.transforms.Transform;
  readonly mix: Mix;
}

const same: Mix = (images, labels) => [images, labels];
const cutmix: Mix = (images, labels) => data.augment.cutmix(images, labels, { alpha: 1, numClasses: CLASSES });
const mixup: Mix = (images, labels) => data.augment.mixup(images, labels, { alpha: 0.2, numClasses: CLASSES });
const ALL: readonly Way[] = [
  { name: "plain", transform: new ToTensor(), mix: same },
  { name: "RandomAffine + mixup", transform: affine, mix: mixup },
  { name: "RandomAffine + cutmix", transform: affine, mix: cutmix },
];
const WAYS = ALL.filter(({ name }) => options.ways.split(",").some((wanted) => name.endsWith(wanted)));

/** Share of right answers. */
async function accuracy(model: CNN, test: data.MNIST): Promise<number> {
  let right = 0;
  for await (const [images, labels] of new data.DataLoader(test, { batchSize: 500 })) {
    right += await noGrad(() => model.forward(images).argmax(1).eq(labels).sum()).item();
  }
  return right / test.length;
}

/** Trains once; returns the losses of its epochs, and the accuracy at the end. */
async function train({ name, transform, mix }: Way, seed: number, test: data.MNIST) {
  manualSeed(seed);
  const set = new data.Subset(
    new data.MNIST(digits, { transform }),
    Array.from({ length: count }, (_, i) => i),
  );
  const loader = new data.DataLoader(set, { batchSize, shuffle: true, dropLast: true });
  const model = new CNN();
  const optimizer = new optim.Adam(model.parameters(), { lr });
  const step = compile((images: Tensor, labels: Tensor) => {
    const [x, y] = mix(images, labels); // draws anew in each replay
    optimizer.zeroGrad();
    const loss = F.crossEntropy(model.forward(x), y);
    loss.backward();
    optimizer.step();
    return loss;
  });
  const losses: number[] = [];
  const bar = progress(`${name}, seed ${seed}`, epochs * loader.length);
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const group of optimizer.paramGroups) group.lr = (lr * (1 + Math.cos((Math.PI * epoch) / epochs))) / 2;
    let sum = 0;
    for await (const [images, labels] of loader) {
      const loss = await step(images as Tensor, labels as Tensor).item();
      bar.advance(images.shape[0]!, loss);
      sum += loss;
    }
    losses.push(sum / loader.length);
  }
  bar.stop();
  return { losses, accuracy: await accuracy(model, test) };
}

const device = await init();
const digits = new data.MNIST(options.data, { train: true });
const test = new data.MNIST(options.data, { train: false });
console.log(
  `adapter: ${device.adapter.description}; ${options.images} images, ${epochs} epochs, ${test.length} to test on`,
);
const log = await RunLog.open(options.out);
const means: Record<string, string> = {};
const curves: { name: string; axis: "loss"; values: number[] }[] = [];
const results = new Map<string, number[]>(WAYS.map(({ name }) => [name, []]));
for (let seed = 0; seed < seeds; seed++) {
  for (const way of WAYS) {
    const start = performance.now();
    const { losses, accuracy: right } = await train(way, seed, test);
    results.get(way.name)!.push(right);
    if (seed === 0) curves.push({ name: way.name, axis: "loss", values: losses });
    await log.add({ way: way.name, seed, "test accuracy": right, seconds: (performance.now() - start) / 1000 });
    console.log(`${way.name.padEnd(24)} seed ${seed}  test accuracy ${right.toFixed(4)}`);
  }
}
for (const [name, all] of results) means[name] = (all.reduce((a, b) => a + b) / all.length).toFixed(4);
for (const [name, mean] of Object.entries(means)) console.log(`${name.padEnd(24)} mean    test accuracy ${mean}`);
await writeCurves(`${options.out}/curves.svg`, "training loss, seed 0", curves);
await writeReport(`${options.out}/report.html`, {
  title: "Does augmentation help?",
  summary: `A CNN learns from ${options.images} of MNIST's digits for ${epochs} epochs. Mean test accuracy over ${options.seeds} seeds:`,
  facts: means,
  pictures: [{ path: `${options.out}/curves.svg`, caption: "Training loss. Mixed labels cannot be learned to zero." }],
  rows: log.rows,
});
console.log(`report in ${options.out}/report.html`);
