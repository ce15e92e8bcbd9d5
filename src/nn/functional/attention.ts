// Attention.

import { isGradEnabled } from "../../autograd/modes.js";
import { checkProbability, checkTensor } from "../../core/check.js";
import { isFloatingPoint } from "../../core/dtype.js";
import { ShapeError, TapegradError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { defaultGenerator } from "../../core/philox.js";
import { broadcastShapes, broadcastsTo, numel, sameShape } from "../../core/shape.js";
import { MAX_VALUE_SIZE } from "../../kernels/attention.js";
import { type AttentionDropout, drawDropout, dropoutFactors } from "../../kernels/attention-dropout.js";
import type { MaskKind } from "../../kernels/attention-mask.js";
import { inFrame } from "../../kernels/frame.js";
import { scaledDotProductAttention as fusedAttention, masked } from "../../ops/attention.js";
import { apply, make, type Tensor } from "../../tensor/tensor.js";
import { pad } from "./pad.js";

export interface AttentionOptions {
  /** bool: who may attend, [L, S] or [..., L, S]; floating point: added to the scores. */
  readonly attnMask?: Tensor | null;
  /** Probability of a weight to be left out; the others are divided by 1 - dropoutP. Default 0. */
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
  options?: AttentionOptions,
): [output: Tensor, weights: Tensor] {
  const { attnMask, dropoutP = 0, isCausal = false, needAttnWeights = false } = checkOptions(NAME, options, OPTIONS);
  check(query, key, value);
  checkProbability(NAME, dropoutP, "dropoutP");
  if (attnMask && isCausal) throw new TapegradError(NAME, "takes attnMask or isCausal, not both");
  const kind = !attnMask ? "none" : attnMask.dtype === "bool" ? "allowed" : "float";
  return attend(query, key, value, { mask: attnMask ?? undefined, kind, isCausal, dropoutP, needAttnWeights });
}

/** How scores are masked before the softmax, and what becomes of the weights. */
export interface Attending {
  readonly mask: Tensor | undefined;
  readonly kind: MaskKind;
  readonly isCausal: boolean;
  readonly dropoutP: number;
  readonly needAttnWeights: boolean;
}

/** scaledDotProductAttention of operands that fit each other: in fused kernels wherever these can compute it. */
export function attend(query: Tensor, key: Tensor, value: Tensor, how: Attending): [output: Tensor, weights: Tensor] {
  const lead = broadcastShapes(NAME, query.shape.slice(0, -2), key.shape.slice(0, -2), value.shape.slice(0, -2));
  const { mask, kind, isCausal } = how;
  const dropout = how.dropoutP > 0 ? drawDropout(how.dropoutP, defaultGenerator) : undefined;
  const factors = dropout && factorsOf(query, key, mask, dropout);
  const isFused = !how.needAttnWeights && canFuse([query, key, value], mask, lead);
  if (!isFused || (factors !== undefined && !sameShape(lead, factors.shape.slice(0, -2)))) {
    const weights = weightsOf(query, key, how, factors);
    return [weights.matmul(value), weights];
  }
  const [q, k, v] = [query, key, value].map((x) => {
    return ofFours(x).expand([...lead, x.shape.at(-2)!, Math.ceil(x.shape.at(-1)! / 4) * 4]);
  }) as [Tensor, Tensor, Tensor];
  const scale = 1 / Math.sqrt(query.shape.at(-1)!);
  const output = apply(fusedAttention, [q, k, v, mask ?? 0, factors ?? 1], { scale, isCausal, mask: kind, dropout });
  const size = value.shape.at(-1)!;
  return withLate(size % 4 === 0 ? output : output.narrow(-1, 0, size), () => weightsOf(query, key, how, factors));
}

/** What the weights are multiplied by; a recipe, which takes no memory. */
function factorsOf(query: Tensor, key: Tensor, mask: Tensor | undefined, dropout: AttentionDropout): Tensor {
  const pairs = broadcastShapes(NAME, query.shape.slice(0, -2), key.shape.slice(0, -2));
  const shape = broadcastShapes(NAME, [...pairs, query.size(-2), key.size(-2)], mask?.shape ?? []);
  const array = inFrame(() => dropoutFactors(shape, query.dtype, dropout));
  return make(array, undefined, NAME);
}

/** With zeros at the end of each row, which change no score, until the kernels can read four elements at a time. */
function ofFours(x: Tensor): Tensor {
  const rest = x.shape.at(-1)! % 4;
  return rest === 0 ? x : pad(x, [0, 4 - rest]);
}

const NAME = "scaledDotProductAttention";
const OPTIONS = ["attnMask", "dropoutP", "needAttnWeights", "isCausal"] as const;

function check(query: Tensor, key: Tensor, value: Tensor): void {
  for (const operand of [query, key, value]) checkTensor(NAME, operand);
  const shapes = [query.shape, key.shape, value.shape];
  const fits = query.shape.at(-1) === key.shape.at(-1) && key.shape.at(-2) === value.shape.at(-2);
  if (fits && shapes.every(({ length }) => length >= 2)) return;
  throw new ShapeError(NAME, shapes, "must be [..., L, E], [..., S, E] and [..., S, V]");
}

/** Whether the fused kernels can compute it; they have no gradient for the mask. */
function canFuse(operands: readonly Tensor[], mask: Tensor | undefined, lead: readonly number[]): boolean {
  const [query, key, value] = operands as [Tensor, Tensor, Tensor];
  const { dtype } = query;
  const scores = [...lead, query.shape.at(-2)!, key.shape.at(-2)!];
  const sizes = [query.shape.at(-1)!, value.shape.at(-1)!];
  return (
    isFloatingPoint(dtype) &&
    operands.every((x) => x.dtype === dtype && numel(x.shape) > 0) &&
    sizes.every((size) => size <= MAX_VALUE_SIZE) &&
    (mask === undefined ||
      ((mask.dtype === "bool" || mask.dtype === dtype) &&
        broadcastsTo(mask.shape, scores) &&
        !(mask.requiresGrad && isGradEnabled())))
  );
}

function weightsOf(query: Tensor, key: Tensor, { mask, kind, isCausal }: Attending, factors?: Tensor): Tensor {
  const scale = 1 / Math.sqrt(Math.sqrt(query.shape.at(-1)!));
  const scores = query.mul(scale).matmul(key.mul(scale).mT);
  const weights = masked(scores, mask, { isCausal, mask: kind }).softmax(-1);
  return factors === undefined ? weights : weights.mul(factors);
}

/** A pair whose second element is computed when it is looked at. */
export function withLate(first: Tensor, second: () => Tensor): [Tensor, Tensor] {
  let made: Tensor | undefined;
  const pair: [Tensor, Tensor] = [first, first];
  return Object.defineProperty(pair, 1, { enumerable: true, get: () => (made ??= second()) });
}
