// The masks of MultiheadAttention, made one.

import type { DType } from "../../core/dtype.js";
import { isFloatingPoint } from "../../core/dtype.js";
import { DTypeError, formatShape, ShapeError } from "../../core/errors.js";
import { sameShape } from "../../core/shape.js";
import { arange, zeros } from "../../tensor/create.js";
import { cat } from "../../tensor/join.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Attending } from "./attention.js";

interface Masks {
  readonly attnMask: Tensor | undefined;
  readonly keyPaddingMask: Tensor | undefined;
}

interface Sizes {
  readonly B: number;
  readonly heads: number;
  readonly L: number;
  readonly S: number;
  /** Keys after those that masks are about; all attend to them. */
  readonly further: number;
  readonly dtype: DType;
  readonly isCausal: boolean;
}

const NAME = "MultiheadAttention";

/**
 * attnMask [L, S] or [B heads, L, S] and keyPaddingMask [B, S] as one mask that broadcasts to [B, heads, L, S + further].
 * A mask alone stays as it is in memory; of two, [B, 1 or heads, L, S] is made.
 */
export function mergedMask(
  { attnMask, keyPaddingMask }: Masks,
  { B, heads, L, S, further, dtype, isCausal }: Sizes,
): Pick<Attending, "mask" | "kind" | "isCausal"> {
  const masks: Tensor[] = [];
  if (attnMask) {
    check("attnMask", attnMask, [
      [L, S],
      [B * heads, L, S],
    ]);
    masks.push(attnMask.ndim === 2 ? attnMask : attnMask.reshape([B, heads, L, S]));
  }
  if (keyPaddingMask) {
    check("keyPaddingMask", keyPaddingMask, B === 1 ? [[S], [1, S]] : [[B, S]]);
    masks.push(keyPaddingMask.reshape([B, 1, 1, S]));
  }
  // Causal attention does not reach keys that follow the others, so it is a mask where there are any.
  const isMasked = isCausal && further > 0;
  if (isMasked) masks.push(arange(L).unsqueeze(1).lt(arange(S)));
  const wide = masks.map((mask) => withFurther(mask, further));
  const [first, ...others] = wide;
  const mask = others.reduce<Tensor | undefined>((merged, other) => merge(merged!, other), first);
  const rest = { isCausal: isCausal && !isMasked };
  if (mask === undefined) return { mask, kind: "none", ...rest };
  if (mask.dtype === "bool") return { mask, kind: "excluded", ...rest };
  return { mask: mask.to(dtype), kind: "float", ...rest };
}

function check(name: string, mask: Tensor, shapes: readonly (readonly number[])[]): void {
  if (mask.dtype !== "bool" && !isFloatingPoint(mask.dtype)) {
    throw new DTypeError(NAME, `${name} is bool or floating point, got ${mask.dtype}`);
  }
  if (shapes.some((shape) => sameShape(shape, mask.shape))) return;
  throw new ShapeError(NAME, [mask.shape], `${name} must be ${shapes.map(formatShape).join(" or ")}`);
}

/** What rules attention out in either, or the sum; what is ruled out is minus infinity in a sum. */
function merge(a: Tensor, b: Tensor): Tensor {
  if (a.dtype === "bool" && b.dtype === "bool") return a.logicalOr(b);
  if (b.dtype === "bool") return a.maskedFill(b, Number.NEGATIVE_INFINITY);
  if (a.dtype === "bool") return merge(b, a);
  return a.add(b);
}

/** The mask with columns for further keys, which it does not change. */
function withFurther(mask: Tensor, further: number): Tensor {
  if (further === 0) return mask;
  return cat([mask, zeros([...mask.shape.slice(0, -1), further], { dtype: mask.dtype })], -1);
}
