// Softmax, layer normalization, sums and a chain of pointwise operations: bound by memory.

import { F } from "tapegrad";
import type { JaxArray } from "../peers/jax-types.js";
import { normal, sizeOf } from "./random.js";
import { leaf, shaped } from "./tensors.js";
import { tfLayerNorm } from "./tf-layers.js";
import type { Workload } from "./workload.js";

const EPS = 1e-5; // PyTorch's default

function softmax(shape: readonly [number, number]): Workload {
  const values = () => normal(sizeOf(shape), 1);
  return {
    name: `softmax [${shape.join(",")}]`,
    bytes: 2 * 4 * sizeOf(shape),
    tolerance: 1e-5,
    tapegrad: () => ({ inputs: [shaped(values(), shape)], run: (x) => [x!.softmax(-1)] }),
    tfjs(tf) {
      const x = tf.tensor(values(), shape);
      return { run: () => [x.softmax(-1)] };
    },
    jax: ({ nn, numpy: np }) => ({
      inputs: [np.array(values(), { shape: [...shape] })],
      run: (x) => [nn.softmax(x!, -1)],
    }),
  };
}

const ROWS = [512, 512] as const;
const rowInputs = () => [normal(sizeOf(ROWS), 1), normal(512, 2), normal(512, 3), normal(sizeOf(ROWS), 4)] as const;

const layerNorm: Workload = {
  name: "layerNorm [512,512]",
  bytes: 2 * 4 * sizeOf(ROWS),
  tolerance: 1e-5,
  tapegrad() {
    const [x, w, b] = rowInputs();
    return {
      inputs: [shaped(x, ROWS), shaped(w, [512]), shaped(b, [512])],
      run: (x, weight, bias) => [F.layerNorm(x!, [512], { weight, bias, eps: EPS })],
    };
  },
  tfjs(tf) {
    const [x, w, b] = rowInputs();
    const [input, weight, bias] = [tf.tensor(x, ROWS), tf.tensor(w, [512]), tf.tensor(b, [512])];
    return { run: () => [tfLayerNorm(input, weight, bias)] };
  },
  jax({ nn, numpy: np }) {
    const [x, w, b] = rowInputs();
    return {
      inputs: [np.array(x, { shape: [...ROWS] }), np.array(w), np.array(b)],
      run: (x, weight, bias) => [nn.standardize(x!, -1, { epsilon: EPS }).mul(weight!).add(bias!)],
    };
  },
};

const layerNormBackward: Workload = {
  name: "layerNorm [512,512] with backward",
  bytes: 5 * 4 * sizeOf(ROWS), // forward reads x and writes y, backward reads x and dy and writes dx
  tolerance: 1e-4,
  tapegrad() {
    const [x, w, b, dy] = rowInputs();
    return {
      inputs: [leaf(x, ROWS), leaf(w, [512]), leaf(b, [512]), shaped(dy, ROWS)],
      run(x, weight, bias, dy) {
        for (const input of [x!, weight!, bias!]) input.grad = null;
        const y = F.layerNorm(x!, [512], { weight, bias, eps: EPS });
        y.backward(dy);
        return [y, x!.grad!, weight!.grad!, bias!.grad!];
      },
    };
  },
  tfjs(tf) {
    const [x, w, b, dy] = rowInputs();
    const inputs = [tf.tensor(x, ROWS), tf.tensor(w, [512]), tf.tensor(b, [512])];
    const slope = tf.tensor(dy, ROWS);
    const gradients = tf.valueAndGrads((x, weight, bias) => tfLayerNorm(x!, weight!, bias!));
    return {
      run() {
        const { value, grads } = gradients(inputs, slope);
        return [value, ...grads];
      },
    };
  },
  jax(jax) {
    const { nn, numpy: np } = jax;
    const [x, w, b, dy] = rowInputs();
    return {
      inputs: [np.array(x, { shape: [...ROWS] }), np.array(w), np.array(b), np.array(dy, { shape: [...ROWS] })],
      run(x, weight, bias, dy) {
        const norm = (...[x, weight, bias]: JaxArray[]) =>
          nn.standardize(x!, -1, { epsilon: EPS }).mul(weight!).add(bias!);
        const [y, pullBack] = jax.vjp(norm, [x!, weight!, bias!]);
        const gradients = pullBack(dy!);
        pullBack.dispose();
        return [y, ...gradients];
      },
    };
  },
};

function sum(name: string, shape: readonly number[], dim: number | undefined): Workload {
  const values = () => normal(sizeOf(shape), 1);
  return {
    name,
    bytes: 4 * sizeOf(shape) + 4 * (dim === undefined ? 1 : sizeOf(shape) / shape[dim]!),
    tolerance: 1e-4, // sums of random signs cancel, and the largest is near the square root of their length
    tapegrad: () => ({
      inputs: [shaped(values(), shape)],
      run: (x) => [dim === undefined ? x!.sum() : x!.sum(dim)],
    }),
    tfjs(tf) {
      const x = tf.tensor(values(), shape);
      return { run: () => [x.sum(dim)] };
    },
    jax: ({ numpy: np }) => ({
      inputs: [np.array(values(), { shape: [...shape] })],
      run: (x) => [np.sum(x!, dim)],
    }),
  };
}

const chain: Workload = {
  name: "chain of ten pointwise operations on 1M",
  bytes: 2 * 4 * 2 ** 20,
  tolerance: 1e-5,
  tapegrad: () => ({
    inputs: [shaped(normal(2 ** 20, 1), [2 ** 20])],
    run: (x) => [x!.mul(2).add(1).tanh().mul(x!).sub(3).abs().sqrt().neg().exp().add(x!)],
  }),
  tfjs(tf) {
    const x = tf.tensor(normal(2 ** 20, 1), [2 ** 20]);
    return { run: () => [x.mul(2).add(1).tanh().mul(x).sub(3).abs().sqrt().neg().exp().add(x)] };
  },
  jax: ({ numpy: np }) => ({
    inputs: [np.array(normal(2 ** 20, 1))],
    run: (x) => [np.exp(np.sqrt(np.abs(np.tanh(x!.ref.mul(2).add(1)).mul(x!.ref).sub(3))).neg()).add(x!)],
  }),
};

export const rows: readonly Workload[] = [
  softmax([512, 1024]),
  softmax([64, 50257]),
  layerNorm,
  layerNormBackward,
  sum("sum over the last axis of [2048,1024]", [2048, 1024], 1),
  sum("sum over axis 0 of [2048,1024]", [2048, 1024], 0),
  sum("sum over everything of [2048,1024]", [2048, 1024], undefined),
  sum("sum of 4M elements", [2 ** 22], undefined),
  chain,
];
