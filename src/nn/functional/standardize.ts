// What normalizations by mean and variance share.

import { autocastDType } from "../../autograd/autocast.js";
import { formatShape, ShapeError } from "../../core/errors.js";
import { checkOptionsIn } from "../../core/options.js";
import { sameShape } from "../../core/shape.js";
import { layerNorm as layerNormOp } from "../../ops/layer-norm.js";
import { assertFloat } from "../../ops/pointwise.js";
import { apply, type Tensor } from "../../tensor/tensor.js";

export interface NormOptions {
  readonly weight?: Tensor | null;
  readonly bias?: Tensor | null;
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number | null;
}

/**
 * Weight and bias by position, or among the options in their place.
 * @param known - names of options beside weight, bias and eps
 */
export function affine<Options extends NormOptions>(
  op: string,
  weight: Tensor | null | undefined | Options,
  bias: Tensor | null | undefined,
  options: Options,
  known: readonly (keyof Options & string)[] = [],
): Options {
  const given = checkOptionsIn(op, weight, options, ["weight", "bias", "eps", ...known]);
  return given === weight ? given : { weight: weight as Tensor, bias, ...given };
}

/** Throws unless x is floating point and weight and bias have the shape. */
export function checkAffine(op: string, x: Tensor, { weight, bias }: NormOptions, shape: readonly number[]): void {
  assertFloat(op, "x", x);
  for (const [name, tensor] of Object.entries({ weight, bias })) {
    if (!tensor || sameShape(tensor.shape, shape)) continue;
    throw new ShapeError(op, [x.shape, tensor.shape], `the ${name} must be ${formatShape(shape)}`);
  }
}

/**
 * By the statistics of each row of x, seen as [N, groups, channels, places], of which [channels, places] is a row. Weight
 * and bias have a number for each channel of each group. float16 is computed as float32.
 */
export function standardized(
  x: Tensor,
  shape: readonly [N: number, groups: number, channels: number, places: number],
  { weight, bias, eps }: NormOptions,
): Tensor {
  const [scale, shift] = [weight ? weight.to("float32") : 1, bias ? bias.to("float32") : 0];
  const attributes = { eps: eps ?? 1e-5, hasWeight: Boolean(weight), hasBias: Boolean(bias) };
  const rows = x.to("float32").reshape(shape);
  return apply(layerNormOp, [rows, scale, shift], attributes)
    .reshape(x.shape)
    .asBase()
    .to(autocastDType("layerNorm") ?? x.dtype);
}

/** Mean and biased variance, in two passes: no cancellation however large the mean is. */
export function moments(x: Tensor, dims: readonly number[]): [mean: Tensor, variance: Tensor] {
  const mean = x.mean(dims, { keepdim: true });
  return [mean, x.sub(mean).square().mean(dims, { keepdim: true })];
}
