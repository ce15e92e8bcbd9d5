// Functions of matrices: powers, the exponential; and matrices of powers.

import { checkWhole } from "../core/check.js";
import { OutOfRangeError } from "../core/errors.js";
import { eye, full, onesLike } from "../tensor/create.js";
import { stack } from "../tensor/join.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkSquare, identity } from "./matrices.js";
import { inv } from "./solve.js";

/** A^n by squaring; of the inverse for negative n: [..., m, m] -> [..., m, m]. */
export function matrixPower(A: Tensor, n: number): Tensor {
  checkSquare("linalg.matrixPower", A);
  checkWhole("linalg.matrixPower", { n }, Number.MIN_SAFE_INTEGER);
  if (n < 0) return matrixPower(inv(A), -n);
  if (n === 0) return identity(A.shape.slice(0, -2), A.shape.at(-1)!).where(full([], 1, { dtype: "bool" }), A);
  let result: Tensor | undefined;
  for (let [left, square] = [n, A]; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = result?.matmul(square) ?? square;
    if (left > 1) square = square.matmul(square);
  }
  return n === 1 ? A.clone() : result!;
}

/**
 * e^A = sum of A^k / k!: [..., n, n] -> [..., n, n]. A is halved until its norm is at most 1/2, and the result squared as
 * often; 16 times at most, and by then float32 is long exhausted unless e^A is next to 0.
 */
export function matrixExp(A: Tensor): Tensor {
  checkSquare("linalg.matrixExp", A);
  if (A.numel() === 0) return A.clone();
  const norm = A.detach().abs().sum(-2, { keepdim: true }).amax(-1, { keepdim: true });
  const halvings = norm.maximum(0.5).log2().add(1).ceil().clamp(0, MOST_HALVINGS).contiguous(); // once, not in each use
  const scaled = A.mul(halvings.mul(-Math.LN2).exp());
  const one = eye(A.shape.at(-1)!);
  // Horner's rule: 1 + A (1 + A/2 (1 + A/3 ...)); what comes after degree 9 is below 2^-32.
  let result = scaled.mul(1 / DEGREE).add(one);
  for (let k = DEGREE - 1; k > 0; k--)
    result = scaled
      .matmul(result)
      .mul(1 / k)
      .add(one);
  result = result.contiguous();
  for (let i = 0; i < MOST_HALVINGS; i++) {
    const isMore = halvings.gt(i);
    const square = result.where(isMore, one); // what needs no squaring must not overflow in it
    result = square.matmul(square).where(isMore, result).contiguous(); // both terms read it: without its memory, 2^16 times
  }
  return result;
}

const MOST_HALVINGS = 16;
const DEGREE = 9;

/** Powers x^0, x^1 ... x^(N - 1) in columns: [..., n] -> [..., n, N]. @param options.N - default n */
export function vander(x: Tensor, { N }: { readonly N?: number | null } = {}): Tensor {
  const column = x.ndim === 0 ? x.unsqueeze(0) : x;
  const count = N ?? column.shape.at(-1)!;
  if (!(count > 1)) throw new OutOfRangeError("linalg.vander", `N must be greater than 1, got ${count}`);
  const powers = [onesLike(column), column];
  while (powers.length < count) powers.push(powers.at(-1)!.mul(column));
  return stack(powers, -1);
}
