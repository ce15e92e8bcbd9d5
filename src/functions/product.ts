// Products of vectors, matrices and batches of them.

import { checkList, checkTensor, describe } from "../core/check.js";
import { ShapeError, TapegradError } from "../core/errors.js";
import { type Optional, optional } from "../core/options.js";
import { normalizeDim } from "../core/shape.js";
import { cat } from "../tensor/join.js";
import { batches, matrixAndVector, outer, product, type ScaledSumOptions, scaledSum } from "../tensor/product.js";
import type { Tensor } from "../tensor/tensor.js";

/** beta input + alpha sum_b batch1[b] batch2[b]: [B, M, K] and [B, K, N] -> [M, N]. */
export function addbmm(input: Tensor, batch1: Tensor, batch2: Tensor, options: ScaledSumOptions = {}): Tensor {
  checkTensor("addbmm", batch1);
  checkTensor("addbmm", batch2);
  const [B, M, K] = batch1.shape;
  const fits = batch1.ndim === 3 && batch2.ndim === 3 && B === batch2.shape[0] && K === batch2.shape[1];
  if (!fits) throw new ShapeError("addbmm", [batch1.shape, batch2.shape], "must be [B, M, K] and [B, K, N]");
  const rows = batch1.permute([1, 0, 2]).reshape([M!, B! * K!]);
  return scaledSum("addbmm", input, rows.matmul(batch2.reshape([B! * K!, batch2.shape[2]!])), options);
}

/** beta input + alpha batch1[b] batch2[b] for each b: [B, M, K] and [B, K, N] -> [B, M, N]. */
export function baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, options: ScaledSumOptions = {}): Tensor {
  return scaledSum("baddbmm", input, product("baddbmm", batch1, batch2, batches), options);
}

/** beta input + alpha mat vec: [M, K] and [K] -> [M]. */
export function addmv(input: Tensor, mat: Tensor, vec: Tensor, options: ScaledSumOptions = {}): Tensor {
  return scaledSum("addmv", input, product("addmv", mat, vec, matrixAndVector), options);
}

/** beta input + alpha vec1 vec2^T: [M] and [N] -> [M, N]. Of bools "or" and "and". */
export function addr(input: Tensor, vec1: Tensor, vec2: Tensor, options: ScaledSumOptions = {}): Tensor {
  const y = outer("addr", vec1, vec2);
  if (y.dtype !== "bool" || input.dtype !== "bool") return scaledSum("addr", input, y, options);
  const { beta = 1, alpha = 1 } = options;
  const terms = [...(alpha === 0 ? [] : [y]), ...(beta === 0 ? [] : [input.expand(y.shape)])];
  return terms.reduce((a, b) => a.logicalOr(b), y.logicalAnd(0));
}

/** sum_i x_i other_i of two vectors. */
export function vdot(x: Tensor, other: Tensor): Tensor {
  return x.dot(other);
}

/** Sums of products along the last dimensions: [..., K] and [.., K] -> [..., ..]; a scalar multiplies. */
export function inner(x: Tensor, other: Tensor): Tensor {
  checkTensor("inner", other);
  if (x.ndim === 0 || other.ndim === 0) return x.mul(other);
  return contract("inner", x, other, [-1], [-1]);
}

/**
 * Sums of products over several dimensions: the last n of a and the first n of b, or those of two lists.
 * @param dims - n, or [dimensions of a, dimensions of b]; by position or as an option. Default 2
 */
export function tensordot(
  a: Tensor,
  b: Tensor,
  dims?: Optional<"dims", number | readonly [readonly number[], readonly number[]]>,
): Tensor {
  checkTensor("tensordot", b);
  const over = optional<"dims", number | readonly [readonly number[], readonly number[]]>(dims, "dims", 2);
  if (typeof over === "number") {
    const n = Array.from({ length: over }, (_, i) => i);
    return contract("tensordot", a, b, n.map((i) => a.ndim - over + i), n); // biome-ignore format: short
  }
  const [ofA, ofB] = over;
  if (ofA?.length === ofB?.length && ofA !== undefined) return contract("tensordot", a, b, ofA, ofB!);
  throw new TapegradError("tensordot", `dims must be a number or two lists of equal length, got ${describe(over)}`);
}

function contract(op: string, a: Tensor, b: Tensor, overA: readonly number[], overB: readonly number[]): Tensor {
  const [dimsA, dimsB] = [
    overA.map((dim) => normalizeDim(op, dim, a.ndim)),
    overB.map((dim) => normalizeDim(op, dim, b.ndim)),
  ];
  const sizes = dimsA.map((d, i) => [a.shape[d], b.shape[dimsB[i]!]]);
  const wrong = sizes.find(([m, n]) => m !== n);
  if (wrong !== undefined) throw new ShapeError(op, [a.shape, b.shape], `dimensions of ${wrong[0]} and ${wrong[1]}`);
  const freeA = a.shape.map((_, d) => d).filter((d) => !dimsA.includes(d));
  const freeB = b.shape.map((_, d) => d).filter((d) => !dimsB.includes(d));
  const [rows, columns] = [freeA.map((d) => a.shape[d]!), freeB.map((d) => b.shape[d]!)];
  const count = (shape: readonly number[]): number => shape.reduce((n, size) => n * size, 1);
  const K = count(dimsA.map((d) => a.shape[d]!));
  const left = a.permute([...freeA, ...dimsA]).reshape([count(rows), K]);
  const right = b.permute([...dimsB, ...freeB]).reshape([K, count(columns)]);
  return left
    .matmul(right)
    .reshape([...rows, ...columns])
    .asBase();
}

/**
 * The cross product along a dimension of size 3: y = (x_1 o_2 - x_2 o_1, x_2 o_0 - x_0 o_2, x_0 o_1 - x_1 o_0).
 * @param options.dim - default: the first dimension of size 3
 */
export function cross(x: Tensor, other: Tensor, options: { readonly dim?: number | null } = {}): Tensor {
  const first = x.shape.indexOf(3);
  return crossAlong("cross", x, other, options.dim ?? (first < 0 ? -1 : first));
}

/** @internal */
export function crossAlong(op: string, x: Tensor, other: Tensor, dim: number): Tensor {
  checkTensor(op, other);
  const at = normalizeDim(op, dim, x.ndim);
  if (x.ndim !== other.ndim || x.shape[at] !== 3 || other.shape[at] !== 3) {
    throw new ShapeError(op, [x.shape, other.shape], `dimension ${at} must have size 3 in both`);
  }
  const [a, b] = [x, other].map((operand) => [0, 1, 2].map((i) => operand.narrow(at, i, 1))) as [Tensor[], Tensor[]];
  const parts = [0, 1, 2].map((i) => {
    const [j, k] = [(i + 1) % 3, (i + 2) % 3];
    return a[j]!.mul(b[k]!).sub(a[k]!.mul(b[j]!));
  });
  return cat(parts, at);
}

/** The product of several matrices, in the order that takes the fewest multiplications. */
export function chainMatmul(...matrices: readonly Tensor[]): Tensor {
  if (matrices.length === 1) return matrices[0]!;
  return multiply("chainMatmul", matrices);
}

/** @internal The matrix chain: cost[i][j] is the least work for matrices i to j, split[i][j] where to cut them. */
export function multiply(op: string, matrices: readonly Tensor[]): Tensor {
  checkList(op, matrices);
  const n = matrices.length;
  if (n < 2) throw new ShapeError(op, [], "needs at least two matrices");
  matrices.forEach((matrix, i) => {
    checkTensor(op, matrix);
    if (matrix.ndim === 2 || (matrix.ndim === 1 && (i === 0 || i === n - 1))) return;
    const shapes = matrices.map(({ shape }) => shape);
    throw new ShapeError(op, shapes, "all must be matrices; the first and the last may be vectors");
  });
  const rows = matrices.map(({ shape }, i) => (shape.length === 2 || i > 0 ? shape[0]! : 1));
  const sizes = [...rows, matrices.at(-1)!.shape[1] ?? 1];
  const cost = matrices.map(() => new Array<number>(n).fill(0));
  const split = matrices.map(() => new Array<number>(n).fill(0));
  for (let length = 1; length < n; length++) {
    for (let i = 0; i + length < n; i++) {
      const j = i + length;
      cost[i]![j] = Number.POSITIVE_INFINITY;
      for (let k = i; k < j; k++) {
        const work = cost[i]![k]! + cost[k + 1]![j]! + sizes[i]! * sizes[k + 1]! * sizes[j + 1]!;
        if (work < cost[i]![j]!) [cost[i]![j], split[i]![j]] = [work, k];
      }
    }
  }
  const between = (i: number, j: number): Tensor => {
    if (i === j) return matrices[i]!;
    return product(op, between(i, split[i]![j]!), between(split[i]![j]! + 1, j));
  };
  return between(0, n - 1);
}
