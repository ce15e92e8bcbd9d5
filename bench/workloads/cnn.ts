// Training step of a small CNN on MNIST's shapes: two convolutions with pooling, two Linear layers, Adam.

import { F, nn, optim } from "tapegrad";
import type { JaxArray } from "../peers/jax-types.js";
import { convolve, HWIO, NHWC } from "./conv.js";
import { integers, normal, oneHot } from "./random.js";
import { shaped } from "./tensors.js";
import {
  inputsFirst,
  jaxAdam,
  jaxCrossEntropy,
  jaxStep,
  ourStep,
  reordered,
  tfStep,
  type Weight,
  weightsOf,
} from "./training.js";
import type { Workload } from "./workload.js";

const LR = 0.001;
const IMAGE = [1, 28, 28] as const;
const SHAPES = [[16, 1, 3, 3], [16], [32, 16, 3, 3], [32], [64, 32 * 7 * 7], [64], [10, 64], [10]];

export function cnn(name: string, batch: number): Workload {
  const weights = () => weightsOf(SHAPES);
  const x = () => normal(batch * 28 * 28, 1);
  const labels = () => integers(batch, 10, 2);
  // Forward, and the gradients of weights and inputs; the first convolution's input needs none.
  const [conv1, conv2, linear] = [28 * 28 * 16 * 9, 14 * 14 * 32 * 16 * 9, 1568 * 64 + 64 * 10];
  return {
    name,
    isStep: true,
    flops: 2 * batch * (2 * conv1 + 3 * conv2 + 3 * linear),
    tolerance: 1e-3,
    tapegrad() {
      const model = new nn.Sequential(
        new nn.Conv2d(1, 16, 3, { padding: 1 }),
        new nn.ReLU(),
        new nn.MaxPool2d(2),
        new nn.Conv2d(16, 32, 3, { padding: 1 }),
        new nn.ReLU(),
        new nn.MaxPool2d(2),
        new nn.Flatten(),
        new nn.Linear(32 * 7 * 7, 64),
        new nn.ReLU(),
        new nn.Linear(64, 10),
      );
      const optimizer = new optim.Adam(model.parameters(), { lr: LR });
      const inputs = [shaped(x(), [batch, ...IMAGE]), shaped(labels(), [batch])];
      return ourStep(model, optimizer, weights(), (x, y) => F.crossEntropy(model.forward(x!), y!), inputs);
    },
    tfjs(tf) {
      const input = tf.tensor(x(), [batch, 28, 28, 1]);
      const target = tf.tensor(oneHot(labels(), 10), [batch, 10]);
      const optimizer = tf.train.adam(LR, 0.9, 0.999, 1e-8);
      return tfStep(tf, optimizer, weights().map(channelsLast), ([w1, b1, w2, b2, w3, b3, w4, b4]) => {
        const conv = { strides: 1, pad: "same", activation: "relu" } as const;
        const h1 = tf.maxPool(tf.fused.conv2d({ x: input, filter: w1!, bias: b1!, ...conv }), 2, 2, "valid");
        const h2 = tf.maxPool(tf.fused.conv2d({ x: h1, filter: w2!, bias: b2!, ...conv }), 2, 2, "valid");
        const flat = h2.reshape([batch, 32 * 7 * 7]);
        const h3 = tf.fused.matMul({ a: flat, b: w3!, bias: b3!, activation: "relu" });
        return tf.losses.softmaxCrossEntropy(target, tf.fused.matMul({ a: h3, b: w4!, bias: b4! }));
      });
    },
    jax(jax) {
      const { lax, nn, numpy: np } = jax;
      const data = [
        np.array(x(), { shape: [batch, ...IMAGE] }),
        np.array(oneHot(labels(), 10), { shape: [batch, 10] }),
      ];
      const block = (x: JaxArray, w: JaxArray, b: JaxArray, channels: number) => {
        const y = nn.relu(convolve(lax, x, w, 1).add(b.reshape([channels, 1, 1])));
        return lax.reduceWindow(y, (window) => np.max(window), [2, 2], [2, 2]);
      };
      const loss = ([w1, b1, w2, b2, w3, b3, w4, b4]: JaxArray[], [x, y]: JaxArray[]) => {
        const h2 = block(block(x!, w1!, b1!, 16), w2!, b2!, 32).reshape([batch, 32 * 7 * 7]);
        const h3 = nn.relu(np.matmul(h2, w3!).add(b3!));
        return jaxCrossEntropy(jax, np.matmul(h3, w4!).add(b4!), y!);
      };
      return jaxStep(jax, jaxAdam(jax, LR), weights().map(inputsFirst), loss, data);
    },
  };
}

/** Filters as [R, S, C, K]; the Linear layer after the flattened image reads its channels last. */
function channelsLast(weight: Weight): Weight {
  if (weight.shape.length === 4) return reordered(weight, HWIO);
  if (weight.shape[1] !== 32 * 7 * 7) return inputsFirst(weight);
  const { values } = reordered({ values: weight.values, shape: [64, 32, 7, 7] }, NHWC);
  return inputsFirst({ values, shape: weight.shape });
}

export const cnns: readonly Workload[] = [cnn("training step, MNIST CNN, batch 32, Adam", 32)];
