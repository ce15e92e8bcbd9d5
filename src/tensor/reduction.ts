// What reductions do before and after their op: arguments in either form, dtypes, results of two parts.

import { isTensor } from "../core/check.js";
import { type DType, isFloatingPoint } from "../core/dtype.js";
import { ShapeError, TapegradError } from "../core/errors.js";
import { checkOptions, checkOptionsIn, type Optional, optional, optionsIn } from "../core/options.js";
import { normalizeDim, normalizeDims, reduceShape } from "../core/shape.js";
import * as extremes from "../ops/extremes.js";
import type { ReductionAttributes } from "../ops/reduction.js";
import * as reduction from "../ops/reduction.js";
import { vectorNorm as vectorNormOp } from "../ops/vector-norm.js";
import type { TensorBase } from "./base.js";
import { apply } from "./construct.js";
import type { ValuesAndIndices } from "./sorting.js";
import type { Dims, KeepdimOptions, ReductionOptions, Tensor } from "./tensor.js";

/** `dim` by position or among the options. */
export type GivenDims = Optional<"dim", Dims>;

/** What some reduction or other takes. */
const REDUCTION_OPTIONS = ["dim", "keepdim", "dtype", "correction", "unbiased"] as const;
type AnyOptions = KeepdimOptions & { readonly [N in "dim" | "dtype" | "correction" | "unbiased"]?: unknown };

/** The dimensions an operation reduces, and the shape of its result. */
export function over(
  { shape }: TensorBase,
  op: string,
  given: GivenDims | undefined,
  options: KeepdimOptions,
): ReductionAttributes {
  const { keepdim } = checkOptionsIn<AnyOptions>(op, given, options, REDUCTION_OPTIONS);
  const dims = normalizeDims(op, optional<"dim", Dims | undefined>(given, "dim", undefined), shape.length);
  return { dims, shape: reduceShape(shape, dims, keepdim ?? false), op };
}

/**
 * A sum, product or scan in the dtype PyTorch computes it in: integers and bools in int32 unless told otherwise.
 * @param dtype - what x is converted to first, and what the result is
 */
export function accumulate(x: Tensor, dtype: DType | null | undefined, compute: (x: Tensor) => Tensor): Tensor {
  const target = dtype ?? (isFloatingPoint(x.dtype) ? x.dtype : "int32");
  const converted = x.to(target);
  return isFloatingPoint(target) ? compute(converted) : compute(converted.to("int32")).to(target);
}

export function sum(x: Tensor, given: GivenDims | undefined, options: ReductionOptions): Tensor {
  const attributes = over(x, "sum", given, options);
  return accumulate(x, optionsIn(given, options).dtype, (y) => apply(reduction.sum, [y], attributes));
}

export function prod(x: Tensor, given: GivenDims | undefined, options: ReductionOptions): Tensor {
  const attributes = over(x, "prod", given, options);
  return accumulate(x, optionsIn(given, options).dtype, (y) => apply(reduction.prod, [y], attributes));
}

export function mean(x: Tensor, given: GivenDims | undefined, options: ReductionOptions): Tensor {
  const attributes = over(x, "mean", given, options);
  return apply(reduction.mean, [x.to(optionsIn(given, options).dtype ?? x.dtype)], attributes);
}

/** The largest or smallest element over dimensions; of bools, whether any or all are true. */
export function extreme(op: "max" | "min" | "amax" | "amin", x: Tensor, attributes: ReductionAttributes): Tensor {
  const find = op.endsWith("max") ? extremes.amax : extremes.amin;
  const numbers = x.dtype === "bool" ? x.to("uint8") : x;
  return apply(find, [numbers], { ...attributes, op }).to(x.dtype);
}

/** The largest or smallest elements along a dimension and their first indices; the gradient goes to those alone. */
function extremum(
  op: "max" | "min",
  x: Tensor,
  given: Optional<"dim", number>,
  options: KeepdimOptions,
): ValuesAndIndices {
  const dim = normalizeDim(op, optional<"dim", number>(given, "dim", 0), x.ndim);
  const own = checkOptionsIn<KeepdimOptions & { dim?: number }>(op, given, options, ["dim", "keepdim"]);
  const find = `arg${op}` as const;
  const numbers = x.dtype === "bool" ? x.to("uint8") : x;
  if (x.ndim === 0) return { values: x.clone(), indices: numbers[find]() };
  if (x.shape[dim] === 0) throw new ShapeError(op, [x.shape], `dimension ${dim} is empty`);
  return pick(x, dim, numbers[find](dim, { keepdim: true }), own);
}

/** One of three: with nothing the extreme element, with a dimension those along it, with a tensor the elementwise extreme. */
export function maxOrMin(
  op: "max" | "min",
  x: Tensor,
  given: Optional<"dim", number> | Tensor | undefined,
  options: KeepdimOptions,
): Tensor | ValuesAndIndices {
  if (given === undefined) return extreme(op, x, over(x, op, undefined, {}));
  if (isTensor(given)) return x[`${op}imum`](given as Tensor);
  return extremum(op, x, given, options);
}

/** The elements at one position per row. */
export function pick(x: Tensor, dim: number, indices: Tensor, { keepdim }: KeepdimOptions): ValuesAndIndices {
  if (x.ndim === 0) return { values: x.clone(), indices };
  const values = x.gather(dim, indices);
  if (keepdim) return { values, indices };
  return { values: values.squeeze(dim).asBase(), indices: indices.squeeze(dim).asBase() };
}

/** Whether all or any elements are nonzero: bool; of uint8, uint8, as in PyTorch. */
export function truth(op: "all" | "any", x: Tensor, given: GivenDims | undefined, options: KeepdimOptions): Tensor {
  const found = apply(op === "all" ? reduction.all : reduction.any, [x.ne(0).to("uint8")], over(x, op, given, options));
  return x.dtype === "uint8" ? found : found.to("bool");
}

export interface NormOptions extends ReductionOptions {
  readonly dim?: Dims | null;
}

/** What norms take; some call their order p, some ord. */
const NORM_OPTIONS = ["dim", "keepdim", "dtype", "p", "ord"] as const;

export type Order = number | "fro" | "nuc";

type Nuclear = (x: Tensor, options: NormOptions) => Tensor;
let nuclear: Nuclear | undefined;

/** @internal src/linalg, which is above this file, says what the nuclear norm is: whoever does not use it need not load it. */
export function nuclearWith(compute: Nuclear): void {
  nuclear = compute;
}

/** The vector norm over dimensions; "fro" is p = 2. "nuc" is the sum of singular values of matrices. */
export function norm(op: string, x: Tensor, p: Order, options: NormOptions): Tensor {
  const {
    dim,
    keepdim = false,
    dtype,
  } = checkOptions<NormOptions & { p?: unknown; ord?: unknown }>(op, options, NORM_OPTIONS);
  if (p === "nuc") {
    if (nuclear !== undefined) return nuclear(x.to(dtype ?? x.dtype), { dim: dim ?? null, keepdim });
    throw new TapegradError(op, 'the nuclear norm is in linalg, which is not loaded: use linalg.matrixNorm(x, "nuc")');
  }
  const attributes = over(x, op, dim, { keepdim });
  const operand = x.to(dtype ?? x.dtype);
  // Of one element the norm is its size: exactly, where powers and roots would round.
  const isSize = p !== 0 && isFloatingPoint(operand.dtype) && attributes.dims.every((d) => x.shape[d] === 1);
  if (isSize) return operand.abs().reshape(attributes.shape).asBase();
  return apply(vectorNormOp, [operand], { ...attributes, p: p === "fro" ? 2 : p });
}

/** The norm as torch.linalg has it: of nothing there is none that is not a sum. */
export function vectorNorm(op: string, x: Tensor, p: number, options: NormOptions): Tensor {
  const { dims } = over(x, op, options.dim, {});
  if ((p < 0 || p === Number.POSITIVE_INFINITY) && dims.some((d) => x.shape[d] === 0)) {
    throw new ShapeError(op, [x.shape], `there is no norm of order ${p} of nothing`);
  }
  return norm(op, x, p, options);
}
