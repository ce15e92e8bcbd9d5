// A variational autoencoder: the encoder says where in a plane a digit may lie, as the mean and the logarithm of the
// variance of a normal distribution; the decoder draws what lies at a point chosen from it. The Kullback-Leibler divergence
// from the standard normal distribution keeps all digits near the origin and close together, so that every point there
// gives a digit (Kingma and Welling 2013).
//
//   npx tsx examples/autoencoders/variational.ts                       on digits drawn by a program
//   npx tsx examples/autoencoders/variational.ts --data path/to/mnist  on MNIST's own files
//
// Reached on 4,000 of MNIST's digits: loss 150.6 for an image after 20 epochs, squared error of a test pixel 0.0425 (two
// numbers say little of a digit); on lavapipe, a software adapter, on two busy cores, 136 s at 600 images/s.

import { compile, currentDevice, data, F, linspace, nn, noGrad, optim, randnLike, stack, type Tensor } from "tapegrad";
import type { Digits } from "../shared/digits.js";
import { runEpochs } from "../shared/epochs.js";
import { program, type Training } from "../shared/program.js";
import { showReconstructions } from "../shared/reconstruction.js";
import { type Labelled, writeScatter } from "../shared/scatter.js";
import { writeSheet } from "../shared/sheet.js";

class VariationalAutoencoder extends nn.Module {
  encoder: nn.Linear;
  mean: nn.Linear;
  logVariance: nn.Linear;
  decoder: nn.Sequential;

  constructor(hidden: number) {
    super();
    this.encoder = new nn.Linear(28 * 28, hidden);
    this.mean = new nn.Linear(hidden, 2);
    this.logVariance = new nn.Linear(hidden, 2);
    this.decoder = new nn.Sequential(
      new nn.Linear(2, hidden),
      new nn.ReLU(),
      new nn.Linear(hidden, hidden),
      new nn.ReLU(),
      new nn.Linear(hidden, 28 * 28),
    );
  }

  encode(images: Tensor): [mean: Tensor, logVariance: Tensor] {
    const h = this.encoder.forward(images.flatten(1)).relu(); // [B, 784] -> [B, hidden]
    return [this.mean.forward(h), this.logVariance.forward(h)]; // [B, 2] each
  }

  decode(z: Tensor): Tensor {
    return this.decoder.forward(z).sigmoid().reshape([-1, 1, 28, 28]); // [B, 2] -> [B, 1, 28, 28]
  }

  /** Reconstructions with means and log-variances. A random z is written as mean + deviation * noise: that has derivatives. */
  forward(images: Tensor): [reconstructions: Tensor, mean: Tensor, logVariance: Tensor] {
    const [mean, logVariance] = this.encode(images);
    const z = mean.add(logVariance.mul(0.5).exp().mul(randnLike(mean)));
    return [this.decode(z), mean, logVariance];
  }
}

/** KL(N(mean, variance) || N(0, 1)) = -1/2 sum (1 + log variance - mean^2 - variance), averaged over the batch. */
export function divergence(mean: Tensor, logVariance: Tensor): Tensor {
  return logVariance.add(1).sub(mean.square()).sub(logVariance.exp()).sum(1).mean().mul(-0.5);
}

/**
 * Trains it and leaves three pictures: one of each digit above what becomes of it; the plane, where the test digits' means
 * lie; and what the decoder draws on a grid over the plane. Returns each epoch's loss.
 */
export async function train(training: Training & { hidden?: number }): Promise<number[]> {
  const { epochs = 20, batchSize = 32, lr = 0.001, hidden = 256, log } = training;
  const model = new VariationalAutoencoder(hidden).to(currentDevice());
  const optimizer = new optim.Adam(model.parameters(), { lr });
  const step = compile((images: Tensor) => {
    optimizer.zeroGrad();
    const [reconstructions, mean, logVariance] = model.forward(images);
    const bits = F.binaryCrossEntropy(reconstructions, images, { reduction: "sum" }).div(images.shape[0]!);
    const loss = bits.add(divergence(mean, logVariance)); // for one image
    loss.backward();
    optimizer.step();
    return loss;
  });
  const losses = await runEpochs(step, training.train, { epochs, batchSize, log });

  await showReconstructions(training.test, log.folder, (images) => model.decode(model.encode(images)[0]));
  await writeScatter(`${log.folder}/plane.svg`, "where the test digits lie", await meansOf(model, training.test));
  const axis = linspace(-2.5, 2.5, 16);
  const grid = stack([axis.expand([16, 16]), axis.neg().unsqueeze(1).expand([16, 16])], 2); // x to the right, y upwards
  const samples = noGrad(() => model.decode(grid.reshape([-1, 2]))).reshape([16, 16, 28, 28]);
  await writeSheet(`${log.folder}/samples.png`, samples, { gap: 0, scale: 1 });
  console.log(`the plane in ${log.folder}/plane.svg, what the decoder draws there in ${log.folder}/samples.png`);
  return losses;
}

/** The means of all digits, with their labels. */
async function meansOf(model: VariationalAutoencoder, digits: Digits): Promise<Labelled[]> {
  const points: Labelled[] = [];
  for await (const [images, labels] of new data.DataLoader(digits, { batchSize: 200 })) {
    const [mean] = noGrad(() => model.encode(images));
    const [places, names] = [await mean.data(), await labels.data()];
    for (const [i, label] of names.entries()) points.push({ label, x: places[2 * i]!, y: places[2 * i + 1]! });
  }
  return points;
}

await program(import.meta.url, train);
