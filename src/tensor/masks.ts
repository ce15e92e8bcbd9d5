// Results whose size depends on the elements: how many there are is known once the GPU has been asked.

import { DTypeError } from "../core/errors.js";
import { contiguousStrides } from "../core/layout.js";
import { broadcastShapes } from "../core/shape.js";
import { ints, positionsIn } from "./index-values.js";
import type { Tensor } from "./tensor.js";

/** The elements of x where the mask holds, in row-major order; both broadcast. */
export async function maskedSelect(x: Tensor, mask: Tensor): Promise<Tensor> {
  if (mask.dtype !== "bool") throw new DTypeError("maskedSelect", `the mask is ${mask.dtype} and must be bool`);
  const shape = broadcastShapes("maskedSelect", x.shape, mask.shape);
  const positions = positionsIn(await mask.expand(shape).data());
  return x.expand(shape).reshape([-1]).indexSelectAs(ints(positions), { dim: 0, op: "maskedSelect" });
}

export interface NonzeroOptions {
  /** One tensor for each dimension, as x.index() takes them. Default false. */
  readonly asTuple?: boolean;
}

/** The indices of the elements of x that are not zero, [count, x.ndim], in row-major order. */
export async function nonzero(x: Tensor, { asTuple = false }: NonzeroOptions): Promise<Tensor | Tensor[]> {
  const tall = asTuple && x.ndim === 0 ? x.reshape([1]) : x;
  const positions = positionsIn(await tall.data());
  const strides = contiguousStrides(tall.shape);
  const along = (stride: number, d: number) => (at: number) => Math.floor(at / stride) % tall.shape[d]!;
  if (asTuple) return strides.map((stride, d) => ints(positions.map(along(stride, d))));
  const indices = positions.flatMap((at) => strides.map((stride, d) => along(stride, d)(at)));
  return ints(indices, [positions.length, tall.ndim], "nonzero");
}
