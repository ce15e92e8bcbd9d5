// Checking derivatives against finite differences.

import { withGradEnabled } from "../autograd/modes.js";
import { AutogradError, formatShape } from "../core/errors.js";
import { grad } from "./autograd.js";
import { tensor } from "./create.js";
import { cat } from "./join.js";
import type { Tensor } from "./tensor.js";

/** A function of tensors to check; it must compute the same every time. It may be asynchronous. */
export type Checked = (...inputs: Tensor[]) => Outputs | Promise<Outputs>;

type Outputs = Tensor | readonly Tensor[];

export interface GradcheckOptions {
  /** Step of the central differences. Default 2e-3, which balances float32's rounding and the curvature. */
  readonly eps?: number;
  /** Allowed: atol + rtol * |numerical|. Defaults 5e-3 and 5e-3. */
  readonly atol?: number;
  readonly rtol?: number;
}

/**
 * Compares dL/dx from the tape with (L(x + eps) - L(x - eps)) / (2 eps) for every element x of the inputs that require
 * grad, L being a fixed weighted sum of the outputs.
 *
 * @returns true
 * @throws AutogradError naming the first element that differs
 */
export async function gradcheck(fn: Checked, inputs: readonly Tensor[], options: GradcheckOptions = {}): Promise<true> {
  const { eps = 2e-3, atol = 5e-3, rtol = 5e-3 } = options;
  const outputs = await differentiable(fn, inputs);
  const wanted = inputs.filter(({ requiresGrad }) => requiresGrad);
  const weights = outputs.map((output, o) => cotangent(output, o));
  const analytic = grad(outputs, wanted, { gradOutputs: weights, allowUnused: true, retainGraph: true });
  const flatWeights = await join(weights);

  for (const [w, input] of wanted.entries()) {
    const base = await input.data();
    const numerical = await differences(fn, inputs, input, base, flatWeights, eps);
    const found = (await analytic[w]?.data()) ?? new Float32Array(base.length);
    for (const [i, expected] of numerical.entries()) {
      const actual = found[i]!;
      if (Math.abs(actual - expected) <= atol + rtol * Math.abs(expected)) continue;
      throw new AutogradError(
        "gradcheck",
        `element ${i} of input ${inputs.indexOf(input)} ${formatShape(input.shape)}: the tape says ${actual}, ` +
          `central differences ${expected} (allowed ${atol} + ${rtol} * |value|)`,
      );
    }
  }
  return true;
}

/** Checks second derivatives: gradcheck of the gradients, as functions of the inputs and of dL/dy. */
export async function gradgradcheck(
  fn: Checked,
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): Promise<true> {
  const outputs = await differentiable(fn, inputs);
  const dys = outputs.map((output, o) => cotangent(output, o + 1).requiresGrad_());
  const wanted = inputs.map(({ requiresGrad }) => requiresGrad);
  const gradients: Checked = async (...all) => {
    const [xs, gradOutputs] = [all.slice(0, inputs.length), all.slice(inputs.length)];
    const ys = await differentiable(fn, xs);
    const targets = xs.filter((_, i) => wanted[i]);
    return grad(ys, targets, { gradOutputs, createGraph: true, allowUnused: true }).filter((dx) => dx !== null);
  };
  return gradcheck(gradients, [...inputs, ...dys], options);
}

/** dL/dx of every element of one input, L being the weighted sum of the outputs. */
async function differences(
  fn: Checked,
  inputs: readonly Tensor[],
  input: Tensor,
  base: ArrayLike<number>,
  weights: Float64Array,
  eps: number,
): Promise<number[]> {
  const evaluations: Tensor[] = [];
  const steps: number[] = [];
  for (let i = 0; i < base.length; i++) {
    for (const sign of [1, -1]) {
      const moved = Float32Array.from(base);
      moved[i] = base[i]! + sign * eps;
      if (sign === 1) steps.push(moved[i]!);
      else steps[i] = steps[i]! - moved[i]!; // what float32 made of 2 eps
      const replaced = inputs.map((other) => (other === input ? like(moved, input) : other));
      // Recording stays on: the function may itself ask for gradients.
      const ys = await withGradEnabled(true, () => differentiable(fn, replaced));
      evaluations.push(...ys.map((y) => y.detach().reshape([-1])));
    }
  }
  const values = evaluations.length === 0 ? [] : await cat(evaluations).data();
  const count = weights.length;
  return Array.from({ length: base.length }, (_, i) => {
    let difference = 0;
    for (let j = 0; j < count; j++)
      difference += weights[j]! * (values[2 * i * count + j]! - values[(2 * i + 1) * count + j]!);
    return difference / steps[i]!;
  });
}

function like(values: Float32Array, { shape }: Tensor): Tensor {
  return tensor(values).reshape(shape).detach().requiresGrad_();
}

/** Weights of the outputs, fixed and of both signs. */
function cotangent({ shape }: Tensor, salt: number): Tensor {
  const count = shape.reduce((a, b) => a * b, 1);
  return tensor(Float64Array.from({ length: count }, (_, i) => Math.cos(0.9 * i + 0.3 + salt)))
    .reshape(shape)
    .detach();
}

async function join(tensors: readonly Tensor[]): Promise<Float64Array> {
  const parts = await Promise.all(tensors.map((part) => part.data()));
  return Float64Array.from(parts.flatMap((part) => [...part]));
}

/** The outputs that carry a gradient. */
async function differentiable(fn: Checked, inputs: readonly Tensor[]): Promise<readonly Tensor[]> {
  const given = fn(...inputs);
  const outputs = given instanceof Promise ? await given : given;
  return ("shape" in outputs ? [outputs] : outputs).filter(({ requiresGrad }) => requiresGrad);
}
