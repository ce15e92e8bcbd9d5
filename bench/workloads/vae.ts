// Training step of a variational autoencoder 784-256-(2x16)-256-784, Adam. The noise is an input, equal for all.

import { F, nn, optim, type Tensor } from "tapegrad";
import type { JaxArray } from "../peers/jax-types.js";
import type { TfTensor } from "../peers/tfjs-types.js";
import { integers, normal } from "./random.js";
import { shaped } from "./tensors.js";
import { inputsFirst, jaxAdam, jaxStep, ourStep, tfStep, weightsOf } from "./training.js";
import type { Workload } from "./workload.js";

const [PIXELS, HIDDEN, LATENT] = [784, 256, 16];
const LR = 0.001;
const LAYERS = [
  [PIXELS, HIDDEN],
  [HIDDEN, 2 * LATENT], // mean and logarithm of the variance
  [LATENT, HIDDEN],
  [HIDDEN, PIXELS],
] as const;

class Autoencoder extends nn.Module {
  readonly encoder = new nn.Linear(PIXELS, HIDDEN);
  readonly latent = new nn.Linear(HIDDEN, 2 * LATENT);
  readonly decoder = new nn.Linear(LATENT, HIDDEN);
  readonly pixels = new nn.Linear(HIDDEN, PIXELS);

  /** -log p(x | z) + KL(q(z | x) || N(0, 1)), per image. */
  override forward(x: Tensor, noise: Tensor): Tensor {
    const [mean, logVariance] = this.latent.forward(this.encoder.forward(x).relu()).chunk(2, -1) as [Tensor, Tensor];
    const z = mean.add(logVariance.mul(0.5).exp().mul(noise));
    const logits = this.pixels.forward(this.decoder.forward(z).relu());
    const reconstruction = F.binaryCrossEntropyWithLogits(logits, x, { reduction: "sum" });
    const divergence = logVariance.add(1).sub(mean.square()).sub(logVariance.exp()).sum().mul(-0.5);
    return reconstruction.add(divergence).div(x.shape[0]!);
  }
}

export function vae(name: string, batch: number): Workload {
  const weights = () => weightsOf(LAYERS.flatMap(([from, to]) => [[to, from], [to]]));
  const x = () => Float32Array.from(integers(batch * PIXELS, 2, 1)); // black and white
  const noise = () => normal(batch * LATENT, 2);
  const products = LAYERS.reduce((total, [from, to]) => total + from * to, 0);
  return {
    name,
    isStep: true,
    flops: 6 * batch * products - 2 * batch * PIXELS * HIDDEN, // the images need no gradient
    tolerance: 1e-3,
    tapegrad() {
      const model = new Autoencoder();
      const optimizer = new optim.Adam(model.parameters(), { lr: LR });
      const inputs = [shaped(x(), [batch, PIXELS]), shaped(noise(), [batch, LATENT])];
      return ourStep(model, optimizer, weights(), (x, noise) => model.forward(x!, noise!), inputs);
    },
    tfjs(tf) {
      const [input, eps] = [tf.tensor(x(), [batch, PIXELS]), tf.tensor(noise(), [batch, LATENT])];
      const linear = (a: TfTensor, b: TfTensor, bias: TfTensor, activation: "linear" | "relu" = "linear") =>
        tf.fused.matMul({ a, b, bias, activation });
      const optimizer = tf.train.adam(LR, 0.9, 0.999, 1e-8);
      return tfStep(tf, optimizer, weights().map(inputsFirst), ([w1, b1, w2, b2, w3, b3, w4, b4]) => {
        const latent = linear(linear(input, w1!, b1!, "relu"), w2!, b2!);
        const [mean, logVariance] = tf.split(latent, 2, -1) as [TfTensor, TfTensor];
        const z = mean.add(logVariance.mul(0.5).exp().mul(eps));
        const logits = linear(linear(z, w3!, b3!, "relu"), w4!, b4!);
        const reconstruction = tf.losses.sigmoidCrossEntropy(input, logits).mul(PIXELS); // of the mean over all
        const divergence = logVariance.add(1).sub(mean.square()).sub(logVariance.exp()).sum();
        return reconstruction.add(divergence.mul(-0.5 / batch));
      });
    },
    jax(jax) {
      const { nn, numpy: np } = jax;
      const linear = (x: JaxArray, w: JaxArray, b: JaxArray) => np.matmul(x, w).add(b);
      const loss = ([w1, b1, w2, b2, w3, b3, w4, b4]: JaxArray[], [x, noise]: JaxArray[]) => {
        const latent = linear(nn.relu(linear(x!.ref, w1!, b1!)), w2!, b2!);
        const [mean, logVariance] = np.split(latent, 2, -1) as [JaxArray, JaxArray];
        const z = mean.ref.add(np.exp(logVariance.ref.mul(0.5)).mul(noise!));
        const logits = linear(nn.relu(linear(z, w3!, b3!)), w4!, b4!);
        const reconstruction = nn.softplus(logits.ref).sub(logits.mul(x!)).sum();
        const divergence = logVariance.ref.add(1).sub(np.square(mean)).sub(np.exp(logVariance)).sum();
        return reconstruction.add(divergence.mul(-0.5)).div(batch);
      };
      const data = [np.array(x(), { shape: [batch, PIXELS] }), np.array(noise(), { shape: [batch, LATENT] })];
      return jaxStep(jax, jaxAdam(jax, LR), weights().map(inputsFirst), loss, data);
    },
  };
}

export const vaes: readonly Workload[] = [vae("training step, VAE 784-256-(2x16)-256-784, batch 64, Adam", 64)];
