// Parameters and their gradients as one vector, which is how L-BFGS sees them.

import { withGradEnabled } from "../autograd/modes.js";
import { zeros } from "../tensor/create.js";
import { cat } from "../tensor/join.js";
import type { Tensor } from "../tensor/tensor.js";

/** The gradients one after another, [n], as they are now. */
export function gradientOf(params: readonly Tensor[]): Tensor {
  const gradient = cat(params.map((param) => (param.grad ?? zeros(param.shape)).detach().reshape([-1])));
  gradient.array.realize(); // they are cleared before they are computed again
  return gradient;
}

/** Moves the parameters along a direction, [n]. */
export function move(params: readonly Tensor[], d: Tensor, t: number): void {
  let start = 0;
  withGradEnabled(false, () => {
    for (const param of params) {
      param.add_(d.narrow(0, start, param.numel()).reshape(param.shape).mul(t));
      start += param.numel();
    }
  });
}

/** Remembers where the parameters are, and puts them back there whenever it is called. */
export function returning(params: readonly Tensor[]): () => void {
  const before = params.map((param) => param.detach().clone());
  for (const copy of before) copy.array.realize();
  return () => withGradEnabled(false, () => params.forEach((param, i) => param.copy_(before[i]!)));
}
