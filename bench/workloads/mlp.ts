// Training step of an MLP: Linear and ReLU, cross-entropy, SGD with momentum.

import { F, nn, optim } from "tapegrad";
import type { JaxArray } from "../peers/jax-types.js";
import { integers, normal, oneHot } from "./random.js";
import { shaped } from "./tensors.js";
import { inputsFirst, jaxCrossEntropy, jaxMomentum, jaxStep, ourStep, tfStep, weightsOf } from "./training.js";
import type { Workload } from "./workload.js";

const [LR, MOMENTUM] = [0.01, 0.9];

export function mlp(name: string, sizes: readonly [number, number, number, number], batch: number): Workload {
  const classes = sizes[3];
  const layers = [0, 1, 2].map((i) => [sizes[i]!, sizes[i + 1]!] as const);
  const weights = () => weightsOf(layers.flatMap(([from, to]) => [[to, from], [to]]));
  const x = () => normal(batch * sizes[0], 1);
  const labels = () => integers(batch, classes, 2);
  return {
    name,
    isStep: true,
    flops: 6 * batch * layers.reduce((total, [from, to]) => total + from * to, 0) - 2 * batch * sizes[0] * sizes[1],
    tolerance: 1e-3,
    tapegrad() {
      const [first, second, third] = layers.map(([from, to]) => new nn.Linear(from, to));
      const model = new nn.Sequential(first!, new nn.ReLU(), second!, new nn.ReLU(), third!);
      const optimizer = new optim.SGD(model.parameters(), { lr: LR, momentum: MOMENTUM });
      const inputs = [shaped(x(), [batch, sizes[0]]), shaped(labels(), [batch])];
      return ourStep(model, optimizer, weights(), (x, y) => F.crossEntropy(model.forward(x!), y!), inputs);
    },
    tfjs(tf) {
      const [input, target] = [
        tf.tensor(x(), [batch, sizes[0]]),
        tf.tensor(oneHot(labels(), classes), [batch, classes]),
      ];
      return tfStep(tf, tf.train.momentum(LR, MOMENTUM), weights().map(inputsFirst), ([w1, b1, w2, b2, w3, b3]) => {
        const h1 = tf.fused.matMul({ a: input, b: w1!, bias: b1!, activation: "relu" });
        const h2 = tf.fused.matMul({ a: h1, b: w2!, bias: b2!, activation: "relu" });
        return tf.losses.softmaxCrossEntropy(target, tf.fused.matMul({ a: h2, b: w3!, bias: b3! }));
      });
    },
    jax(jax) {
      const { nn, numpy: np } = jax;
      const data = [
        np.array(x(), { shape: [batch, sizes[0]] }),
        np.array(oneHot(labels(), classes), { shape: [batch, classes] }),
      ];
      const linear = (x: JaxArray, w: JaxArray, b: JaxArray) => np.matmul(x, w).add(b);
      const loss = ([w1, b1, w2, b2, w3, b3]: JaxArray[], [x, y]: JaxArray[]) => {
        const h1 = nn.relu(linear(x!, w1!, b1!));
        const h2 = nn.relu(linear(h1, w2!, b2!));
        return jaxCrossEntropy(jax, linear(h2, w3!, b3!), y!);
      };
      return jaxStep(jax, jaxMomentum(jax, LR, MOMENTUM), weights().map(inputsFirst), loss, data);
    },
  };
}

export const mlps: readonly Workload[] = [
  mlp("training step, MLP 784-256-128-10, batch 64, SGD with momentum", [784, 256, 128, 10], 64),
];
