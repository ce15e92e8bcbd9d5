// Attention.

import { checkTensor } from "../../core/check.js";
import { ShapeError, TapegradError } from "../../core/errors.js";
import { arange } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import { dropout } from "./dropout.js";

export interface AttentionOptions {
  /** bool: who may attend, [L, S] or [..., L, S]; floating point: added to the scores. */
  readonly attnMask?: Tensor | null;
  /** Probability of a weight to be left out. Default 0. */
  readonly dropoutP?: number;
  /** As in PyTorch's signature; the weights come in any case. */
  readonly needAttnWeights?: boolean;
  /** Position l attends to positions 0 to l alone. Default false. */
  readonly isCausal?: boolean;
}

/**
 * softmax(Q K^T / sqrt(E)) V, and the weights, the softmax. A row that may attend to nothing is NaN.
 *
 * @param query - [..., L, E]
 * @param key - [..., S, E]
 * @param value - [..., S, V]
 * @returns [output [..., L, V], weights [..., L, S]], as torch.nn.functional._scaled_dot_product_attention has it
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  { attnMask, dropoutP = 0, isCausal = false }: AttentionOptions = {},
): [output: Tensor, weights: Tensor] {
  const op = "scaledDotProductAttention";
  for (const operand of [query, key, value]) checkTensor(op, operand);
  const shapes = [query.shape, key.shape, value.shape];
  const fits = query.shape.at(-1) === key.shape.at(-1) && key.shape.at(-2) === value.shape.at(-2);
  if (!fits || shapes.some(({ length }) => length < 2)) {
    throw new ShapeError(op, shapes, "must be [..., L, E], [..., S, E] and [..., S, V]");
  }
  if (attnMask && isCausal) throw new TapegradError(op, "takes attnMask or isCausal, not both");
  const scale = 1 / Math.sqrt(Math.sqrt(query.shape.at(-1)!));
  const scores = query.mul(scale).matmul(key.mul(scale).mT);
  const [L, S] = scores.shape.slice(-2) as [number, number];
  const mask = isCausal ? arange(L).unsqueeze(1).ge(arange(S)) : attnMask;
  const allowed = !mask
    ? scores
    : mask.dtype === "bool"
      ? scores.where(mask, Number.NEGATIVE_INFINITY)
      : scores.add(mask);
  const weights = dropout(allowed.softmax(-1), { p: dropoutP });
  return [weights.matmul(value), weights];
}
