// Reading and writing along a dimension by an index. A tensor without dimensions is treated like one with a single element.

import { checkRange, checkTensor, describe } from "../core/check.js";
import { ShapeError, TapegradError } from "../core/errors.js";
import { type Shape, sameShape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { castNumber } from "../ops/cast.js";
import { make, type Operand } from "./construct.js";
import type { Tensor } from "./tensor.js";

export interface ScatterOptions {
  /** Combines the elements that go to one place with each other and what was there. Default: the last one stays. */
  readonly reduce?: "add" | "multiply" | null;
}

export interface IndexAddOptions {
  /** Multiplies the source. Default 1. */
  readonly alpha?: number | boolean | null;
}

export function indexSelect(x: Tensor, dim: number, index: Tensor): Tensor {
  checkTensor("indexSelect", index);
  const list = index.ndim === 0 ? index.reshape([1]) : index;
  const y = lifted(x).indexSelectAs(list, { dim });
  return x.ndim === 0 ? y.reshape([]).asBase() : y;
}

export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  checkTensor("gather", index);
  if (index.numel() === 0) return x.reshape([-1]).narrow(0, 0, 0).reshape(index.shape).asBase();
  return lowered(lifted(x).gatherAs(lifted(index), { dim }), index.shape);
}

/** @param op - in the user's words */
export function scatter(
  op: string,
  x: Tensor,
  dim: number,
  index: Tensor,
  src: Operand | boolean,
  { reduce }: ScatterOptions,
): Tensor {
  checkTensor(op, index);
  if (index.numel() === 0) return untouched(x, src);
  const source = typeof src === "number" || typeof src === "boolean" ? number(op, x, src, lifted(index).shape) : src;
  checkTensor(op, source, "a tensor or a number");
  if (reduce === "add") return scatterAdd(op, x, dim, index, source);
  if (reduce === "multiply") {
    const product = lifted(source).scatterProd(lifted(index), { dim, shape: lifted(x).shape, op });
    return x.mul(lowered(product, x.shape));
  }
  if (reduce !== undefined && reduce !== null) {
    throw new TapegradError(
      op,
      `reduce must be "add" or "multiply", got ${describe(reduce)}; scatterReduce() has others`,
    );
  }
  return lowered(lifted(x).scatterAs(lifted(index), lifted(source), { dim, op }), x.shape);
}

export function scatterAdd(op: string, x: Tensor, dim: number, index: Tensor, src: Tensor): Tensor {
  checkTensor(op, index);
  checkTensor(op, src);
  if (index.numel() === 0) return untouched(x, src);
  const sum = lifted(src).scatterSum(lifted(index), { dim, shape: lifted(x).shape, op });
  return x.add(lowered(sum, x.shape));
}

/** How many indices name each element of x; int32. */
export function countAt(x: Tensor, dim: number, index: Tensor): Tensor {
  const ones = make(NDArray.constant(1, "int32", lifted(index).shape, x.device), undefined, "count");
  return lowered(ones.scatterSum(lifted(index), { dim, shape: lifted(x).shape }), x.shape);
}

export function indexAdd(
  op: string,
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  { alpha }: IndexAddOptions,
): Tensor {
  const [list, slices] = slicesFor(op, x, dim, index, source);
  const factor = Number(alpha ?? 1);
  const scaled = factor === 1 ? slices : slices.mul(factor).to(slices.dtype);
  const size = lifted(x).shape[dim]!;
  return x.add(lowered(scaled.indexSum(list, { dim, size, op }), x.shape));
}

/** The index with one dimension, and the source as slices along `dim`, as many as the index has elements. */
export function slicesFor(op: string, x: Tensor, dim: number, index: Tensor, source: Tensor): [Tensor, Tensor] {
  checkTensor(op, index);
  checkTensor(op, source);
  if (index.ndim > 1) throw new ShapeError(op, [x.shape, index.shape], "the index must have one dimension");
  const list = lifted(index);
  const slices = lifted(source);
  const wanted = lifted(x).shape.with(dim, list.shape[0]!);
  if (!sameShape(slices.shape, wanted)) {
    throw new ShapeError(
      op,
      [x.shape, source.shape],
      `the source must have shape [${wanted.join(", ")}] for its index`,
    );
  }
  return [list, slices];
}

/** The index repeated for all slices along `dim`; memory is not. */
export function alongSlices(index: Tensor, dim: number, shape: Shape): Tensor {
  const ones = new Array<number>(shape.length - dim - 1).fill(1);
  return index.reshape([index.shape[0]!, ...ones]).expand(shape);
}

/** x where nothing is written; the tape knows the source all the same. */
export function untouched(x: Tensor, src: Operand | boolean): Tensor {
  if (typeof src !== "object" || !src.requiresGrad) return x.clone();
  return x.add(src.reshape([-1]).narrow(0, 0, 0).sum());
}

/** A number as a tensor of x's dtype, which must hold it. */
export function number(op: string, x: Tensor, given: number | boolean, shape: Shape): Tensor {
  checkRange(op, [Number(given)], x.dtype);
  return make(NDArray.constant(castNumber(Number(given), x.dtype), x.dtype, shape, x.device), undefined, "a number");
}

/** In the corner of zeros of `shape`. */
export function padded(x: Tensor, shape: Shape): Tensor {
  return shape.reduce((y, size, dim) => {
    const length = y.shape[dim]!;
    return size === length ? y : y.sliceInto(y.shape.with(dim, size), { dim, start: 0, length, step: 1 });
  }, x);
}

export function lifted(x: Tensor): Tensor {
  return x.ndim === 0 ? x.reshape([1]) : x;
}

export function lowered(y: Tensor, shape: Shape): Tensor {
  return sameShape(y.shape, shape) ? y : y.reshape(shape).asBase();
}
