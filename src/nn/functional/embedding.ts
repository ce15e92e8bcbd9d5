// Embedding: vectors by index.

import { checkTensor, checkWhole } from "../../core/check.js";
import { DTypeError, ShapeError } from "../../core/errors.js";
import { checkOptions, type Optional, optional } from "../../core/options.js";
import { embedding as embeddingOp } from "../../ops/indexing.js";
import { zeros } from "../../tensor/create.js";
import { apply, type Tensor } from "../../tensor/tensor.js";
import { checkIndices, paddingRow, shorten } from "./embedding-table.js";

export interface EmbeddingOptions {
  /** A row that receives no gradient; -1 is the last. */
  readonly paddingIdx?: number | null;
  /** Rows that are used and longer than this are shortened to it, in the weight itself. */
  readonly maxNorm?: number | null;
  /** The p of that norm. Default 2. */
  readonly normType?: number;
  /** Divides the gradient of a row by how often it is used. Default false. */
  readonly scaleGradByFreq?: boolean;
}

/** Rows of `weight` [V, E] by index: x int32 [...] -> [..., E]. */
export function embedding(x: Tensor, weight: Tensor, options: EmbeddingOptions = {}): Tensor {
  const index = checkIndices("embedding", x, weight);
  const known = ["paddingIdx", "maxNorm", "normType", "scaleGradByFreq"] as const;
  const { paddingIdx, maxNorm, normType = 2, scaleGradByFreq = false } = checkOptions("embedding", options, known);
  const padding = paddingRow("embedding", weight, paddingIdx);
  if (maxNorm !== undefined && maxNorm !== null) shorten(weight, index, maxNorm, normType);
  const rows = apply(embeddingOp, [weight, index], { paddingIdx: padding, scaleGradByFreq });
  return rows.reshape([...x.shape, weight.shape[1]!]).asBase();
}

/**
 * 1 at each class and 0 elsewhere: x int32 [...] -> [..., numClasses] int32. Without `numClasses` (or with -1) it is one
 * more than the largest class, which has to be waited for.
 */
export function oneHot(x: Tensor, numClasses?: null | { readonly numClasses?: -1 | null }): Promise<Tensor>;
export function oneHot(x: Tensor, numClasses: Optional<"numClasses", number>): Tensor;
export function oneHot(x: Tensor, numClasses?: Optional<"numClasses", number>): Tensor | Promise<Tensor> {
  checkTensor("oneHot", x);
  if (x.dtype !== "int32")
    throw new DTypeError("oneHot", `the classes are ${x.dtype} and must be int32: x.to("int32")`);
  const count = optional(numClasses, "numClasses", -1);
  if (count !== -1) return oneHotOf(x, count);
  if (x.numel() === 0) throw new ShapeError("oneHot", [x.shape], "there is no largest class; pass numClasses");
  return x
    .amax()
    .item()
    .then((largest) => oneHotOf(x, Math.max(largest + 1, 1))); // a negative one is told of by its value
}

function oneHotOf(x: Tensor, count: number): Tensor {
  checkWhole("oneHot", { numClasses: count }, 1);
  const places = x.unsqueeze(-1);
  const ones = places.mul(0).add(1);
  return zeros([...x.shape, count], { dtype: "int32" }).scatterAs(places, ones, { dim: x.ndim, op: "oneHot" });
}
