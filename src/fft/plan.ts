// What a transform is to do, from its options: along which dimensions, how many points, scaled by what; and the three kinds
// of transforms, of complex numbers, of real ones, and back to real ones.

import { checkChoice, checkTensor, checkWhole } from "../core/check.js";
import { formatShape, OutOfRangeError, ShapeError, TapegradError } from "../core/errors.js";
import { normalizeDim } from "../core/shape.js";
import { tensor } from "../tensor/create.js";
import type { Dims, Tensor } from "../tensor/tensor.js";
import { type Complex, dft, map, type Parts, resized, type Sign } from "./dft.js";

/** Which direction is divided by the number of points: "backward" (the default), "forward", or "ortho": both by its root. */
export type Norm = "backward" | "ortho" | "forward";

/** Numbers to transform: real, or complex as a pair of real tensors. */
export type Signal = Tensor | Complex;

export interface Plan {
  readonly parts: Parts;
  readonly dims: readonly number[];
  /** Points along each: of the signal, not of its half spectrum. */
  readonly sizes: readonly number[];
  readonly norm: Norm;
}

interface PlanOptions {
  readonly s?: Dims | null | undefined;
  readonly dim?: Dims | null | undefined;
  readonly norm?: Norm | null | undefined;
  /** Whether the signal is given by half of its spectrum, n / 2 + 1 points. */
  readonly isHalf?: boolean;
}

/** @throws OutOfRangeError for a dimension that is not there or named twice, or for no points at all */
export function planOf(op: string, signal: Signal, options: PlanOptions): Plan {
  const { norm, isHalf = false } = options;
  const [s, dim] = [options.s, options.dim].map((list) => (typeof list === "number" ? [list] : list));
  const parts = partsOf(op, signal);
  const { shape, ndim } = parts.real;
  const names = dim ?? Array.from({ length: s?.length ?? ndim }, (_, i) => i - (s?.length ?? ndim));
  const dims = names.map((d) => normalizeDim(op, d, ndim));
  if (new Set(dims).size < dims.length)
    throw new OutOfRangeError(op, `dimensions ${formatShape(names)} name one dimension twice`);
  if (dims.length === 0) throw new ShapeError(op, [shape], "there is no dimension to transform");
  if (s && s.length !== dims.length)
    throw new ShapeError(op, [shape], `there are ${s.length} sizes for ${dims.length} dimensions`);
  const sizes = dims.map((d, i) => {
    const given = s?.[i] ?? -1;
    if (given !== -1) return given;
    return isHalf && i === dims.length - 1 ? 2 * (shape[d]! - 1) : shape[d]!;
  });
  checkWhole(op, { "the number of points": sizes }, 1);
  if (norm) checkChoice(op, "norm", norm, ["backward", "ortho", "forward"]);
  return { parts, dims, sizes, norm: norm ?? "backward" };
}

function partsOf(op: string, signal: Signal): Parts {
  const isPair = typeof signal === "object" && signal !== null && "imag" in signal && "real" in signal;
  const { real, imag }: Parts = isPair ? signal : { real: signal, imag: undefined };
  const wanted = "a tensor, or { real, imag }";
  checkTensor(op, real, wanted);
  if (imag === undefined) return { real: real.to("float32"), imag };
  checkTensor(op, imag, wanted);
  if (`${real.shape}` !== `${imag.shape}`)
    throw new ShapeError(op, [real.shape, imag.shape], "the parts differ in shape");
  return { real: real.to("float32"), imag: imag.to("float32") };
}

/** Complex to complex. */
export function transform(plan: Plan, sign: Sign): Complex {
  return scaled(along(plan.parts, plan, plan.dims.length, sign), plan, sign);
}

/** Real to half of a spectrum, whose other half is its mirror: n / 2 + 1 points along the last of the dimensions. */
export function transformReal(op: string, plan: Plan, sign: Sign): Complex {
  if (plan.parts.imag !== undefined) throw new TapegradError(op, "takes real numbers, got { real, imag }");
  const last = plan.dims.length - 1;
  const [dim, n] = [plan.dims[last]!, plan.sizes[last]!];
  const half = map(dft(plan.parts, dim, n, sign), (x) => x.narrow(dim, 0, Math.floor(n / 2) + 1));
  return scaled(along(half, plan, last, sign), plan, sign);
}

/** Half of a spectrum to real. Of the sum over all points those that are given twice, as mirror images, count double. */
export function transformHalf(plan: Plan, sign: Sign): Tensor {
  const last = plan.dims.length - 1;
  const [dim, n] = [plan.dims[last]!, plan.sizes[last]!];
  const count = Math.floor(n / 2) + 1;
  const weights = tensor(Array.from({ length: count }, (_, k) => (k === 0 || 2 * k === n ? 1 : 2)));
  const column = weights.reshape(plan.parts.real.shape.map((_, d) => (d === dim ? count : 1)));
  const half = map(last === 0 ? plan.parts : along(plan.parts, plan, last, sign), (x) => {
    return resized(x, dim, count).mul(column);
  });
  return dft(half, dim, n, sign).real.mul(scaleOf(plan, sign));
}

/** Along the first `count` of the dimensions. */
function along(parts: Parts, { dims, sizes }: Plan, count: number, sign: Sign): Complex {
  let result = parts;
  for (let i = 0; i < count; i++) result = dft(result, dims[i]!, sizes[i]!, sign);
  return result as Complex; // a transform, or the imaginary part of what it was given, makes one
}

function scaled(result: Complex, plan: Plan, sign: Sign): Complex {
  const scale = scaleOf(plan, sign);
  return scale === 1 ? result : map(result, (x) => x.mul(scale));
}

function scaleOf({ sizes, norm }: Plan, sign: Sign): number {
  const count = sizes.reduce((a, b) => a * b, 1);
  if (norm === "ortho") return 1 / Math.sqrt(count);
  return (norm === "forward") === (sign === -1) ? 1 / count : 1;
}
