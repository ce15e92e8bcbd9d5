// Transforms along several dimensions.

import { optional, optionsIn } from "../core/options.js";
import type { Dims, Tensor } from "../tensor/tensor.js";
import type { Complex } from "./dft.js";
import { type Norm, type Plan, planOf, type Signal, transform, transformHalf, transformReal } from "./plan.js";

export interface FftnOptions {
  /** Points along each dimension: x is cut, or filled up with zeros; -1: as many as there are. */
  readonly s?: Dims | null;
  /** Default: the last two in fft2 and its kin; otherwise the last s.length, or all. */
  readonly dim?: Dims | null;
  /** Default "backward": the inverse is divided by the number of points. */
  readonly norm?: Norm | null;
}

/** The Fourier transform along two dimensions. */
export function fft2(x: Signal, s?: Dims | FftnOptions | null, options: FftnOptions = {}): Complex {
  return transform(manyOf("fft2", x, s, options, [-2, -1]), -1);
}

/** The inverse of `fft2`. */
export function ifft2(x: Signal, s?: Dims | FftnOptions | null, options: FftnOptions = {}): Complex {
  return transform(manyOf("ifft2", x, s, options, [-2, -1]), 1);
}

/** The `fft2` of real numbers without what mirrors the rest: n / 2 + 1 points along the last of the dimensions. */
export function rfft2(x: Tensor, s?: Dims | FftnOptions | null, options: FftnOptions = {}): Complex {
  return transformReal("rfft2", manyOf("rfft2", x, s, options, [-2, -1]), -1);
}

/** The inverse of `rfft2`. */
export function irfft2(x: Signal, s?: Dims | FftnOptions | null, options: FftnOptions = {}): Tensor {
  return transformHalf(manyOf("irfft2", x, s, options, [-2, -1], true), 1);
}

/** `fft` along two dimensions of a signal that mirrors itself, and of which the last of them holds n / 2 + 1 points; the result is real. */
export function hfft2(x: Signal, s?: Dims | FftnOptions | null, options: FftnOptions = {}): Tensor {
  return transformHalf(manyOf("hfft2", x, s, options, [-2, -1], true), -1);
}

/** The inverse of `hfft2`. */
export function ihfft2(x: Tensor, s?: Dims | FftnOptions | null, options: FftnOptions = {}): Complex {
  return transformReal("ihfft2", manyOf("ihfft2", x, s, options, [-2, -1]), 1);
}

/** The Fourier transform along several dimensions. */
export function fftn(x: Signal, s?: Dims | FftnOptions | null, options: FftnOptions = {}): Complex {
  return transform(manyOf("fftn", x, s, options, null), -1);
}

/** The inverse of `fftn`. */
export function ifftn(x: Signal, s?: Dims | FftnOptions | null, options: FftnOptions = {}): Complex {
  return transform(manyOf("ifftn", x, s, options, null), 1);
}

/** The `fftn` of real numbers without what mirrors the rest: n / 2 + 1 points along the last of the dimensions. */
export function rfftn(x: Tensor, s?: Dims | FftnOptions | null, options: FftnOptions = {}): Complex {
  return transformReal("rfftn", manyOf("rfftn", x, s, options, null), -1);
}

/** The inverse of `rfftn`. */
export function irfftn(x: Signal, s?: Dims | FftnOptions | null, options: FftnOptions = {}): Tensor {
  return transformHalf(manyOf("irfftn", x, s, options, null, true), 1);
}

/** `fft` along several dimensions of a signal that mirrors itself, and of which the last of them holds n / 2 + 1 points; the result is real. */
export function hfftn(x: Signal, s?: Dims | FftnOptions | null, options: FftnOptions = {}): Tensor {
  return transformHalf(manyOf("hfftn", x, s, options, null, true), -1);
}

/** The inverse of `hfftn`. */
export function ihfftn(x: Tensor, s?: Dims | FftnOptions | null, options: FftnOptions = {}): Complex {
  return transformReal("ihfftn", manyOf("ihfftn", x, s, options, null), 1);
}

function manyOf(
  op: string,
  x: Signal,
  given: Dims | FftnOptions | null | undefined,
  options: FftnOptions,
  standard: Dims | null,
  isHalf = false,
): Plan {
  const { dim, norm } = optionsIn<FftnOptions>(given, options);
  const s = optional<"s", Dims | null>(given, "s", options.s ?? null);
  return planOf(op, x, { s, dim: dim ?? standard, norm, isHalf });
}
