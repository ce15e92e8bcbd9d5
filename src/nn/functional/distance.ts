// Distances between rows.

import { checkTensor } from "../../core/check.js";
import { ShapeError } from "../../core/errors.js";
import { distance, norm } from "../../functions/distance.js";
import { fromData } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";

export interface PairwiseDistanceOptions {
  /** Which norm. Default 2. */
  readonly p?: number;
  /** Added to every difference. Default 1e-6. */
  readonly eps?: number;
  /** Keeps the last dimension, with size 1. Default false. */
  readonly keepdim?: boolean;
}

/** |x1 - x2 + eps|_p along the last dimension: [..., M] and [..., M] -> [...]. */
export function pairwiseDistance(
  x1: Tensor,
  x2: Tensor,
  { p = 2, eps = 1e-6, keepdim = false }: PairwiseDistanceOptions = {},
): Tensor {
  checkTensor("pairwiseDistance", x1);
  checkTensor("pairwiseDistance", x2);
  return norm(x1.sub(x2).add(eps).to("float32"), p, keepdim);
}

/**
 * The p-distances between all pairs of rows i < j: [N, M] -> [N (N - 1) / 2], in the order (0, 1), (0, 2) ... (1, 2) ...
 * @param options.p - default 2
 */
export function pdist(x: Tensor, { p = 2 }: { readonly p?: number } = {}): Tensor {
  checkTensor("pdist", x);
  if (x.ndim !== 2) throw new ShapeError("pdist", [x.shape], "must be [N, M]");
  const N = x.shape[0]!;
  const pairs = Array.from({ length: N }, (_, i) => Array.from({ length: N - 1 - i }, (_, j) => [i, i + 1 + j])).flat();
  const rows = (side: 0 | 1): Tensor => x.indexSelect(0, fromData(Int32Array.from(pairs, (pair) => pair[side]!)));
  return distance("pdist", rows(0).sub(rows(1)), p);
}
