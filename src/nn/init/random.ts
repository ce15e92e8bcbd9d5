// First values drawn from a distribution that is given.

import { describe } from "../../core/check.js";
import { OutOfRangeError } from "../../core/errors.js";
import { named } from "../../core/options.js";
import { erfinv } from "../../functions/elementary.js";
import { tensor as tensorOf } from "../../tensor/create.js";
import { rand, randn } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";
import { checkFillable, filled, fromGenerator, type GeneratorOptions } from "./filled.js";

/** The ends of a uniform distribution. */
export interface UniformOptions extends GeneratorOptions {
  /** Default 0. */
  readonly a?: number;
  /** Default 1. */
  readonly b?: number;
}

/** Uniform in [a, b), which may also stand by position. */
export function uniform_<T extends Tensor>(tensor: T, a?: number | UniformOptions | null, b?: number): T {
  checkFillable("uniform_", tensor);
  const options = named<UniformOptions>(a, "a");
  const [from, to] = [options.a ?? 0, options.b ?? b ?? 1];
  return filled(tensor, () =>
    rand(tensor.shape, fromGenerator(options))
      .mul(to - from)
      .add(from),
  );
}

/** Mean and standard deviation of a normal distribution. */
export interface NormalOptions extends GeneratorOptions {
  /** Default 0. */
  readonly mean?: number;
  /** Default 1. */
  readonly std?: number;
}

/** Normal with mean and standard deviation std, which may also stand by position. */
export function normal_<T extends Tensor>(tensor: T, mean?: number | NormalOptions | null, std?: number): T {
  checkFillable("normal_", tensor);
  const options = named<NormalOptions>(mean, "mean");
  const [centre, width] = [options.mean ?? 0, options.std ?? std ?? 1];
  return filled(tensor, () => randn(tensor.shape, fromGenerator(options)).mul(width).add(centre));
}

/** A normal distribution, and the ends at which it is cut off. */
export interface TruncNormalOptions extends NormalOptions {
  /** Default -2; not in standard deviations. */
  readonly a?: number;
  /** Default 2. */
  readonly b?: number;
}

/**
 * Normal with mean and std, but within [a, b], which may all stand by position: the inverse of the distribution's integral
 * at numbers that are uniform between its values at a and b.
 */
export function truncNormal_<T extends Tensor>(
  tensor: T,
  mean?: number | TruncNormalOptions | null,
  std?: number,
  a?: number,
  b?: number,
): T {
  checkFillable("truncNormal_", tensor);
  const options = named<TruncNormalOptions>(mean, "mean");
  const [centre, width] = [options.mean ?? 0, options.std ?? std ?? 1];
  const [least, greatest] = [options.a ?? a ?? -2, options.b ?? b ?? 2];
  if (!(least < greatest))
    throw new OutOfRangeError("truncNormal_", `a must be below b, got ${describe(least)} and ${describe(greatest)}`);
  return filled(tensor, () => {
    const [low, high] = [least, greatest].map((end) => tensorOf((end - centre) / (width * Math.SQRT2)).erf()) as [
      Tensor,
      Tensor,
    ]; // 2 P(end) - 1
    const at = rand(tensor.shape, fromGenerator(options)).mul(high.sub(low)).add(low);
    return erfinv(at)
      .mul(width * Math.SQRT2)
      .add(centre)
      .clamp(least, greatest);
  });
}

/** The standard deviation of the numbers that are not zero. */
export interface SparseOptions extends GeneratorOptions {
  /** Default 0.01. */
  readonly std?: number;
}

/**
 * A matrix with ceil(sparsity rows) zeros in each column, at random places; the others are normal with standard deviation
 * std. (Martens, "Deep learning via Hessian-free optimization", 2010.)
 * @param sparsity - the share of zeros, 0 to 1
 */
export function sparse_<T extends Tensor>(tensor: T, sparsity: number, std?: number | SparseOptions | null): T {
  checkFillable("sparse_", tensor, 2);
  if (!(sparsity >= 0 && sparsity <= 1))
    throw new OutOfRangeError("sparse_", `sparsity must be from 0 to 1, got ${describe(sparsity)}`);
  const options = named<SparseOptions>(std, "std");
  const zeros = Math.ceil(sparsity * tensor.shape[0]!);
  return filled(tensor, () => {
    const ranks = rand(tensor.shape, fromGenerator(options)).argsort(0).argsort(0); // each column is a random order of its rows
    return randn(tensor.shape, fromGenerator(options))
      .mul(options.std ?? 0.01)
      .maskedFill(ranks.lt(zeros), 0);
  });
}
