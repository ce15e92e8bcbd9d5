// Attention.

import { isGradEnabled } from "../../autograd/modes.js";
import { checkTensor } from "../../core/check.js";
import { isFloatingPoint } from "../../core/dtype.js";
import { ShapeError, TapegradError } from "../../core/errors.js";
import { broadcastShapes, broadcastsTo, numel } from "../../core/shape.js";
import { MAX_VALUE_SIZE } from "../../kernels/attention.js";
import { scaledDotProductAttention as fusedAttention } from "../../ops/attention.js";
import { arange } from "../../tensor/create.js";
import { apply, type Tensor } from "../../tensor/tensor.js";
import { dropout } from "./dropout.js";

export interface AttentionOptions {
  /** bool: who may attend, [L, S] or [..., L, S]; floating point: added to the scores. */
  readonly attnMask?: Tensor | null;
  /** Probability of a weight to be left out. Default 0. */
  readonly dropoutP?: number;
  /** Computes both results from the same weights. The weights come in any case. Default false. */
  readonly needAttnWeights?: boolean;
  /** Position l attends to positions 0 to l alone. Default false. */
  readonly isCausal?: boolean;
}

/**
 * softmax(Q K^T / sqrt(E)) V, and the weights, the softmax. A row that may attend to nothing is NaN.
 *
 * The weights take L S numbers for each batch and head, so they are computed when the second result is looked at:
 * `const [y] = F.scaledDotProductAttention(...)` does without them.
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
  options: AttentionOptions = {},
): [output: Tensor, weights: Tensor] {
  const { attnMask, dropoutP = 0, isCausal = false, needAttnWeights = false } = options;
  check(query, key, value);
  if (attnMask && isCausal) throw new TapegradError(NAME, "takes attnMask or isCausal, not both");
  const lead = broadcastShapes(NAME, query.shape.slice(0, -2), key.shape.slice(0, -2), value.shape.slice(0, -2));
  const isFused = dropoutP === 0 && !needAttnWeights && canFuse([query, key, value], attnMask, lead);
  if (!isFused) {
    const weights = weightsOf(query, key, options);
    return [weights.matmul(value), weights];
  }
  const [q, k, v] = [query, key, value].map((x) => x.expand([...lead, ...x.shape.slice(-2)])) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const mask = attnMask ? (attnMask.dtype === "bool" ? "bool" : "float") : "none";
  const scale = 1 / Math.sqrt(q.shape.at(-1)!);
  const output = apply(fusedAttention, [q, k, v, attnMask ?? 0], { scale, isCausal, mask });
  return withLate(output, () => weightsOf(query, key, options));
}

const NAME = "scaledDotProductAttention";

function check(query: Tensor, key: Tensor, value: Tensor): void {
  for (const operand of [query, key, value]) checkTensor(NAME, operand);
  const shapes = [query.shape, key.shape, value.shape];
  const fits = query.shape.at(-1) === key.shape.at(-1) && key.shape.at(-2) === value.shape.at(-2);
  if (fits && shapes.every(({ length }) => length >= 2)) return;
  throw new ShapeError(NAME, shapes, "must be [..., L, E], [..., S, E] and [..., S, V]");
}

/** Whether the fused kernels can compute it; they have no gradient for the mask. */
function canFuse(operands: readonly Tensor[], mask: Tensor | null | undefined, lead: readonly number[]): boolean {
  const [query, key, value] = operands as [Tensor, Tensor, Tensor];
  const { dtype } = query;
  const scores = [...lead, query.shape.at(-2)!, key.shape.at(-2)!];
  const sizes = [query.shape.at(-1)!, value.shape.at(-1)!];
  return (
    isFloatingPoint(dtype) &&
    operands.every((x) => x.dtype === dtype && numel(x.shape) > 0) &&
    sizes.every((size) => size % 4 === 0 && size <= MAX_VALUE_SIZE) &&
    (!mask ||
      ((mask.dtype === "bool" || mask.dtype === dtype) &&
        broadcastsTo(mask.shape, scores) &&
        !(mask.requiresGrad && isGradEnabled())))
  );
}

function weightsOf(query: Tensor, key: Tensor, options: AttentionOptions): Tensor {
  const { attnMask, dropoutP = 0, isCausal = false } = options;
  const scale = 1 / Math.sqrt(Math.sqrt(query.shape.at(-1)!));
  const scores = query.mul(scale).matmul(key.mul(scale).mT);
  const [L, S] = scores.shape.slice(-2) as [number, number];
  const mask = isCausal ? arange(L).unsqueeze(1).ge(arange(S)) : attnMask;
  const allowed = !mask
    ? scores
    : mask.dtype === "bool"
      ? scores.where(mask, Number.NEGATIVE_INFINITY)
      : scores.add(mask);
  return dropout(allowed.softmax(-1), { p: dropoutP });
}

/** A pair whose second element is computed when it is looked at. */
function withLate(first: Tensor, second: () => Tensor): [Tensor, Tensor] {
  let made: Tensor | undefined;
  const pair: [Tensor, Tensor] = [first, first];
  return Object.defineProperty(pair, 1, { enumerable: true, get: () => (made ??= second()) });
}
