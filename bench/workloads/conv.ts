// Convolutions in float32. TensorFlow.js gets channels last, its own layout; inputs are permuted outside of the time.

import { F } from "tapegrad";
import type { Jax, JaxArray } from "../peers/jax-types.js";
import { normal, permuted, sizeOf } from "./random.js";
import { leaf, shaped } from "./tensors.js";
import type { Workload } from "./workload.js";

export const NHWC = [0, 2, 3, 1] as const; // from NCHW
export const HWIO = [2, 3, 1, 0] as const; // from OIHW
const NCHW = [0, 3, 1, 2]; // from NHWC
const OIHW = [3, 2, 0, 1]; // from HWIO

interface Convolution {
  readonly name: string;
  readonly x: readonly [number, number, number, number]; // [N, C, H, W]
  readonly w: readonly [number, number, number, number]; // [K, C / groups, R, S]
  readonly padding: number;
  readonly depthwise?: boolean;
}

const flopsOf = ({ x, w }: Convolution): number => 2 * x[0] * x[2] * x[3] * sizeOf(w); // stride 1, the same size
const outputOf = ({ x, w }: Convolution) => [x[0], w[0], x[2], x[3]] as const;
const bytesOf = (c: Convolution): number => 4 * (sizeOf(c.x) + sizeOf(c.w) + sizeOf(outputOf(c)));

function forward(c: Convolution): Workload {
  const { name, x, w, padding, depthwise = false } = c;
  const groups = depthwise ? x[1] : 1;
  const inputs = () => [normal(sizeOf(x), 1), normal(sizeOf(w), 2)] as const;
  return {
    name,
    flops: flopsOf(c),
    bytes: bytesOf(c),
    tolerance: 1e-5,
    tapegrad() {
      const [image, filter] = inputs();
      return {
        inputs: [shaped(image, x), shaped(filter, w)],
        run: (x, w) => [F.conv2d(x!, w!, null, { padding, groups })],
      };
    },
    tfjs(tf) {
      const [image, filter] = inputs();
      // A depthwise filter is [K, 1, R, S] here and [R, S, C, 1] there.
      const order = depthwise ? ([2, 3, 0, 1] as const) : HWIO;
      const a = tf.tensor(permuted(image, x, NHWC), permutedShape(x, NHWC));
      const b = tf.tensor(permuted(filter, w, order), permutedShape(w, order));
      return {
        run: () => [depthwise ? tf.depthwiseConv2d(a, b, 1, "same") : tf.conv2d(a, b, 1, "same")],
        compared: ([y]) => [y!.transpose(NCHW)],
      };
    },
    jax({ lax, numpy: np }) {
      const [image, filter] = inputs();
      return {
        inputs: [np.array(image, { shape: [...x] }), np.array(filter, { shape: [...w] })],
        run: (x, w) => [convolve(lax, x!, w!, padding, groups)],
      };
    },
  };
}

function withGradients(c: Convolution): Workload {
  const { name, x, w, padding } = c;
  const y = outputOf(c);
  const inputs = () => [normal(sizeOf(x), 1), normal(sizeOf(w), 2), normal(sizeOf(y), 3)] as const;
  return {
    name: `${name}, with both gradients`,
    flops: 3 * flopsOf(c),
    bytes: 3 * bytesOf(c),
    tolerance: 1e-4, // the weights' gradient sums 12,544 products
    tapegrad() {
      const [image, filter, slope] = inputs();
      return {
        inputs: [leaf(image, x), leaf(filter, w), shaped(slope, y)],
        run(x, w, dy) {
          x!.grad = null;
          w!.grad = null;
          const result = F.conv2d(x!, w!, null, { padding });
          result.backward(dy);
          return [result, x!.grad!, w!.grad!];
        },
      };
    },
    tfjs(tf) {
      const [image, filter, slope] = inputs();
      const a = tf.tensor(permuted(image, x, NHWC), permutedShape(x, NHWC));
      const b = tf.tensor(permuted(filter, w, HWIO), permutedShape(w, HWIO));
      const dy = tf.tensor(permuted(slope, y, NHWC), permutedShape(y, NHWC));
      const gradients = tf.valueAndGrads((x, w) => tf.conv2d(x!, w!, 1, "same"));
      return {
        run() {
          const { value, grads } = gradients([a, b], dy);
          return [value, ...grads];
        },
        compared: ([value, dx, dw]) => [value!.transpose(NCHW), dx!.transpose(NCHW), dw!.transpose(OIHW)],
      };
    },
    jax(jax) {
      const { lax, numpy: np } = jax;
      const [image, filter, slope] = inputs();
      return {
        inputs: [
          np.array(image, { shape: [...x] }),
          np.array(filter, { shape: [...w] }),
          np.array(slope, { shape: [...y] }),
        ],
        run(x, w, dy) {
          const [value, pullBack] = jax.vjp((x, w) => convolve(lax, x!, w!, padding), [x!, w!]);
          const gradients = pullBack(dy!);
          pullBack.dispose();
          return [value, ...gradients];
        },
      };
    },
  };
}

export function permutedShape(shape: readonly number[], permutation: readonly number[]): number[] {
  return permutation.map((dim) => shape[dim]!);
}

export function convolve(lax: Jax["lax"], x: JaxArray, w: JaxArray, padding: number, groups = 1, stride = 1): JaxArray {
  const [pad, strides]: [[number, number], number[]] = [
    [padding, padding],
    [stride, stride],
  ];
  return lax.convGeneralDilated(x, w, strides, [pad, pad], { featureGroupCount: groups });
}

const base: Convolution = {
  name: "conv2d N16 C32 28x28 K64 3x3 pad 1",
  x: [16, 32, 28, 28],
  w: [64, 32, 3, 3],
  padding: 1,
};

export const convs: readonly Workload[] = [
  forward(base),
  withGradients(base),
  forward({ ...base, name: "conv2d depthwise N16 C32 28x28 3x3 pad 1", w: [32, 1, 3, 3], depthwise: true }),
  forward({ ...base, name: "conv2d 1x1 N16 C32 28x28 K64", w: [64, 32, 1, 1], padding: 0 }),
];
