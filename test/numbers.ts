// Numbers that scripts/golden_training.py makes too.

import { type Tensor, tensor } from "../src/index.js";

/** Values in [-1, 1), spread evenly, the same here and in Python. */
export function numbers(shape: readonly number[], salt: number): Tensor {
  const count = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Float32Array.from({ length: count }, (_, i) => (((i + 1) * 0.6180339887 + salt * 0.37) % 1) * 2 - 1),
  ).reshape(shape);
}
