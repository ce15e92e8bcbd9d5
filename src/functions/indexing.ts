// Picking and placing elements by index.

import { checkTensor } from "../core/check.js";
import { DTypeError } from "../core/errors.js";
import { broadcastLeading, normalizeDim } from "../core/shape.js";
import type { Operand } from "../tensor/construct.js";
import * as placing from "../tensor/placing.js";
import { lifted } from "../tensor/scattering.js";
import type { Tensor } from "../tensor/tensor.js";

/** x with the slices of source along `dim` in the places that the index, int32 of one dimension, names; the last one stays. */
export function indexCopy(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  return placing.indexCopy("indexCopy", x, normalizeDim("indexCopy", dim, x.ndim), index, source);
}

/** x with `value` in all slices along `dim` that the index names; -1 is the last. */
export function indexFill(x: Tensor, dim: number, index: Tensor, value: Operand | boolean): Tensor {
  return placing.indexFill("indexFill", x, normalizeDim("indexFill", dim, x.ndim), index, value);
}

/**
 * x with `values`, which broadcast, at the indices: what Python writes as x[a, b] = values. Indices are int32 tensors, lists,
 * masks the host knows, or null for a whole dimension. With `accumulate` values are added, deterministically.
 */
export function indexPut(
  x: Tensor,
  indices: readonly placing.PutIndex[],
  values: Tensor,
  options: placing.PutOptions = {},
): Tensor {
  return placing.indexPut("indexPut", x, indices, values, options);
}

/** x with the elements of source, one after another, where the mask holds; x and the mask broadcast. */
export function maskedScatter(x: Tensor, mask: Tensor, source: Tensor): Tensor {
  return placing.maskedScatter("maskedScatter", x, mask, source);
}

/** The elements at positions counted through the whole of x in row-major order, -1 being the last; of the index's shape. */
export function take(x: Tensor, index: Tensor): Tensor {
  checkTensor("take", index);
  if (index.numel() === 0) return x.reshape([-1]).narrow(0, 0, 0).reshape(index.shape).asBase();
  const use = { dim: 0, op: "take", wraps: true };
  return x
    .reshape([-1])
    .indexSelectAs(index.reshape([-1]), use)
    .reshape(index.shape)
    .asBase();
}

/** x with the elements of source at the positions that take() would take; with `accumulate` they are added. */
export function put(x: Tensor, index: Tensor, source: Tensor, options: placing.PutOptions = {}): Tensor {
  checkTensor("put", index);
  checkTensor("put", source);
  const flat = placing.indexPut("put", x.reshape([-1]), [index.reshape([-1])], source.reshape([-1]), options);
  return flat.reshape(x.shape).asBase();
}

/** gather() along `dim` after broadcasting all other dimensions; of the flattened tensors if `dim` is left out. */
export function takeAlongDim(
  x: Tensor,
  indices: Tensor,
  options: number | { readonly dim?: number | null } = {},
): Tensor {
  checkTensor("takeAlongDim", indices);
  if (indices.dtype !== "int32") {
    throw new DTypeError("takeAlongDim", `the index is ${indices.dtype} and must be int32: index.to("int32")`);
  }
  const dim = typeof options === "number" ? options : options.dim;
  if (dim === undefined || dim === null) return x.reshape([-1]).gather(0, indices.reshape([-1]));
  const at = normalizeDim("takeAlongDim", dim, x.ndim);
  const [self, index] = [lifted(x), lifted(indices)];
  const shapes = [self.shape.with(at, 1), index.shape.with(at, 1)];
  const shape = broadcastLeading("takeAlongDim", shapes, 0);
  const places = index.expand(shape.with(at, index.shape[at]!));
  return self.expand(shape.with(at, self.shape[at]!)).gatherAs(places, { dim: at, op: "takeAlongDim" });
}

/** The indices of the elements that are not zero, int32 [count, ndim], in row-major order. */
export async function argwhere(x: Tensor): Promise<Tensor> {
  return x.nonzero();
}
