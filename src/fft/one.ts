// Transforms along one dimension.

import { optional, optionsIn } from "../core/options.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Complex } from "./dft.js";
import { type Norm, type Plan, planOf, type Signal, transform, transformHalf, transformReal } from "./plan.js";

export interface FftOptions {
  /** Points to transform: x is cut, or filled up with zeros. Default: as many as there are. */
  readonly n?: number | null;
  /** Default -1. */
  readonly dim?: number | null;
  /** Default "backward": the inverse is divided by n. */
  readonly norm?: Norm | null;
}

/** The discrete Fourier transform along a dimension: X_k = sum over j of x_j exp(-2 pi i j k / n). */
export function fft(x: Signal, n?: number | FftOptions | null, options: FftOptions = {}): Complex {
  return transform(oneOf("fft", x, n, options), -1);
}

/** The inverse of `fft`: x_j = 1 / n sum over k of X_k exp(2 pi i j k / n). */
export function ifft(x: Signal, n?: number | FftOptions | null, options: FftOptions = {}): Complex {
  return transform(oneOf("ifft", x, n, options), 1);
}

/** The first n / 2 + 1 points of the `fft` of real numbers; the others mirror them: X_(n-k) = conj(X_k). */
export function rfft(x: Tensor, n?: number | FftOptions | null, options: FftOptions = {}): Complex {
  return transformReal("rfft", oneOf("rfft", x, n, options), -1);
}

/** The inverse of `rfft`: real numbers from n / 2 + 1 points of their spectrum; n is 2 (m - 1) for m points unless given. */
export function irfft(x: Signal, n?: number | FftOptions | null, options: FftOptions = {}): Tensor {
  return transformHalf(oneOf("irfft", x, n, options, true), 1);
}

/** The `fft`, which is real, of a signal that mirrors itself and of which the first n / 2 + 1 points are given. */
export function hfft(x: Signal, n?: number | FftOptions | null, options: FftOptions = {}): Tensor {
  return transformHalf(oneOf("hfft", x, n, options, true), -1);
}

/** The inverse of `hfft`: the first n / 2 + 1 points of the `ifft` of real numbers. */
export function ihfft(x: Tensor, n?: number | FftOptions | null, options: FftOptions = {}): Complex {
  return transformReal("ihfft", oneOf("ihfft", x, n, options), 1);
}

function oneOf(
  op: string,
  x: Signal,
  given: number | FftOptions | null | undefined,
  options: FftOptions,
  isHalf = false,
): Plan {
  const { dim, norm } = optionsIn<FftOptions>(given, options);
  const n = optional<"n", number>(given, "n", options.n ?? -1);
  return planOf(op, x, { s: [n], dim: [dim ?? -1], norm, isHalf });
}
