// Attention in fused kernels, which take head sizes that are multiples of 4. nn/functional/attention.ts pads others, and
// composes what the kernels cannot compute of matrix products and softmax.

import { isGradEnabled } from "../autograd/modes.js";
import { defineMultiOp } from "../autograd/multi-op.js";
import { defineOp, type Op } from "../autograd/op.js";
import { attentionGradients, attention as launch } from "../kernels/attention.js";
import type { AttentionAttributes } from "../kernels/attention-kernel.js";
import type { Tensor } from "../tensor/tensor.js";

const forward = defineOp({
  name: "scaledDotProductAttention",
  inputs: ["query", "key", "value", "mask", "factors"],
  extras: ["stats"],
  shape: ({ query, value }, _attributes: AttentionAttributes) => {
    return { shape: [...query.shape.slice(0, -1), value.shape.at(-1)!], dtype: query.dtype };
  },
  forward: (operands, attributes) => launch(operands, attributes),
});

/**
 * y = softmax(scale query key^T + mask) value: query [..., L, E], key [..., S, E], value [..., S, V] of equal leading
 * dimensions, mask broadcasting to [..., L, S], or a number where the attributes say there is none. With dropout the softmax P
 * is multiplied by D, which the kernels compute themselves; D is also the operand `factors`, for further derivatives. Shapes
 * are checked in nn/functional/attention. With dS = P (dP - sum dP P) the gradient of the scores, for dP = D (dy value^T):
 *   dquery = scale dS key      dkey = scale dS^T query      dvalue = (P D)^T dy
 */
export const scaledDotProductAttention: Op<AttentionAttributes> = {
  ...forward,
  saves: () => ["query", "key", "value", "mask", "factors", "output"],
  backward: ([dy], { saved, attributes, needs }) => {
    const { query, key, value, mask, factors, output, stats } = saved as Record<string, Tensor>;
    const operands = { query: query!, key: key!, value: value!, mask: mask!, factors: factors! };
    if (isGradEnabled()) return composedGradients(operands, dy!, attributes, needs);
    return query!.attentionGradient(key!, value!, mask!, output!, stats!, dy!, attributes);
  },
};

/**
 * dquery, dkey and dvalue; it has no derivative, because `composedGradients` takes its place where one is wanted. The second
 * half of `stats` is its own to write.
 */
export const attentionGradient = defineMultiOp({
  name: "attentionGradient",
  inputs: ["query", "key", "value", "mask", "output", "stats", "dy"],
  outputs: ["dquery", "dkey", "dvalue"],
  shape: ({ query, key, value }, _attributes: AttentionAttributes) => ({ dquery: query, dkey: key, dvalue: value }),
  forward: ({ output, stats, dy, ...operands }, attributes) => {
    const [dquery, dkey, dvalue] = attentionGradients(operands, output, stats, dy, attributes);
    return { dquery, dkey, dvalue };
  },
});

/** The gradients as tensor code, to be differentiated again. */
function composedGradients(
  { query, key, value, mask, factors }: Readonly<Record<"query" | "key" | "value" | "mask" | "factors", Tensor>>,
  dy: Tensor,
  { scale, ...attributes }: AttentionAttributes,
  needs: readonly boolean[],
): (Tensor | undefined)[] {
  const weights = masked(query.mul(scale).matmul(key.mT), mask, attributes).softmax(-1);
  const dropped = (x: Tensor): Tensor => (attributes.dropout === undefined ? x : x.mul(factors));
  const dWeights = dropped(dy.matmul(value.mT));
  const dScores = weights.mul(dWeights.sub(weights.mul(dWeights).sum(-1, { keepdim: true }))).mul(scale);
  return [
    needs[0] ? dScores.matmul(key) : undefined,
    needs[1] ? dScores.mT.matmul(query) : undefined,
    needs[2] ? dropped(weights).mT.matmul(dy) : undefined,
  ];
}

/** @internal Scores [..., L, S] with those that do not count at -infinity, or with the mask added. */
export function masked(
  scores: Tensor,
  mask: Tensor | undefined,
  { isCausal, mask: kind }: Omit<AttentionAttributes, "scale">,
): Tensor {
  const never = Number.NEGATIVE_INFINITY;
  const seen = isCausal
    ? scores.where(scores.newOnes(scores.shape.slice(-2), { dtype: "bool" }).tril(), never)
    : scores;
  if (mask === undefined) return seen;
  switch (kind) {
    case "none":
      return seen;
    case "allowed":
      return seen.where(mask, never);
    case "excluded":
      return seen.maskedFill(mask, never);
    case "float":
      return seen.add(mask);
  }
}
