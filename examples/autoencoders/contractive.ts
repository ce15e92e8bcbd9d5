// A contractive autoencoder: the loss has the squared Frobenius norm of the encoder's Jacobian dh/dx, so that the code
// changes little where the image does (Rifai, Vincent, Muller, Glorot and Bengio 2011). That norm is made of derivatives,
// and training takes its derivative: the tape is played backwards twice.
//
//   npx tsx examples/autoencoders/contractive.ts                       on digits drawn by a program
//   npx tsx examples/autoencoders/contractive.ts --data path/to/mnist  on MNIST's own files
//
// Reached on 4,000 of MNIST's digits after 5 epochs: without the penalty loss 0.132, squared error of a test pixel 0.0221,
// squared norm 21.1; with it 0.141, 0.0216, 3.4. On lavapipe, a software adapter, on two busy cores, 63 s for both, at
// 3,500 and 375 images/s.

import { autograd, compile, currentDevice, F, nn, noGrad, optim, stack, type Tensor } from "tapegrad";
import { someOfEach } from "../shared/digits.js";
import { runEpochs } from "../shared/epochs.js";
import { program, type Training } from "../shared/program.js";
import { squaredError } from "../shared/reconstruction.js";
import { writeSheet } from "../shared/sheet.js";

class Autoencoder extends nn.Module {
  encoder: nn.Linear;
  decoder: nn.Linear;

  constructor(hidden: number) {
    super();
    this.encoder = new nn.Linear(28 * 28, hidden);
    this.decoder = new nn.Linear(hidden, 28 * 28);
    nn.init.constant_(this.decoder.bias!, -2); // paper: else the first steps drive all h to 0 or 1 to make it white
  }

  encode(x: Tensor): Tensor {
    return this.encoder.forward(x).sigmoid(); // [B, 784] -> [B, hidden]
  }

  decode(h: Tensor): Tensor {
    return this.decoder.forward(h).sigmoid(); // [B, 784]
  }

  forward(images: Tensor): Tensor {
    return this.decode(this.encode(images.flatten(1))).reshape(images.shape);
  }
}

/**
 * sum_j |dh_j/dx|^2, averaged over the batch, for any encoder that treats the images of a batch by themselves: x [B, D]
 * requires grad, h [B, H] was computed from it. One backward pass for each of the H hidden neurons.
 */
export function contraction(x: Tensor, h: Tensor): Tensor {
  const norms = Array.from({ length: h.shape[1]! }, (_, j) => {
    const [dx] = autograd.grad(h.select(1, j).sum(), [x], { createGraph: true }); // [B, D], row b: dh_bj/dx_b
    return dx!.square().sum();
  });
  return stack(norms).sum().div(x.shape[0]!);
}

/**
 * The same for h = sigmoid(x weight^T + bias) in closed form, at the price of one matrix product: dh_j/dx_i =
 * h_j (1 - h_j) weight_ji, so that the norm is sum_j (h_j (1 - h_j))^2 sum_i weight_ji^2.
 */
export function sigmoidContraction(h: Tensor, weight: Tensor): Tensor {
  const slopes = h.mul(h.neg().add(1)).square(); // [B, H]
  return slopes.matmul(weight.square().sum(1)).mean(); // [B, H] @ [H] -> [B]
}

/**
 * Trains one without and one with the penalty and leaves a picture: one of each digit, under it what becomes of it without,
 * under that with. Returns the losses of the epochs, a list for each.
 */
export async function train(
  training: Training & { hidden?: number; weights?: readonly number[] },
): Promise<number[][]> {
  const { epochs = 5, batchSize = 32, lr = 0.01, hidden = 32, weights = [0, 0.002], log } = training;
  const [losses, rows]: [number[][], Tensor[]] = [[], [someOfEach(training.test)]];
  for (const weight of weights) {
    console.log(`weight of the penalty: ${weight}`);
    const model = new Autoencoder(hidden).to(currentDevice());
    const optimizer = new optim.Adam(model.parameters(), { lr });
    const step = compile((images: Tensor) => {
      optimizer.zeroGrad();
      const x = images.flatten(1).requiresGrad_();
      const h = model.encode(x);
      const penalty = weight === 0 ? 0 : contraction(x, h).mul(weight);
      const loss = F.binaryCrossEntropy(model.decode(h), x.detach()).add(penalty);
      loss.backward();
      optimizer.step();
      return loss;
    });
    losses.push(await runEpochs(step, training.train, { epochs, batchSize, log, run: `weight ${weight}` }));

    const error = await squaredError(training.test, (images) => model.forward(images));
    const h = noGrad(() => model.encode(someOfEach(training.test, 10).flatten(1)));
    const norm = await sigmoidContraction(h, model.encoder.weight).item();
    console.log(`squared error of a test pixel ${error.toFixed(4)}, squared norm of the Jacobian ${norm.toFixed(2)}`);
    rows.push(noGrad(() => model.forward(rows[0]!)));
  }
  await writeSheet(`${log.folder}/reconstructions.png`, stack(rows).squeeze(2)); // [3, 10, 28, 28]
  console.log(`digits and reconstructions, without and with the penalty, in ${log.folder}/reconstructions.png`);
  return losses;
}

await program(import.meta.url, train);
