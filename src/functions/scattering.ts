// Writing by index.

import { normalizeDim } from "../core/shape.js";
import {
  scatterReduce as reduced,
  type ScatterReduceOptions,
  type ScatterReduction,
} from "../tensor/scatter-reduce.js";
import { alongSlices, slicesFor } from "../tensor/scattering.js";
import type { Tensor } from "../tensor/tensor.js";

export type { ScatterReduceOptions, ScatterReduction } from "../tensor/scatter-reduce.js";

/**
 * x with src[o, j, i] at (o, index[o, j, i], i), where j runs along `dim`; elements that meet, and what was there unless
 * includeSelf is false, are combined. Deterministic.
 */
export function scatterReduce(
  x: Tensor,
  dim: number,
  index: Tensor,
  src: Tensor,
  reduce: ScatterReduction,
  options: ScatterReduceOptions = {},
): Tensor {
  return reduced("scatterReduce", x, normalizeDim("scatterReduce", dim, x.ndim), index, src, reduce, options);
}

/** The same for whole slices: those of source along `dim` go to the slices of x that the index, of one dimension, names. */
export function indexReduce(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  reduce: Exclude<ScatterReduction, "sum">,
  options: ScatterReduceOptions = {},
): Tensor {
  const at = normalizeDim("indexReduce", dim, x.ndim);
  const [list, slices] = slicesFor("indexReduce", x, at, index, source);
  return reduced("indexReduce", x, at, alongSlices(list, at, slices.shape), slices, reduce, options);
}
