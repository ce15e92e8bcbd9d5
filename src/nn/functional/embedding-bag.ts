// Sums, means and maxima of embeddings, without a tensor of all of them for the user to hold.

import { checkChoice } from "../../core/check.js";
import { DTypeError, ShapeError } from "../../core/errors.js";
import { sameShape } from "../../core/shape.js";
import { searchsorted } from "../../functions/searching.js";
import { embedding as embeddingOp } from "../../ops/indexing.js";
import { arange, zeros } from "../../tensor/create.js";
import { scatterReduce } from "../../tensor/scatter-reduce.js";
import { apply, type Tensor } from "../../tensor/tensor.js";
import type { EmbeddingOptions } from "./embedding.js";
import { checkIndices, paddingRow, shorten } from "./embedding-table.js";

export interface EmbeddingBagOptions extends EmbeddingOptions {
  /** Where each bag begins in one-dimensional indices, int32 [B]. */
  readonly offsets?: Tensor | null;
  /** Default "mean". */
  readonly mode?: "sum" | "mean" | "max";
  /** A factor for each index; only for sums. */
  readonly perSampleWeights?: Tensor | null;
  /** Whether `offsets` ends with where the last bag ends. Default false. */
  readonly includeLastOffset?: boolean;
}

/**
 * Rows of `weight` [V, E] combined by bag -> [B, E]: x int32 [B, N], a bag for each row, or [J] with `offsets`. Padding does
 * not count; empty bags are zeros.
 */
export function embeddingBag(x: Tensor, weight: Tensor, options: EmbeddingBagOptions = {}): Tensor {
  const { mode = "mean", perSampleWeights, paddingIdx, maxNorm, normType = 2, scaleGradByFreq = false } = options;
  checkChoice("embeddingBag", "mode", mode, ["sum", "mean", "max"]);
  const index = checkIndices("embeddingBag", x, weight);
  const padding = paddingRow("embeddingBag", weight, paddingIdx);
  if (perSampleWeights && (mode !== "sum" || !sameShape(perSampleWeights.shape, x.shape))) {
    const problem = `perSampleWeights ${mode === "sum" ? "must have the shape of the indices" : "are for sums only"}`;
    throw new ShapeError("embeddingBag", [x.shape, perSampleWeights.shape], problem);
  }
  const { bag, bags } = bagsOf(x, options);
  if (index.numel() === 0)
    return zeros([bags, weight.shape[1]!], { dtype: weight.dtype }).add(weight.narrow(0, 0, 0).sum());
  if (maxNorm !== undefined && maxNorm !== null) shorten(weight, index, maxNorm, normType);
  const rows = apply(embeddingOp, [weight, index], { paddingIdx: undefined, scaleGradByFreq });
  const scaled = perSampleWeights ? rows.mul(perSampleWeights.reshape([-1]).unsqueeze(1)) : rows;
  // Padding goes to a bag of its own, which is left out.
  const target = padding === undefined ? bag : bag.where(index.ne(padding), bags);
  const base = zeros([bags + 1, weight.shape[1]!], { dtype: weight.dtype });
  const places = target.unsqueeze(1).expand(rows.shape);
  const how = mode === "max" ? "amax" : mode;
  const y = scatterReduce("embeddingBag", base, 0, places, scaled, how, { includeSelf: mode === "sum" });
  return y.narrow(0, 0, bags).contiguous().asBase();
}

/** The bag of each index, and how many there are. */
function bagsOf(x: Tensor, { offsets, includeLastOffset = false }: EmbeddingBagOptions): { bag: Tensor; bags: number } {
  if (x.ndim === 2) {
    if (offsets)
      throw new ShapeError("embeddingBag", [x.shape, offsets.shape], "rows are bags already, without offsets");
    const [B, N] = x.shape as [number, number];
    return { bag: arange(B).unsqueeze(1).expand([B, N]).reshape([-1]), bags: B };
  }
  if (x.ndim !== 1 || !offsets || offsets.ndim !== 1) {
    const shapes = [x.shape, ...(offsets ? [offsets.shape] : [])];
    throw new ShapeError("embeddingBag", shapes, "needs indices [B, N], or [J] and offsets [B]");
  }
  if (offsets.dtype !== "int32") throw new DTypeError("embeddingBag", `offsets are ${offsets.dtype} and must be int32`);
  const starts = includeLastOffset ? offsets.narrow(0, 0, offsets.shape[0]! - 1) : offsets;
  const bag = searchsorted(starts, arange(x.shape[0]!), { right: true }).sub(1);
  return { bag, bags: starts.shape[0]! };
}
