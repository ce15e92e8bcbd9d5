// A product as kernels see it: three sizes, and how each operand is walked.

import { collapse, expand } from "../../core/layout.js";
import type { Shape } from "../../core/shape.js";
import type { NDArray } from "../array.js";

/** One operand; `outer` is m for a and n for b. Strides and offset in elements. */
export interface Operand {
  readonly array: NDArray;
  readonly offset: number;
  readonly outer: number;
  readonly k: number;
  /** Strides of the batch dimensions. */
  readonly batch: readonly number[];
  /** The dimension along which four elements can be read as one vector. */
  readonly vector: "outer" | "k" | undefined;
}

export interface Problem {
  readonly inputs: readonly [NDArray, NDArray];
  readonly M: number;
  readonly N: number;
  readonly K: number;
  /** At most two, outermost first. */
  readonly batches: readonly number[];
  readonly a: Operand;
  readonly b: Operand;
}

/** The problem of a product; operands whose batch dimensions do not merge into two are copied. */
export function problemOf(a: NDArray, b: NDArray, batchShape: Shape, M: number, K: number, N: number): Problem {
  return (
    mergeBatches(a, b, batchShape, M, K, N) ??
    mergeBatches(
      a.expand([...batchShape, M, K]).contiguous(),
      b.expand([...batchShape, K, N]).contiguous(),
      batchShape,
      M,
      K,
      N,
    )!
  );
}

/** Merges batch dimensions, into rows of `a` where `b` is the same for all; undefined if more than two remain. */
function mergeBatches(a: NDArray, b: NDArray, batchShape: Shape, M: number, K: number, N: number): Problem | undefined {
  const inputs = [a, b] as const;
  const la = expand(a.realize().layout, [...batchShape, M, K]);
  const lb = expand(b.realize().layout, [...batchShape, K, N]);
  const rank = batchShape.length;
  const isShared = lb.strides.slice(0, rank).every((stride, d) => stride === 0 || batchShape[d] === 1);
  const rows = collapse([...batchShape, M], [la.strides.slice(0, -1)]);
  const bOperand = (batch: readonly number[]): Operand =>
    operand(b, N, lb.strides.at(-1)!, K, lb.strides.at(-2)!, batch);
  if (isShared && rows.shape.length <= 1) {
    const outer = rows.strides[0]![0] ?? K;
    const rowCount = rows.shape[0] ?? 1;
    return {
      inputs,
      M: rowCount,
      N,
      K,
      batches: [],
      a: operand(a, rowCount, outer, K, la.strides.at(-1)!, []),
      b: bOperand([]),
    };
  }
  const { shape: batches, strides } = collapse(batchShape, [la.strides.slice(0, rank), lb.strides.slice(0, rank)]);
  if (batches.length > 2) return undefined;
  const aOperand = operand(a, M, la.strides.at(-2)!, K, la.strides.at(-1)!, strides[0]!);
  return { inputs, M, N, K, batches, a: aOperand, b: bOperand(strides[1]!) };
}

function operand(
  array: NDArray,
  outerSize: number,
  outer: number,
  kSize: number,
  k: number,
  batch: readonly number[],
): Operand {
  const { start } = array;
  const isAligned = (...others: number[]): boolean => [start, ...batch, ...others].every((stride) => stride % 4 === 0);
  const vector =
    k === 1 && isAligned(outer) && kSize >= 4 ? "k" : outer === 1 && isAligned(k, outerSize) ? "outer" : undefined;
  return { array, offset: start, outer, k, batch, vector };
}
