// The discrete Fourier transform along one dimension. tapegrad has no complex dtype: spectra are pairs of real tensors.

import { tensor, zeros } from "../tensor/create.js";
import { cat } from "../tensor/join.js";
import type { Tensor } from "../tensor/tensor.js";

/** Complex numbers, as two real tensors of one shape. */
export interface Complex {
  readonly real: Tensor;
  readonly imag: Tensor;
}

/** Complex numbers whose imaginary part, where it is undefined, is 0. */
export interface Parts {
  readonly real: Tensor;
  readonly imag: Tensor | undefined;
}

/** -1 for transforms to frequencies, 1 for those back. */
export type Sign = -1 | 1;

/** Points that are transformed by one matrix; more are divided, where they have a divisor. */
const MOST_POINTS = 64;

/** X_k = sum over j of x_j exp(sign 2 pi i j k / n) along a dimension, which is cut or filled up with zeros to n. */
export function dft(parts: Parts, dim: number, n: number, sign: Sign): Complex {
  const last = (x: Tensor): Tensor => resized(x, dim, n).transpose(dim, -1);
  return map(dftOfRows(map(parts, last), n, sign), (x) => x.transpose(dim, -1));
}

/**
 * Along the last dimension. With n = a b, j = b j1 + j2 and k = k1 + a k2 (Cooley and Tukey), transforms over j1, a turn of
 * each by exp(sign 2 pi i j2 k1 / n), and transforms over j2.
 */
function dftOfRows(parts: Parts, n: number, sign: Sign): Complex {
  const a = divisorOf(n);
  if (a === 1) return dftByMatrix(parts, n, sign);
  const b = n / a;
  const rows = parts.real.shape.slice(0, -1);
  const grid = map(parts, (x) => x.reshape([...rows, a, b]).mT);
  const inner = dftOfRows(grid, a, sign); // [..., j2, k1]
  const turned = map(turn(inner, waves(b, a, n, sign)), (x) => x.mT);
  const outer = dftOfRows(turned, b, sign); // [..., k1, k2]
  return map(outer, (x) => x.mT.reshape([...rows, n]));
}

/** One real product for all parts: [real, imag] [[cos, sin], [-sin, cos]]. */
function dftByMatrix({ real, imag }: Parts, n: number, sign: Sign): Complex {
  const wave = waves(n, n, n, sign);
  const top = cat([wave.real, wave.imag], 1); // [n, 2 n]
  const y =
    imag === undefined
      ? real.matmul(top)
      : cat([real, imag], -1).matmul(cat([top, cat([wave.imag.neg(), wave.real], 1)], 0));
  return { real: y.narrow(-1, 0, n), imag: y.narrow(-1, n, n) };
}

function turn({ real, imag }: Complex, by: Complex): Complex {
  return {
    real: real.mul(by.real).sub(imag.mul(by.imag)),
    imag: real.mul(by.imag).add(imag.mul(by.real)),
  };
}

/** The divisor of n next below its root; 1 for what one matrix transforms. */
function divisorOf(n: number): number {
  if (n <= MOST_POINTS) return 1;
  let a = Math.floor(Math.sqrt(n));
  while (n % a !== 0) a--;
  return a;
}

/** exp(sign 2 pi i j k / n) for j < rows and k < columns, computed by the host in double precision. */
function waves(rows: number, columns: number, n: number, sign: Sign): Complex {
  const points = Float64Array.from({ length: n }, (_, m) => (sign * 2 * Math.PI * m) / n);
  const [cos, sin] = [points.map(Math.cos), points.map(Math.sin)];
  const [real, imag] = [new Float32Array(rows * columns), new Float32Array(rows * columns)];
  for (let j = 0; j < rows; j++) {
    for (let k = 0; k < columns; k++) {
      const m = (j * k) % n;
      real[j * columns + k] = cos[m]!;
      imag[j * columns + k] = sin[m]!;
    }
  }
  return { real: tensor(real).reshape([rows, columns]), imag: tensor(imag).reshape([rows, columns]) };
}

/** Both parts changed alike. */
export function map(parts: Complex, change: (x: Tensor) => Tensor): Complex;
export function map(parts: Parts, change: (x: Tensor) => Tensor): Parts;
export function map({ real, imag }: Parts, change: (x: Tensor) => Tensor): Parts {
  return { real: change(real), imag: imag && change(imag) };
}

/** Cut, or filled up with zeros, to a size along a dimension. */
export function resized(x: Tensor, dim: number, size: number): Tensor {
  const missing = size - x.shape[dim]!;
  if (missing === 0) return x;
  if (missing < 0) return x.narrow(dim, 0, size);
  return cat([x, zeros(x.shape.with(dim, missing))], dim);
}
