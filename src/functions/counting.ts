// Counting elements by value.

import { checkTensor, checkWhole } from "../core/check.js";
import { isFloatingPoint } from "../core/dtype.js";
import { DTypeError, OutOfRangeError, ShapeError } from "../core/errors.js";
import { isOptions, optionsIn } from "../core/options.js";
import { numel } from "../core/shape.js";
import { arange, fromData, fromHost, ones, zeros } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";
import { searchsorted } from "./searching.js";

export interface BincountOptions {
  /** Added up instead of ones: one for each element; the result is float32. */
  readonly weights?: Tensor | null;
  /** The least length of the result. Default 0. */
  readonly minlength?: number | null;
}

/**
 * How often each number from 0 on occurs in x, int32 [N]: an int32 vector whose length is one more than the largest.
 * Asynchronous: how long it is depends on the elements. Not differentiable.
 */
export async function bincount(x: Tensor, { weights, minlength }: BincountOptions = {}): Promise<Tensor> {
  checkTensor("bincount", x);
  if (x.ndim !== 1) throw new ShapeError("bincount", [x.shape], "needs one dimension", "x.flatten()");
  if (isFloatingPoint(x.dtype)) throw new DTypeError("bincount", `counts whole numbers, got ${x.dtype}: x.to("int32")`);
  checkWhole("bincount", { minlength: minlength ?? 0 });
  if (weights && weights.numel() !== x.numel()) {
    throw new ShapeError("bincount", [x.shape, weights.shape], "there must be one weight for each element");
  }
  const index = x.to("int32");
  const largest = x.numel() === 0 ? -1 : await index.amax().item();
  const size = Math.max(largest + 1, minlength ?? 0);
  const summed = weights ? weights.detach().to("float32") : ones(x.shape, { dtype: "int32" });
  if (size === 0) {
    if (x.numel() === 0) return zeros([0], { dtype: summed.dtype });
    throw new OutOfRangeError("bincount", "numbers must not be negative");
  }
  return summed.indexSum(index, { dim: 0, size, op: "bincount" });
}

export interface HistcOptions {
  /** Default 100. */
  readonly bins?: number;
  /** The range; where both ends are equal (0 by default), that of the elements. */
  readonly min?: number;
  readonly max?: number;
}

/** How many elements fall into each of `bins` equal parts of a range; of x's dtype. Others are not counted. Not differentiable. */
export function histc(x: Tensor, options: number | HistcOptions = {}): Tensor {
  const { bins = 100, min = 0, max = 0 }: HistcOptions = typeof options === "number" ? { bins: options } : options;
  checkWhole("histc", { bins }, 1);
  if (!isFloatingPoint(x.dtype)) throw new DTypeError("histc", `needs floating point, got ${x.dtype}: x.to("float32")`);
  if (min > max || !Number.isFinite(min) || !Number.isFinite(max)) {
    throw new OutOfRangeError("histc", `the range must be finite and ascend, got ${min} to ${max}`);
  }
  if (x.numel() === 0) return zeros([bins], { dtype: x.dtype });
  const flat = x.detach().reshape([-1]);
  const [low, high] = ends(flat, min === max ? undefined : [min, max], 1);
  const position = flat
    .sub(low)
    .div(high.sub(low))
    .mul(bins)
    .floor()
    .clamp(0, bins - 1);
  const isInside = flat.ge(low).logicalAnd(flat.le(high));
  return counted(position.to("int32"), isInside, bins, ones(flat.shape, { dtype: "int32" })).to(x.dtype);
}

export interface HistogramOptions {
  /** [low, high] of each dimension one after another. Default: those of the elements. */
  readonly range?: readonly number[] | null;
  /** Added up instead of ones: one for each element (histogramdd: for each point). */
  readonly weight?: Tensor | null;
  /** Divides by the total and the bins' volumes, so that the integral is 1. Default false. */
  readonly density?: boolean | null;
}

export interface Histogram {
  readonly hist: Tensor;
  readonly binEdges: Tensor;
}

/**
 * How many elements fall into each bin; the last bin includes its upper edge. Not differentiable.
 * @param bins - how many equal bins, or their edges
 */
export function histogram(
  x: Tensor,
  bins: number | Tensor | (HistogramOptions & { readonly bins?: number | Tensor }),
  options: HistogramOptions = {},
): Histogram {
  const own = isOptions<{ readonly bins?: number | Tensor }>(bins) ? (bins.bins ?? 100) : bins;
  const given: HistogramOptions = optionsIn(bins, options);
  const weight = given.weight?.reshape([-1]) ?? null;
  const { hist, binEdges } = histogramOf("histogram", x.reshape([-1, 1]), [own], { ...given, weight });
  return { hist, binEdges: binEdges[0]! };
}

/** histogram() of points [.., D] in D dimensions. */
export function histogramdd(
  x: Tensor,
  bins: number | readonly (number | Tensor)[],
  options: HistogramOptions = {},
): { readonly hist: Tensor; readonly binEdges: readonly Tensor[] } {
  const D = x.shape.at(-1) ?? 0;
  const each = typeof bins === "number" ? new Array<number>(D).fill(bins) : bins;
  if (x.ndim < 2 || each.length !== D) {
    throw new ShapeError("histogramdd", [x.shape], `${each.length} bins for points of ${D} coordinates`);
  }
  const count = numel(x.shape.slice(0, -1));
  return histogramOf("histogramdd", x.reshape([count, D]), each, options);
}

function histogramOf(
  op: string,
  points: Tensor,
  bins: readonly (number | Tensor)[],
  { range, weight, density }: HistogramOptions,
): { hist: Tensor; binEdges: Tensor[] } {
  checkTensor(op, points);
  const [N, D] = points.shape as [number, number];
  if (range && range.length !== 2 * D) throw new ShapeError(op, [points.shape], `range must have ${2 * D} numbers`);
  const columns = bins.map((_, d) => points.detach().select(1, d).contiguous());
  const binEdges = bins.map((own, d) => {
    if (typeof own === "object") return own.detach();
    checkWhole(op, { bins: own }, 1);
    return edgesOf(columns[d]!, own, range ? [range[2 * d]!, range[2 * d + 1]!] : undefined);
  });
  const sizes = binEdges.map((edges) => edges.shape[0]! - 1);
  let index = zeros([N], { dtype: "int32" });
  let isInside = ones([N], { dtype: "bool" });
  columns.forEach((column, d) => {
    const edges = binEdges[d]!;
    const size = sizes[d]!;
    const position = searchsorted(edges, column, { right: true })
      .sub(1)
      .clamp(0, size - 1);
    isInside = isInside.logicalAnd(column.ge(edges.select(0, 0))).logicalAnd(column.le(edges.select(0, size)));
    index = index.mul(size).add(position);
  });
  const each = weight ? weight.detach().reshape([N]).to(points.dtype) : ones([N], { dtype: points.dtype });
  const hist = counted(index, isInside, numel(sizes), each).reshape(sizes);
  return { hist: density === true ? dense(hist, binEdges) : hist, binEdges };
}

/** Divided by the total and by the volume of each bin. */
function dense(hist: Tensor, binEdges: readonly Tensor[]): Tensor {
  return binEdges.reduce((all, edges, d) => {
    const size = edges.shape[0]! - 1;
    const widths = edges.narrow(0, 1, size).sub(edges.narrow(0, 0, size));
    return all.div(widths.reshape([size, ...new Array<number>(hist.ndim - d - 1).fill(1)]));
  }, hist.div(hist.sum()));
}

/** The sum of the weights at each index; elements that are not inside go to a place of their own, which is left out. */
function counted(index: Tensor, isInside: Tensor, size: number, weights: Tensor): Tensor {
  const kept = index.where(isInside, size);
  return weights
    .indexSum(kept, { dim: 0, size: size + 1 })
    .narrow(0, 0, size)
    .contiguous();
}

/** The ends of a range: the one given, or the elements', `margin` further where they are all equal. */
function ends(x: Tensor, range: readonly [number, number] | undefined, margin: number): [low: Tensor, high: Tensor] {
  if (range !== undefined) return [fromData(range[0]), fromData(range[1])];
  if (x.numel() === 0) return [fromData(0), fromData(1)];
  const [low, high] = [x.amin(), x.amax()];
  const room = low.eq(high).to("float32").mul(margin);
  return [low.sub(room), high.add(room)];
}

/** The edges of equal bins, from both ends towards the middle, so that the last one is exact. */
function edgesOf(x: Tensor, bins: number, range: readonly [number, number] | undefined): Tensor {
  const [low, high] = ends(x, range && range[0] !== range[1] ? range : undefined, 0.5);
  const step = high.sub(low).div(bins);
  const at = arange(bins + 1, { dtype: "float32" });
  const isFirstHalf = fromHost(
    Uint8Array.from({ length: bins + 1 }, (_, i) => Number(2 * i < bins + 1)),
    [bins + 1],
    "bool",
  );
  return low.add(step.mul(at)).where(isFirstHalf, high.sub(step.mul(at.neg().add(bins))));
}
