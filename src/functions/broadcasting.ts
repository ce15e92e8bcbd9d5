// Tensors brought to one shape, or to a least number of dimensions. The results are views.

import { checkWhole, describe } from "../core/check.js";
import { DTypeError, ShapeError, TapegradError } from "../core/errors.js";
import { isOptions } from "../core/options.js";
import { broadcastShapes as broadcast, type Shape } from "../core/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Tensors, tensorsOf } from "./operands.js";

/** The shape that shapes broadcast to; a number stands for a shape of one dimension. */
export function broadcastShapes(...shapes: readonly (Shape | number)[]): Shape {
  const lists = shapes.map((shape) => (typeof shape === "number" ? [shape] : shape));
  for (const sizes of lists) checkWhole("broadcastShapes", { sizes });
  return [...broadcast("broadcastShapes", ...lists)];
}

/** All tensors expanded to the shape they broadcast to. */
export function broadcastTensors(...tensors: Tensors): Tensor[] {
  const list = tensorsOf("broadcastTensors", tensors, 0);
  const shape = broadcast("broadcastTensors", ...list.map((tensor) => tensor.shape));
  return list.map((tensor) => tensor.expand(shape));
}

export interface MeshgridOptions {
  /** "ij" (the default): tensor d runs along dimension d; "xy": the first two dimensions change places. */
  readonly indexing?: "ij" | "xy";
}

/**
 * Grids of coordinates from vectors of N0, N1, ... elements: result d holds the elements of vector d along dimension d and
 * is the same along all others, [N0, N1, ...].
 */
export function meshgrid(tensors: readonly Tensor[], options?: MeshgridOptions): Tensor[];
export function meshgrid(...tensorsAndOptions: readonly (Tensor | MeshgridOptions)[]): Tensor[];
export function meshgrid(...args: readonly unknown[]): Tensor[] {
  const last = args.at(-1);
  const { indexing = "ij" } = isOptions<MeshgridOptions>(last) ? last : {};
  const list = tensorsOf("meshgrid", (isOptions(last) ? args.slice(0, -1) : args) as Tensors);
  if (indexing !== "ij" && indexing !== "xy") {
    throw new TapegradError("meshgrid", `indexing is "ij" or "xy", got ${describe(indexing)}`);
  }
  if (list.some(({ ndim }) => ndim > 1)) {
    throw new ShapeError(
      "meshgrid",
      list.map(({ shape }) => shape),
      "takes vectors",
      "ravel() makes them",
    );
  }
  const [first] = list as [Tensor];
  const other = list.find(({ dtype }) => dtype !== first.dtype);
  if (other !== undefined) throw new DTypeError("meshgrid", `takes one dtype, got ${first.dtype} and ${other.dtype}`);
  const isTurned = indexing === "xy" && list.length > 1;
  const places = list.map((_, d) => (isTurned && d < 2 ? 1 - d : d));
  const shape = places.map((d) => list[d]!.numel());
  return list.map((tensor, d) => tensor.reshape(shape.map((_, at) => (at === places[d] ? -1 : 1))).expand(shape));
}

/** One tensor changed, or each of several. */
interface AtLeast {
  (tensor: Tensor): Tensor;
  (...tensors: Tensors): Tensor[];
}

/** With a dimension, if there is none. */
export const atleast1d: AtLeast = atLeast("atleast1d", (x) => (x.ndim === 0 ? x.reshape([1]) : x));

/** With two dimensions at least: a vector becomes a row. */
export const atleast2d: AtLeast = atLeast("atleast2d", (x) => (x.ndim < 2 ? x.reshape([1, -1]) : x));

/** With three dimensions at least: a vector becomes [1, N, 1], a matrix [M, N, 1]. */
export const atleast3d: AtLeast = atLeast("atleast3d", (x) => {
  if (x.ndim === 2) return x.unsqueeze(2);
  return x.ndim < 2 ? x.reshape([1, -1, 1]) : x;
});

function atLeast(op: string, change: (x: Tensor) => Tensor): AtLeast {
  return ((...given: Tensors) => {
    const tensors = tensorsOf(op, given, 0);
    return given.length === 1 && tensors === (given as unknown) ? change(tensors[0]!) : tensors.map(change);
  }) as AtLeast;
}
