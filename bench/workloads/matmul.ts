// Matrix products in float32: square ones, the shapes of layers, and transposed operands.

import { normal, sizeOf } from "./random.js";
import { shaped } from "./tensors.js";
import type { Workload } from "./workload.js";

interface Product {
  readonly name: string;
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

const square = (size: number): Product => ({ name: `matmul ${size}`, a: [size, size], b: [size, size] });

const products: readonly Product[] = [
  square(256),
  square(512),
  square(1024),
  square(255),
  square(257),
  { name: "matmul 64x784x256", a: [64, 784], b: [784, 256] },
  { name: "matmul 16x[128x64x128]", a: [16, 128, 64], b: [16, 64, 128] },
  { name: "matmul 512 NT", a: [512, 512], b: [512, 512], transposeB: true },
  { name: "matmul 512 TN", a: [512, 512], b: [512, 512], transposeA: true },
];

export const matmuls: readonly Workload[] = products.map(({ name, a, b, transposeA = false, transposeB = false }) => {
  const inputs = () => [normal(sizeOf(a), 1), normal(sizeOf(b), 2)] as const;
  const columns = b[b.length - (transposeB ? 2 : 1)]!;
  return {
    name,
    flops: 2 * sizeOf(a) * columns,
    bytes: 4 * (sizeOf(a) + sizeOf(b) + (sizeOf(a) / a[a.length - (transposeA ? 2 : 1)]!) * columns),
    tolerance: 1e-5,
    tapegrad() {
      const [left, right] = inputs();
      return {
        inputs: [shaped(left, a), shaped(right, b)],
        run: (x, y) => [(transposeA ? x!.transpose(-2, -1) : x!).matmul(transposeB ? y!.transpose(-2, -1) : y!)],
      };
    },
    tfjs(tf) {
      const [left, right] = inputs();
      const [x, y] = [tf.tensor(left, a), tf.tensor(right, b)];
      return { run: () => [tf.matMul(x, y, transposeA, transposeB)] };
    },
    jax({ numpy: np }) {
      const [left, right] = inputs();
      return {
        inputs: [np.array(left, { shape: [...a] }), np.array(right, { shape: [...b] })],
        run: (x, y) => [np.matmul(transposeA ? np.matrixTranspose(x!) : x!, transposeB ? np.matrixTranspose(y!) : y!)],
      };
    },
  };
});
