// Elements put into the places of others: by an index along a dimension, by several indices, by a mask.

import { checkTensor, describe, isTensor } from "../core/check.js";
import { DTypeError, ShapeError, TapegradError } from "../core/errors.js";
import { broadcastShapes, sameShape } from "../core/shape.js";
import { put } from "./advanced.js";
import type { TensorBase } from "./base.js";
import type { Operand } from "./construct.js";
import { type IndexList, listed, positionsOf } from "./index-values.js";
import { alongSlices, lifted, lowered, number, slicesFor, untouched } from "./scattering.js";
import type { Tensor } from "./tensor.js";

/** Positions along a dimension, or a mask; null takes the whole dimension. */
export type PutIndex = Tensor | IndexList | null;

export function indexCopy(op: string, x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  const [list, slices] = slicesFor(op, x, dim, index, source);
  return lowered(lifted(x).scatterAs(alongSlices(list, dim, slices.shape), slices, { dim, op }), x.shape);
}

export function indexFill(op: string, x: Tensor, dim: number, index: Tensor, value: Operand | boolean): Tensor {
  checkTensor(op, index);
  if (index.ndim > 1) throw new ShapeError(op, [x.shape, index.shape], "the index must have one dimension");
  const list = lifted(index);
  const shape = lifted(x).shape.with(dim, list.shape[0]!);
  if (typeof value === "object" && value.ndim > 0) {
    throw new ShapeError(op, [value.shape], "the value must be a number or a tensor without dimensions");
  }
  const slices = typeof value !== "object" ? number(op, x, value, shape) : value.to(x.dtype).expand(shape);
  if (slices.numel() === 0) return x.clone();
  const places = alongSlices(list, dim, shape);
  return lowered(lifted(x).scatterAs(places, slices, { dim, op, wraps: true }), x.shape);
}

export interface PutOptions {
  /** Adds to what is there; otherwise the last of several values stays. Default false. */
  readonly accumulate?: boolean | null;
}

export function indexPut(
  op: string,
  x: Tensor,
  indices: readonly PutIndex[],
  values: Tensor,
  { accumulate }: PutOptions,
): Tensor {
  if (!Array.isArray(indices)) throw new TapegradError(op, `takes a list of indices, got ${describe(indices)}`);
  checkTensor(op, values);
  const positions: (Tensor | undefined)[] = [];
  for (const given of indices as readonly PutIndex[]) {
    const index = Array.isArray(given) ? listed(given) : (given as Tensor | null);
    if (index === null) positions.push(undefined);
    else if (!isTensor(index))
      throw new TapegradError(op, `indices are tensors, lists or null, got ${describe(index)}`);
    else if (index.dtype === "bool") positions.push(...positionsOf(op, index, [x.shape, positions.length]));
    else positions.push(index);
  }
  if (positions.length > x.ndim)
    throw new ShapeError(op, [x.shape], `${positions.length} indices for ${x.ndim} dimensions`);
  if (values.dtype !== x.dtype) {
    throw new DTypeError(
      op,
      `the values are ${values.dtype} and must be ${x.dtype}, as the tensor: values.to("${x.dtype}")`,
    );
  }
  if (!positions.some(isTensor)) return values.expand(x.shape).add(accumulate === true ? x : 0);
  return put(op, x, positions, values, accumulate === true);
}

export function maskedScatter(op: string, x: Tensor, mask: Tensor, source: Tensor): Tensor {
  checkTensor(op, mask);
  checkTensor(op, source);
  if (mask.dtype !== "bool") throw new DTypeError(op, `the mask is ${mask.dtype} and must be bool: mask.ne(0)`);
  if (source.dtype !== x.dtype) {
    throw new DTypeError(
      op,
      `the source is ${source.dtype} and must be ${x.dtype}, as the tensor: source.to("${x.dtype}")`,
    );
  }
  const shape = broadcastShapes(op, x.shape, mask.shape);
  const [self, places] = [x.expand(shape), mask.expand(shape)];
  if (source.numel() === 0) return untouched(self, source);
  const flags = places.reshape([-1]);
  const rank = flags.to("int32").cumsum(0).sub(1).where(flags, 0);
  const values = source.reshape([-1]).indexSelectAs(rank, { dim: 0, op });
  return lowered(values, shape).where(places, self);
}

/** x, changed to a tensor of its shape. */
export function replaced<T extends TensorBase>(op: string, x: T, y: Tensor): T {
  if (!sameShape(x.shape, y.shape)) throw new ShapeError(op, [x.shape, y.shape], "a tensor cannot grow in place");
  return (x as unknown as Tensor).copy_(y) as unknown as T;
}
