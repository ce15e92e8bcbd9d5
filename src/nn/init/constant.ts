// First values that are the same every time.

import { checkTensor, checkWhole } from "../../core/check.js";
import { OutOfRangeError } from "../../core/errors.js";
import { type Optional, optional } from "../../core/options.js";
import { numel } from "../../core/shape.js";
import { eye, fromHost, fullLike } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import { checkFillable, filled } from "./filled.js";

/** One number everywhere. */
export function constant_<T extends Tensor>(tensor: T, val: number): T {
  checkTensor("constant_", tensor);
  return filled(tensor, () => fullLike(tensor, val));
}

/** 1 everywhere. */
export function ones_<T extends Tensor>(tensor: T): T {
  return constant_(tensor, 1);
}

/** 0 everywhere. */
export function zeros_<T extends Tensor>(tensor: T): T {
  return constant_(tensor, 0);
}

/** 1 on the diagonal of a matrix, else 0: a linear layer that gives back its input, as far as it goes. */
export function eye_<T extends Tensor>(tensor: T): T {
  checkFillable("eye_", tensor, 2);
  const [rows, columns] = tensor.shape as [number, number];
  return filled(tensor, () => eye(rows, columns));
}

/**
 * Kernels of a convolution that gives back its input, as far as there are channels: weight [O, I, ...] is 1 at [i, i] in the
 * middle of the kernel, for each group of output channels, else 0.
 */
export function dirac_<T extends Tensor>(tensor: T, groups?: Optional<"groups", number>): T {
  checkFillable("dirac_", tensor, 3, 4, 5);
  const count = optional(groups, "groups", 1);
  checkWhole("dirac_", { groups: count }, 1);
  const [O, I, ...kernel] = tensor.shape as [number, number, ...number[]];
  if (O % count !== 0) throw new OutOfRangeError("dirac_", `${O} output channels do not divide into ${count} groups`);
  const middle = kernel.reduce((at, size) => at * size + Math.floor(size / 2), 0);
  const values = new Float32Array(numel(tensor.shape));
  const perGroup = O / count;
  for (let o = 0; o < O; o++) {
    const i = o % perGroup;
    if (i < I) values[(o * I + i) * numel(kernel) + middle] = 1;
  }
  return filled(tensor, () => fromHost(values, tensor.shape, "float32"));
}
