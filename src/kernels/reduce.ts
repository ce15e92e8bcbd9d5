// Reductions over any dimensions, with a fused pointwise prologue, in one stage or two.

import type { DType } from "../core/dtype.js";
import { numel, type Shape } from "../core/shape.js";
import { NDArray } from "./array.js";
import { inFrame } from "./frame.js";
import { Fusion } from "./pointwise/fusion.js";
import { inMemory, storing } from "./pointwise/launch.js";
import { countComputations, countLeaves, type Trace, trace } from "./pointwise/trace.js";
import { bitsOf, combinedAs, identityOf, type Reduction, type Stage, sourceOf } from "./reduce-source.js";
import { chooseWay, columnsOf, isByFours, lanesOf, segmentsOf } from "./reduce-way.js";

export interface ReduceOptions {
  /** Shape of the result: x's without the reduced dimensions, or with size 1 in their place. */
  readonly shape: Shape;
  /** Floating-point sums are multiplied by it: 1 / count makes a mean. Default 1. */
  readonly scale?: number;
  /** Of the result: x's, or where x holds float16 as float32, float16. Default: x's. */
  readonly dtype?: DType;
}

/** Combines the elements along `dims` (ascending). Launched when needed. */
export function reduce(
  kind: Reduction,
  x: NDArray,
  dims: readonly number[],
  { shape, scale = 1, dtype = x.dtype }: ReduceOptions,
): NDArray {
  const { device } = x;
  if (numel(x.shape) === 0) return NDArray.constant(identityOf(kind, dtype), dtype, shape, device);
  const isColumnSums =
    kind === "sum" && scale === 1 && dims.length === x.shape.length - 1 && dims.at(-1) !== dims.length;
  return NDArray.deferred(dtype, shape, {
    inputs: [x],
    buffers: countLeaves([x]),
    launch: (epilogue) => launch(kind, x, dims, scale, dtype, epilogue),
    isColumnSums,
  });
}

/**
 * The sums along `dims` of several float32 recipes of one shape, in one kernel that reads what they share once, or in two:
 * [recipes, ...shape]. Launched at once.
 */
export function sums(xs: readonly [NDArray, ...NDArray[]], dims: readonly number[], shape: Shape): NDArray {
  const [{ device, dtype, shape: from }] = xs;
  const all = [xs.length, ...shape];
  if (numel(from) === 0) return NDArray.constant(0, dtype, all, device);
  const plan = planOf(xs, inMemory(xs), dims);
  const y = NDArray.empty(dtype, [xs.length, ...plan.partial], device);
  run(plan, { kind: "sum", scale: 1, result: dtype, epilogue: storing(y) });
  return plan.segments === 1 ? y.reshape(all) : reduce("sum", y, [plan.dim + 1], { shape: all });
}

function launch(
  kind: Reduction,
  x: NDArray,
  dims: readonly number[],
  scale: number,
  result: DType,
  epilogue: Fusion,
): void {
  const plan = planOf([x], trace([x]), dims);
  if (plan.segments === 1) {
    run(plan, { kind, scale, result, epilogue });
    return;
  }
  inFrame(() => {
    // First the segments, each by itself; then the results of the segments.
    const y = NDArray.empty(combinedAs(x.dtype), plan.partial, x.device);
    run(plan, { kind, scale: 1, result: y.dtype, epilogue: storing(y) });
    launch(kind, y, [plan.dim], scale, result, epilogue);
    return undefined;
  });
}

/** How a reduction is cut, and what comes of its segments. */
interface Plan extends Pick<Stage, "xs" | "way" | "prologue" | "segments" | "byFours"> {
  /** How many elements or vectors are kept, and how many reduced. */
  readonly kept: number;
  readonly reduced: number;
  /** Shape of the segments' results, and the dimension along the segments. */
  readonly partial: Shape;
  readonly dim: 0 | 1;
}

function planOf(xs: Stage["xs"], traced: Trace, dims: readonly number[]): Plan {
  const [{ shape, device }] = xs;
  const keptDims = shape.map((_, d) => d).filter((d) => !dims.includes(d));
  const way = chooseWay(device, shape, dims);
  const groups = way === "columns" ? [dims, keptDims] : [keptDims, dims];
  countComputations(traced, []);
  const prologue = new Fusion({ trace: traced, shape, groups, vectors: true, prefix: "q" });
  const [first, second] = prologue.extents as [number, number];
  const [kept, reduced] = way === "columns" ? [second, first] : [first, second];
  const segments = segmentsOf(device, way, kept, reduced);
  const dim = way === "workgroup per row" ? 1 : 0;
  const results = way === "columns" ? kept * prologue.width : kept;
  const byFours = prologue.isPlain && isByFours(device, way, numel(shape));
  return { xs, way, prologue, segments, byFours, kept, reduced, dim, partial: [results, results].with(dim, segments) };
}

function run(plan: Plan, what: Pick<Stage, "kind" | "scale" | "result" | "epilogue">): void {
  const { xs, way, prologue, segments, byFours, kept, reduced } = plan;
  const { kind, scale, result, epilogue } = what;
  const [{ device, dtype }] = xs;
  const columns = columnsOf(device, way, kept, segments);
  const width = lanesOf(device, way);
  const key = `${way} ${width} ${kind} ${xs.map((x) => `${x.dtype} ${prologue.nameOf(x)}`)} ${result} ${prologue.key} > ${epilogue.key} ${columns} ${byFours}`;
  const kernel = device.kernel(key, () => sourceOf({ ...plan, ...what }, columns));
  const identity = bitsOf(identityOf(kind, dtype), dtype);
  const params = [kept, reduced, segments, Math.ceil(reduced / segments), identity, scale];
  const lanes = (kept * segments) / columns;
  const workgroups = way === "workgroup per row" ? lanes : Math.ceil(lanes / width);
  const blocks = [...prologue.blocks, ...epilogue.blocks];
  device.launch(kernel, [...params, ...prologue.values, ...epilogue.values], blocks, workgroups);
}
