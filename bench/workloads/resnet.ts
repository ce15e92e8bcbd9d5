// Training step of ResNet-18 on [4, 3, 64, 64], SGD.
// Batch normalization uses the batch's statistics; tapegrad also keeps running ones, which the peers are spared.

import { F, optim } from "tapegrad";
import type { Jax, JaxArray } from "../peers/jax-types.js";
import type { Tfjs, TfTensor } from "../peers/tfjs-types.js";
import { convolve, HWIO, NHWC, permutedShape } from "./conv.js";
import { integers, normal, oneHot, permuted, sizeOf } from "./random.js";
import { CLASSES, network, type Parts, ResNet18, SHAPES } from "./resnet-model.js";
import { shaped } from "./tensors.js";
import { inputsFirst, jaxCrossEntropy, jaxSgd, jaxStep, ourStep, reordered, tfStep, weightsOf } from "./training.js";
import type { Workload } from "./workload.js";

const LR = 0.01;
const EPS = 1e-5; // PyTorch's default
const IMAGE = [3, 64, 64] as const;
const POOL_PADDING = [0, 0, 1, 1].map((width): [number, number] => [width, width]); // of [N, C, H, W]

const tfParts = (tf: Tfjs): Parts<TfTensor> => ({
  unit(x, [w, gamma, beta], size, stride) {
    const y = tf.conv2d(x, w!, stride, size >> 1);
    const { mean, variance } = tf.moments(y, [0, 1, 2]);
    return tf.batchNorm(y, mean, variance, beta!, gamma!, EPS);
  },
  relu: (x) => x.relu(),
  add: (a, b) => a.add(b),
  keep: (x) => x,
  pool: (x) => tf.maxPool(x, 3, 2, 1),
  head: (x, a, bias) => tf.fused.matMul({ a: x.mean([1, 2]), b: a, bias }),
});

const jaxParts = ({ lax, nn, numpy: np }: Jax): Parts<JaxArray> => ({
  unit(x, [w, gamma, beta], size, stride) {
    const y = convolve(lax, x, w!, size >> 1, 1, stride);
    const channels = (v: JaxArray) => v.reshape([v.shape[0]!, 1, 1]);
    const centered = y.ref.sub(y.mean([0, 2, 3], { keepdims: true }));
    const variance = np.square(centered.ref).mean([0, 2, 3], { keepdims: true });
    return centered
      .div(np.sqrt(variance.add(EPS)))
      .mul(channels(gamma!))
      .add(channels(beta!));
  },
  relu: (x) => nn.relu(x),
  add: (a, b) => a.add(b),
  keep: (x) => x.ref,
  pool: (x) =>
    lax.reduceWindow(
      np.pad(x, POOL_PADDING), // with zeros: what comes out of relu is not below them
      (window) => np.max(window),
      [3, 3],
      [2, 2],
    ),
  head: (x, w, b) => np.matmul(x.mean([2, 3]), w).add(b),
});

export function resnet(name: string, batch: number): Workload {
  const weights = () =>
    weightsOf(SHAPES).map((w, i) =>
      i % 3 === 1 && w.shape.length === 1 && w.shape[0] !== CLASSES
        ? { ...w, values: w.values.map((value) => 1 + value) }
        : w,
    );
  const shape = [batch, ...IMAGE];
  const x = () => normal(sizeOf(shape), 1);
  const labels = () => integers(batch, CLASSES, 2);
  return {
    name,
    isStep: true,
    tolerance: 5e-3, // 20 normalizations by statistics of few numbers in a row
    tapegrad() {
      const model = new ResNet18();
      const optimizer = new optim.SGD(model.parameters(), { lr: LR });
      const inputs = [shaped(x(), shape), shaped(labels(), [batch])];
      return ourStep(model, optimizer, weights(), (x, y) => F.crossEntropy(model.forward(x!), y!), inputs);
    },
    tfjs(tf) {
      const input = tf.tensor(permuted(x(), shape, NHWC), permutedShape(shape, NHWC));
      const target = tf.tensor(oneHot(labels(), CLASSES), [batch, CLASSES]);
      const start = weights().map((w) => (w.shape.length === 4 ? reordered(w, HWIO) : inputsFirst(w)));
      return tfStep(tf, tf.train.sgd(LR), start, (weights) =>
        tf.losses.softmaxCrossEntropy(target, network(tfParts(tf), input, weights)),
      );
    },
    jax(jax) {
      const { numpy: np } = jax;
      const data = [np.array(x(), { shape }), np.array(oneHot(labels(), CLASSES), { shape: [batch, CLASSES] })];
      const loss = (weights: JaxArray[], [x, y]: JaxArray[]) =>
        jaxCrossEntropy(jax, network(jaxParts(jax), x!, weights), y!);
      return jaxStep(jax, jaxSgd(LR), weights().map(inputsFirst), loss, data);
    },
  };
}

export const resnets: readonly Workload[] = [resnet("training step, ResNet-18 on [4,3,64,64], SGD", 4)];
