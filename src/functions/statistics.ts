// Statistics over dimensions that are rarer than the methods.

import { isFloatingPoint } from "../core/dtype.js";
import { ShapeError } from "../core/errors.js";
import { isOptions } from "../core/options.js";
import { type GivenDims, norm, over } from "../tensor/reduction.js";
import { deviation, type VarianceOptions, variance } from "../tensor/statistics.js";
import type { Dims, KeepdimOptions, ReductionOptions, Tensor } from "../tensor/tensor.js";

type DimsAnd<Options> = Dims | (Options & { readonly dim?: Dims | null }) | null;

/** The standard deviation and the mean over dimensions: x.std() and x.mean(). */
export function stdMean(x: Tensor, dim?: DimsAnd<VarianceOptions>, options: VarianceOptions = {}): [Tensor, Tensor] {
  return [deviation("stdMean", x, dim, options), meanOver("stdMean", x, dim, options)];
}

/** The variance and the mean over dimensions: x.var() and x.mean(). */
export function varMean(x: Tensor, dim?: DimsAnd<VarianceOptions>, options: VarianceOptions = {}): [Tensor, Tensor] {
  return [variance("varMean", x, dim, options), meanOver("varMean", x, dim, options)];
}

function meanOver(op: string, x: Tensor, dim: GivenDims | undefined, options: KeepdimOptions): Tensor {
  const { keepdim = false } = isOptions<KeepdimOptions>(dim) ? dim : options;
  return x.mean(over(x, op, dim, options).dims, { keepdim });
}

/** The smallest and the largest element, of all or along a dimension. */
export function aminmax(
  x: Tensor,
  { dim, keepdim = false }: { readonly dim?: number | null; readonly keepdim?: boolean } = {},
): { min: Tensor; max: Tensor } {
  const { shape } = over(x, "aminmax", dim, { keepdim });
  const asKept = x.ndim === 0 && keepdim && typeof dim === "number" ? [1] : shape; // as in PyTorch
  return { min: x.amin(dim, { keepdim }).reshape(asKept), max: x.amax(dim, { keepdim }).reshape(asKept) };
}

/** How many elements are not zero, over dimensions: int32. */
export function countNonzero(x: Tensor, dim?: DimsAnd<object>): Tensor {
  return x.ne(0).sum(over(x, "countNonzero", dim, {}).dims);
}

/** The sum of the elements that are not NaN. */
export function nansum(x: Tensor, dim?: DimsAnd<ReductionOptions>, options: ReductionOptions = {}): Tensor {
  return (isFloatingPoint(x.dtype) ? x.where(x.isnan().logicalNot(), 0) : x).sum(dim, options);
}

/** The mean of the elements that are not NaN; NaN where there are none. */
export function nanmean(x: Tensor, dim?: DimsAnd<ReductionOptions>, options: ReductionOptions = {}): Tensor {
  const { keepdim = false } = isOptions<ReductionOptions>(dim) ? dim : options;
  const { dims } = over(x, "nanmean", dim, options);
  return nansum(x, dim, options).div(x.isnan().logicalNot().sum(dims, { keepdim }));
}

/** The p-norm of x - other, which broadcast. */
export function dist(x: Tensor, other: Tensor, { p = 2 }: { readonly p?: number } = {}): Tensor {
  return norm("dist", x.sub(other), p, {});
}

/** The sum of the diagonal of a matrix. */
export function trace(x: Tensor): Tensor {
  if (x.ndim !== 2) throw new ShapeError("trace", [x.shape], "needs a matrix");
  const [rows, columns] = x.shape as readonly [number, number];
  const diagonal = { dim: 0, start: 0, length: Math.min(rows, columns), step: columns + 1 };
  return x
    .reshape([rows * columns])
    .sliced(diagonal)
    .sum();
}

/** Slices along `dim` whose p-norm exceeds `maxnorm`, scaled down to it. */
export function renorm(x: Tensor, p: number, dim: number, maxnorm: number): Tensor {
  const { dims } = over(x, "renorm", dim, {});
  const others = x.shape.map((_, d) => d).filter((d) => !dims.includes(d));
  const length = norm("renorm", x, p, { dim: others, keepdim: true });
  // 1e-7 is PyTorch's.
  return x.mul(length.add(1e-7).reciprocal().mul(maxnorm).where(length.gt(maxnorm), 1));
}

export interface CovarianceOptions {
  /** What is subtracted from the number of observations in the divisor. Default 1. */
  readonly correction?: number;
  /** How often each observation counts: int32 [N]. */
  readonly fweights?: Tensor | null;
  /** How much each observation counts: [N]. */
  readonly aweights?: Tensor | null;
}

/** The covariance matrix of variables in rows with observations in columns: [V, N] -> [V, V]; of one variable a number. */
export function cov(x: Tensor, { correction = 1, fweights, aweights }: CovarianceOptions = {}): Tensor {
  if (x.ndim > 2) throw new ShapeError("cov", [x.shape], "needs variables in rows, observations in columns: [V, N]");
  const rows = x.ndim < 2 ? x.reshape([1, x.numel()]) : x;
  const values = isFloatingPoint(rows.dtype) ? rows : rows.to("float32");
  const N = rows.shape[1]!;
  const weights = fweights && aweights ? aweights.mul(fweights) : (fweights ?? aweights ?? undefined);
  const total = weights?.sum() ?? N;
  const centred = values.sub((weights ? values.mul(weights) : values).sum(1, { keepdim: true }).div(total));
  const product = (weights ? centred.mul(weights) : centred).matmul(centred.mT);
  return product.div(divisor()).squeeze().asBase();

  function divisor(): Tensor | number {
    if (typeof total === "number" || weights === undefined) return Math.max(N - correction, 0);
    const lost = aweights ? weights.mul(aweights).sum().div(total).mul(correction) : correction;
    const left = total.sub(correction === 0 ? 0 : lost);
    return left.where(left.gt(0), 0);
  }
}

/** The matrix of correlation coefficients of variables in rows: cov(x) over the product of standard deviations. */
export function corrcoef(x: Tensor): Tensor {
  const c = cov(x);
  if (c.ndim === 0) return c.div(c);
  const V = c.shape[0]!;
  const deviations = c
    .reshape([V * V])
    .sliced({ dim: 0, start: 0, length: V, step: V + 1 })
    .sqrt();
  return c.div(deviations.unsqueeze(1)).div(deviations).clamp(-1, 1);
}
