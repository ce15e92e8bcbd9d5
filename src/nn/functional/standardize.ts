// What normalizations by mean and variance share.

import { noGrad } from "../../autograd/modes.js";
import { formatShape, ShapeError } from "../../core/errors.js";
import { isOptions } from "../../core/options.js";
import { sameShape } from "../../core/shape.js";
import { normalize as normalizeOp } from "../../ops/normalization.js";
import { assertFloat } from "../../ops/pointwise.js";
import { apply, type Tensor } from "../../tensor/tensor.js";

export interface NormOptions {
  readonly weight?: Tensor | null;
  readonly bias?: Tensor | null;
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number | null;
}

/** Weight and bias by position, or among the options in their place. */
export function affine<Options extends NormOptions>(
  weight: Tensor | null | undefined | Options,
  bias: Tensor | null | undefined,
  options: Options,
): Options {
  return isOptions<Options>(weight) ? weight : { weight, bias, ...options };
}

/** Throws unless x is floating point and weight and bias have the shape. */
export function checkAffine(op: string, x: Tensor, { weight, bias }: NormOptions, shape: readonly number[]): void {
  assertFloat(op, "x", x);
  for (const [name, tensor] of Object.entries({ weight, bias })) {
    if (!tensor || sameShape(tensor.shape, shape)) continue;
    throw new ShapeError(op, [x.shape, tensor.shape], `the ${name} must be ${formatShape(shape)}`);
  }
}

/** By statistics of x itself. float16 is computed as float32. */
export function standardized(
  x: Tensor,
  dims: readonly number[],
  weight: Tensor | null | undefined,
  bias: Tensor | null | undefined,
  eps: number | null | undefined,
): Tensor {
  const wide = x.to("float32");
  const [mean, variance] = noGrad(() => moments(wide, dims));
  const attributes = { dims, eps: eps ?? 1e-5, isOwnStatistics: true };
  const [scale, shift] = [weight?.to("float32") ?? 1, bias?.to("float32") ?? 0];
  return apply(normalizeOp, [wide, mean, variance, scale, shift], attributes).to(x.dtype);
}

/** Mean and biased variance, in two passes: no cancellation however large the mean is. */
export function moments(x: Tensor, dims: readonly number[]): [mean: Tensor, variance: Tensor] {
  const mean = x.mean(dims, { keepdim: true });
  return [mean, x.sub(mean).square().mean(dims, { keepdim: true })];
}
