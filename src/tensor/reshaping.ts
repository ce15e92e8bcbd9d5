// Other shapes of a tensor that take more than one op, or checks of their own.

import { checkTensor, checkWhole } from "../core/check.js";
import { DTypeError, formatShape, ShapeError } from "../core/errors.js";
import { inferShape, type Shape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { functions } from "../kernels/pointwise/common.js";
import { view as viewOp } from "../ops/reshape.js";
import * as args from "./arguments.js";
import { apply, make } from "./construct.js";
import { checkInteger } from "./shape-arguments.js";
import type { Tensor } from "./tensor.js";

/** The same memory under another shape. */
export function viewed(op: string, x: Tensor, shape: Shape): Tensor {
  const full = inferShape(op, shape, x.numel(), x.shape);
  if (x.arrayFor(op).canView(full)) return apply(viewOp, [x], full);
  const problem = `its elements are not in an order that ${formatShape(full)} could be a view of`;
  throw new ShapeError(op, [x.shape], problem, "reshape() copies them");
}

/** x as often as `repeats` says along each dimension, in memory of its own. */
export function repeated(x: Tensor, repeats: readonly number[]): Tensor {
  checkWhole("repeat", { repeats });
  const lead = repeats.length - x.ndim;
  if (lead < 0) {
    const problem = `${repeats.length} repeats for ${x.ndim} dimensions`;
    throw new ShapeError("repeat", [x.shape], problem, "give one for each, those of added dimensions first");
  }
  const sizes = repeats.map((_, d) => x.shape[d - lead] ?? 1);
  const apart = sizes.flatMap((size) => [1, size]); // [1, A, 1, B] -> [a, A, b, B] -> [a A, b B]
  const side = repeats.flatMap((times, d) => [times, sizes[d]!]);
  const copy = x.reshape(apart).expand(side).clone();
  return copy.reshape(repeats.map((times, d) => times * sizes[d]!)).asBase();
}

/** A vector on a diagonal of zeros, or a matrix's diagonal. */
export function diag(x: Tensor, offset: number): Tensor {
  const which = { offset, dim1: 0, dim2: 1 };
  checkInteger("diag", { diagonal: offset });
  if (x.ndim === 2) return x.diagonalAs(which).clone();
  if (x.ndim !== 1) throw new ShapeError("diag", [x.shape], "takes a vector or a matrix", "diagonal() takes batches");
  const size = x.shape[0]! + Math.abs(offset);
  return x.diagonalInto([size, size], which);
}

/**
 * `length` elements from `start` on: a view, unless only the GPU knows `start`.
 * @param dim - counted from the front
 */
export function narrow(x: Tensor, dim: number, start: number | Tensor, length: number): Tensor {
  if (typeof start === "number") return x.sliced(args.narrowed(x.shape, dim, start, length));
  checkTensor("narrow", start, "a number or a tensor as start");
  if (start.ndim !== 0 || start.dtype === "float32" || start.dtype === "float16" || start.dtype === "bool") {
    const problem = `start must be an int32 tensor without dimensions, got ${start.dtype} ${formatShape(start.shape)}`;
    throw new DTypeError("narrow", problem);
  }
  const { host } = start.arrayFor("narrow");
  if (host !== undefined) return narrow(x, dim, host.data[host.layout.offset]!, length);
  args.narrowed(x.shape, dim, 0, length);
  const steps = make(NDArray.pointwise(functions.index, "int32", [length], []), undefined, "narrow");
  const first = start.where(start.ge(0), start.add(x.shape[dim]!));
  return x.indexSelectAs(first.add(steps).to("int32"), { dim, op: "narrow" });
}
