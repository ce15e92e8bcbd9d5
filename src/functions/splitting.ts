// Tensors cut into pieces, which are views.

import { checkList, checkTensor, checkWhole, isTensor } from "../core/check.js";
import { DTypeError, ShapeError } from "../core/errors.js";
import { type Optional, optional } from "../core/options.js";
import { cutDim } from "../tensor/arguments.js";
import { checkInteger } from "../tensor/shape-arguments.js";
import type { Tensor } from "../tensor/tensor.js";

/** Pieces of the sizes given along `dim` (default 0). */
export function splitWithSizes(x: Tensor, splitSizes: readonly number[], dim?: Optional<"dim", number>): Tensor[] {
  checkTensor("splitWithSizes", x);
  checkList("splitWithSizes", splitSizes);
  return x.split(splitSizes, dim);
}

/**
 * Pieces along `dim` (default 0): as many as `where` says, the first ones larger by 1 if need be; or those that end before
 * each of its indices. Asynchronous for a tensor of indices, which has to be read.
 */
export function tensorSplit(x: Tensor, where: Tensor, dim?: Optional<"dim", number>): Promise<Tensor[]>;
export function tensorSplit(x: Tensor, where: number | readonly number[], dim?: Optional<"dim", number>): Tensor[];
export function tensorSplit(
  x: Tensor,
  where: Tensor | number | readonly number[],
  dim?: Optional<"dim", number>,
): Tensor[] | Promise<Tensor[]> {
  checkTensor("tensorSplit", x);
  const at = cutDim("tensorSplit", x.shape, optional(dim, "dim", 0));
  return isTensor(where) ? splitAtRead(x, where, at) : pieces("tensorSplit", x, where, at);
}

async function splitAtRead(x: Tensor, where: Tensor, dim: number): Promise<Tensor[]> {
  if (where.ndim > 1 || (where.dtype !== "int32" && where.dtype !== "uint8")) {
    throw new DTypeError("tensorSplit", `takes an int32 vector or number, got ${where}`);
  }
  const indices = [...(await where.data())];
  return pieces("tensorSplit", x, where.ndim === 0 ? indices[0]! : indices, dim);
}

/** `sections` equal pieces of the columns, or those before each index; a vector is cut along its one dimension. */
export function hsplit(x: Tensor, where: number | readonly number[]): Tensor[] {
  return evenly("hsplit", x, where, 1, x.ndim === 1 ? 0 : 1);
}

/** `sections` equal pieces of the rows, or those before each index. */
export function vsplit(x: Tensor, where: number | readonly number[]): Tensor[] {
  return evenly("vsplit", x, where, 2, 0);
}

/** `sections` equal pieces along the third dimension, or those before each index. */
export function dsplit(x: Tensor, where: number | readonly number[]): Tensor[] {
  return evenly("dsplit", x, where, 3, 2);
}

function evenly(op: string, x: Tensor, where: number | readonly number[], least: number, dim: number): Tensor[] {
  checkTensor(op, x);
  if (x.ndim < least) throw new ShapeError(op, [x.shape], `needs ${least} dimension${least > 1 ? "s" : ""} at least`);
  if (typeof where === "number" && where > 0 && x.shape[dim]! % where !== 0) {
    const problem = `dimension ${dim} of ${x.shape[dim]} cannot be cut into ${where} equal pieces`;
    throw new ShapeError(op, [x.shape], problem, "tensorSplit() makes them differ by 1");
  }
  return pieces(op, x, where, dim);
}

/** Slices up to each index, as Python cuts them: an index may count from the end, lie outside, or before the last one. */
function pieces(op: string, x: Tensor, where: number | readonly number[], dim: number): Tensor[] {
  const size = x.shape[dim]!;
  if (typeof where === "number") {
    checkWhole(op, { sections: where }, 1);
    const [least, larger] = [Math.floor(size / where), size % where];
    return Array.from({ length: where }, (_, i) => {
      return x.narrow(dim, i * least + Math.min(i, larger), least + (i < larger ? 1 : 0));
    });
  }
  checkList(op, where);
  for (const index of where) checkInteger(op, { index });
  const ends = [...where.map((at) => Math.min(Math.max(at < 0 ? at + size : at, 0), size)), size];
  return ends.map((end, i) => {
    const start = i === 0 ? 0 : ends[i - 1]!;
    return x.narrow(dim, start, Math.max(end - start, 0));
  });
}
