// Clipping of gradients, on the GPU alone.

import { withGradEnabled } from "../../autograd/modes.js";
import { checkNumber, describe, elementsOf, isTensor } from "../../core/check.js";
import { OutOfRangeError, TapegradError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { findNaN } from "../../kernels/find-nan.js";
import { zeros } from "../../tensor/create.js";
import { changeGradients, type GradientPart, gradientParts, ownOr } from "../../tensor/gradient-parts.js";
import { stack } from "../../tensor/join.js";
import { norm } from "../../tensor/reduction.js";
import type { Tensor } from "../../tensor/tensor.js";
import { tidy } from "../../tensor/tidy.js";

/** Options of clipGradNorm_. */
export interface ClipGradNormOptions {
  /** Order of the norm: 1, 2, Infinity ... Default 2. */
  readonly normType?: number;
  /** Whether a norm that is NaN or infinite is an error, thrown at the next await. Default false. */
  readonly errorIfNonfinite?: boolean;
}

/**
 * Scales all gradients by min(1, maxNorm / (norm + 1e-6)), norm being that of all gradients as one vector (Pascanu, Mikolov
 * and Bengio, "On the difficulty of training recurrent neural networks", 2013, algorithm 1). To be called between backward()
 * and step().
 *
 * @param parameters - net.parameters(), or one tensor; those without a gradient do not count
 * @returns the norm before clipping, shape []; reading it is up to the caller
 *
 * The number of launches does not depend on that of the parameters, once they are an optimizer's. NaN stays NaN.
 */
export function clipGradNorm_(
  parameters: Tensor | Iterable<Tensor>,
  maxNorm: number,
  options: ClipGradNormOptions = {},
): Tensor {
  const names = ["normType", "errorIfNonfinite"] as const;
  const { normType = 2, errorIfNonfinite = false } = checkOptions("clipGradNorm_", options, names);
  checkNumber("clipGradNorm_", { maxNorm });
  const list = listOf("clipGradNorm_", parameters);
  const clip = (): Tensor => {
    const parts = gradientParts(list);
    const norms = parts.map((part) => normOf(part, normType));
    if (norms.length === 0) return zeros([]);
    const total = norms.length === 1 ? norms[0]! : norm("clipGradNorm_", stack(norms), normType, {});
    if (errorIfNonfinite) {
      const problem = `the norm of order ${normType} of the gradients is NaN or infinite, so that they cannot be clipped`;
      findNaN(total.where(total.isfinite(), Number.NaN).array, () => new TapegradError("clipGradNorm_", problem));
    }
    const scale = total.add(1e-6).reciprocal().mul(maxNorm).clamp({ max: 1 });
    for (const part of parts) changeGradients(part, (values) => values.mul_(ownOr(part, scale, 1)));
    return total;
  };
  return withGradEnabled(false, () => tidy(clip));
}

function normOf(part: GradientPart, normType: number): Tensor {
  const { values, isOwn } = part;
  const nothing = normType === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : 0;
  return tidy(() => {
    const result = norm("clipGradNorm_", isOwn === undefined ? values : values.where(isOwn, nothing), normType, {});
    result.array.realize(); // before the gradients change
    return result;
  });
}

/**
 * Clamps every element of the gradients to [-clipValue, clipValue]. To be called between backward() and step().
 *
 * @param parameters - net.parameters(), or one tensor
 *
 * One launch for all parameters of an optimizer's group. NaN stays NaN.
 */
export function clipGradValue_(parameters: Tensor | Iterable<Tensor>, clipValue: number): void {
  if (!(clipValue >= 0)) throw new OutOfRangeError("clipGradValue_", `clipValue must be 0 or more, got ${clipValue}`);
  const clip = (part: GradientPart): void => {
    const [min, max] = [
      ownOr(part, -clipValue, Number.NEGATIVE_INFINITY),
      ownOr(part, clipValue, Number.POSITIVE_INFINITY),
    ];
    changeGradients(part, (values) => values.clamp_(min, max));
  };
  const list = listOf("clipGradValue_", parameters);
  tidy(() => gradientParts(list).forEach(clip));
}

function listOf(op: string, parameters: Tensor | Iterable<Tensor>): readonly Tensor[] {
  const list = isTensor(parameters) ? [parameters as Tensor] : elementsOf(parameters);
  if (list?.every(isTensor)) return list;
  throw new TapegradError(op, `takes net.parameters(), or one tensor, got ${describe(parameters)}`);
}
