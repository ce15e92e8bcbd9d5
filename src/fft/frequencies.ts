// The frequencies that the points of a spectrum stand for, and their order.

import { checkTensor, checkWhole } from "../core/check.js";
import { type Optional, optional } from "../core/options.js";
import { normalizeDims } from "../core/shape.js";
import { tensor } from "../tensor/create.js";
import { cat } from "../tensor/join.js";
import type { Dims, Tensor } from "../tensor/tensor.js";

/** The frequency 0 moved from the front to the middle, along `dim` (default: all dimensions). */
export function fftshift(x: Tensor, dim?: Optional<"dim", Dims>): Tensor {
  return shifted("fftshift", x, dim, (size) => Math.ceil(size / 2));
}

/** The inverse of `fftshift`. */
export function ifftshift(x: Tensor, dim?: Optional<"dim", Dims>): Tensor {
  return shifted("ifftshift", x, dim, (size) => Math.floor(size / 2));
}

function shifted(
  op: string,
  x: Tensor,
  given: Optional<"dim", Dims> | undefined,
  firstOf: (size: number) => number,
): Tensor {
  checkTensor(op, x);
  const dim = optional<"dim", Dims | null>(given, "dim", null);
  let y = x;
  for (const d of normalizeDims(op, dim ?? undefined, x.ndim)) {
    const size = x.shape[d]!;
    const first = firstOf(size);
    if (size > 1) y = cat([y.narrow(d, first, size - first), y.narrow(d, 0, first)], d);
  }
  return y === x ? x.clone() : y;
}

export interface FrequencyOptions {
  /** The distance between samples. Default 1. */
  readonly d?: number;
}

/** The frequencies of `fft`: [0, 1 ... (n - 1) / 2, -n / 2 ... -1] / (n d). */
export function fftfreq(n: number, { d = 1 }: FrequencyOptions = {}): Tensor {
  checkWhole("fftfreq", { n }, 1);
  return tensor(Array.from({ length: n }, (_, k) => (2 * k < n ? k : k - n) / (n * d)));
}

/** The frequencies of `rfft`: [0, 1 ... n / 2] / (n d). */
export function rfftfreq(n: number, { d = 1 }: FrequencyOptions = {}): Tensor {
  checkWhole("rfftfreq", { n }, 1);
  return tensor(Array.from({ length: Math.floor(n / 2) + 1 }, (_, k) => k / (n * d)));
}
