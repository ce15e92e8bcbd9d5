// Derivatives of functions of tensors, as PyTorch's torch.autograd.functional has them: nobody's `.grad` is touched.

import { zerosLike } from "./create.js";
import {
  type DerivativeOptions,
  type Each,
  gradients,
  likeInputs,
  type Of,
  run,
  scalarOf,
  settled,
  type Tensors,
  weights,
} from "./differentiate.js";
import { stack } from "./join.js";
import type { Tensor } from "./tensor.js";

export type { DerivativeOptions } from "./differentiate.js";

/**
 * v^T J: the vector-Jacobian product of fn at the inputs, one gradient for each input.
 * @param v - of the output's shape; may be left out for a single element, where it is 1
 */
export function vjp<Inputs extends Tensors>(
  fn: Of<Inputs>,
  inputs: Inputs,
  v?: Tensors | null,
  options: DerivativeOptions = {},
): { outputs: Tensors; vjp: Each<Inputs, Tensor> } {
  const { xs, outputs, ys } = run("vjp", fn, inputs, options);
  const gradOutputs = weights("vjp", ys, v);
  const dxs = gradients("vjp", ys, xs, gradOutputs, options);
  return { outputs: settled(outputs, options), vjp: likeInputs(inputs, dxs) };
}

/**
 * J v: the Jacobian-vector product of fn at the inputs, one for each output: how the outputs change when the inputs move
 * along v. By two backward passes, the second through the first, which is linear in its weights.
 * @param v - one for each input, of its shape; may be left out for a single element, where it is 1
 */
export function jvp<Inputs extends Tensors>(
  fn: Of<Inputs>,
  inputs: Inputs,
  v?: Tensors | null,
  options: DerivativeOptions = {},
): { outputs: Tensors; jvp: Tensors } {
  const { xs, outputs, ys } = run("jvp", fn, inputs, options);
  const directions = weights("jvp", xs, v);
  const us = ys.map((y) => zerosLike(y).requiresGrad_());
  const dxs = gradients("jvp", ys, xs, us, { ...options, createGraph: true });
  const moved = dxs.map((dx, i) => [dx, directions[i]!] as const).filter(([dx]) => dx.requiresGrad);
  const dys = moved.length === 0 ? ys.map((y) => zerosLike(y)) : through(moved, us, options);
  return { outputs: settled(outputs, options), jvp: Array.isArray(outputs) ? dys : dys[0]! };
}

/** d(sum of dx v)/du: what is linear in u, differentiated by it. */
function through(
  moved: readonly (readonly [dx: Tensor, v: Tensor])[],
  us: readonly Tensor[],
  options: DerivativeOptions,
): Tensor[] {
  const dxs = moved.map(([dx]) => dx);
  const vs = moved.map(([, v]) => v);
  return gradients("jvp", dxs, us, vs, { ...options, strict: false });
}

/**
 * The Jacobian of fn at the inputs: for an output y and an input x it is [...y.shape, ...x.shape], its elements
 * dy[i] / dx[j]. One backward pass for each element of y.
 * @returns for one output and one input a tensor; for several inputs a list; for several outputs a list of those
 */
export function jacobian<Inputs extends Tensors>(
  fn: Of<Inputs>,
  inputs: Inputs,
  options: DerivativeOptions = {},
): Each<Inputs, Tensor> | Each<Inputs, Tensor>[] {
  const { xs, outputs, ys } = run("jacobian", fn, inputs, options);
  const blocks = ys.map((y) => likeInputs(inputs, rows(y, xs, options)));
  return Array.isArray(outputs) ? blocks : blocks[0]!;
}

/** dy[i]/dx for all i, one above the other, for each x. */
function rows(y: Tensor, xs: readonly Tensor[], options: DerivativeOptions): Tensor[] {
  const flat = y.reshape([-1]);
  const found = Array.from({ length: flat.numel() }, (_, i) =>
    gradients("jacobian", [flat.select(0, i)], xs, [null], { ...options, retainGraph: true }),
  );
  return xs.map((x, j) => {
    const shape = [...y.shape, ...x.shape];
    return found.length === 0 ? zerosLike(x).sum().expand(shape) : stack(found.map((dxs) => dxs[j]!)).reshape(shape);
  });
}

/**
 * The Hessian of a function with one value: for inputs x and z it is [...x.shape, ...z.shape], its elements
 * d^2 y / dx[i] dz[j].
 * @returns for one input a tensor; for several a list of lists
 */
export function hessian<Inputs extends Tensors>(
  fn: Of<Inputs>,
  inputs: Inputs,
  options: DerivativeOptions = {},
): Each<Inputs, Each<Inputs, Tensor>> {
  const slopes = (...xs: Tensor[]): Tensors => {
    const y = scalarOf("hessian", (fn as (...xs: Tensor[]) => Tensors)(...xs));
    return likeInputs(inputs, gradients("hessian", [y], xs, [null], { ...options, createGraph: true }));
  };
  return jacobian(slopes as Of<Inputs>, inputs, options) as Each<Inputs, Each<Inputs, Tensor>>;
}

/**
 * H v: the Hessian of a function with one value times a vector, without the Hessian: the gradient of (gradient times v).
 * The Hessian of a function that is twice continuously differentiable is symmetric, so this is also v^T H.
 * @param v - one for each input, of its shape
 */
export function hvp<Inputs extends Tensors>(
  fn: Of<Inputs>,
  inputs: Inputs,
  v?: Tensors | null,
  options: DerivativeOptions = {},
): { outputs: Tensor; hvp: Each<Inputs, Tensor> } {
  const { xs, outputs } = run("hvp", fn, inputs, options);
  const y = scalarOf("hvp", outputs);
  const directions = weights("hvp", xs, v);
  const slopes = gradients("hvp", [y], xs, [null], { ...options, createGraph: true });
  const moved = slopes.map((dx, i) => [dx, directions[i]!] as const).filter(([dx]) => dx.requiresGrad);
  const bent = moved.map(([dx]) => dx);
  const products =
    bent.length === 0
      ? xs.map((x) => zerosLike(x))
      : gradients(
          "hvp",
          bent,
          xs,
          moved.map(([, d]) => d),
          options,
        );
  return { outputs: settled(y, options) as Tensor, hvp: likeInputs(inputs, products) };
}
