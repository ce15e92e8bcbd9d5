// Comparisons and tests that are rarer than methods.

import { isFloatingPoint } from "../core/dtype.js";
import { DTypeError } from "../core/errors.js";
import { sameShape } from "../core/shape.js";
import * as ops from "../ops/comparison.js";
import { signbit as signbitOp } from "../ops/floats.js";
import { apply, type Operand } from "../tensor/construct.js";
import type { Tensor } from "../tensor/tensor.js";
import { asTensor } from "./operand.js";

/** How close is close: |input - other| <= atol + rtol |other|. */
export interface CloseOptions {
  /** Default 1e-5. */
  readonly rtol?: number | null;
  /** Default 1e-8. */
  readonly atol?: number | null;
  /** Whether NaN is close to NaN. Default false. */
  readonly equalNan?: boolean | null;
}

/** Whether |input - other| <= atol + rtol |other|, element by element, as bool. Infinities are close to themselves. */
export function isclose(input: Tensor, other: Tensor, options: CloseOptions = {}): Tensor {
  return close("isclose", input, other, options);
}

/** Whether all elements are close; see isclose. Asynchronous: waits for the GPU. */
export async function allclose(input: Tensor, other: Tensor, options: CloseOptions = {}): Promise<boolean> {
  return (await close("allclose", input, other, options).all().item()) !== 0;
}

function close(op: string, input: Tensor, other: Tensor, { rtol, atol, equalNan }: CloseOptions): Tensor {
  if (input.dtype !== other.dtype) {
    throw new DTypeError(op, `the tensors are ${input.dtype} and ${other.dtype}: use other.to(input)`);
  }
  const same = input.eq(other);
  const equal = equalNan ? same.logicalOr(input.isnan().logicalAnd(other.isnan())) : same;
  const there = isFloatingPoint(other.dtype) ? other : other.float();
  const distance = input.sub(there).abs();
  const allowed = there
    .mul(rtol ?? 1e-5)
    .abs()
    .add(atol ?? 1e-8);
  return equal.logicalOr(distance.isfinite().logicalAnd(distance.le(allowed)));
}

/** Whether two tensors have the same shape and the same elements; NaN is not NaN. Asynchronous: waits for the GPU. */
export async function equal(input: Tensor, other: Tensor): Promise<boolean> {
  return sameShape(input.shape, other.shape) && (await input.eq(other).all().item()) !== 0;
}

/** Options of isin. */
export interface IsinOptions {
  /** Whether to tell what is missing instead. */
  readonly invert?: boolean | null;
  /** Whether both hold every value once; here no faster. */
  readonly assumeUnique?: boolean | null;
}

/** Whether each element is one of `testElements`, as bool of the elements' shape. One of the two may be a number. */
export function isin(elements: Operand, testElements: Operand, { invert }: IsinOptions = {}): Tensor {
  const among = asTensor(testElements).reshape([-1]);
  const found = asTensor(elements).unsqueeze(-1).eq(among).any(-1);
  return invert ? found.logicalNot() : found;
}

/** Whether x is -infinity. */
export function isneginf(input: Tensor): Tensor {
  return input.eq(Number.NEGATIVE_INFINITY);
}

/** Whether x is infinity. */
export function isposinf(input: Tensor): Tensor {
  return input.eq(Number.POSITIVE_INFINITY);
}

/** Whether the sign is negative, also of -0. */
export function signbit(input: Tensor): Tensor {
  return apply(signbitOp, [input]);
}

/** The step: 0 below 0 and for NaN, `values` at 0, 1 above. Both have one dtype. */
export function heaviside(input: Tensor, values: Tensor): Tensor {
  if (input.dtype !== values.dtype) {
    throw new DTypeError("heaviside", `the tensors are ${input.dtype} and ${values.dtype}: use values.to(input)`);
  }
  return apply(ops.heaviside, [input, values]);
}
