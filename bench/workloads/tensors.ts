// Tapegrad tensors from flat data.

import { type nn, noGrad, type Tensor, tensor } from "tapegrad";

export function shaped(values: Float32Array | Int32Array, shape: readonly number[]): Tensor {
  return tensor(values).reshape([...shape]);
}

/** A leaf that gradients reach. */
export function leaf(values: Float32Array, shape: readonly number[]): Tensor {
  return shaped(values, shape).detach().requiresGrad_();
}

/** Overwrites a module's parameters, in the order of `parameters()`. */
export function load(module: nn.Module, values: readonly Float32Array[]): void {
  using _ = noGrad();
  [...module.parameters()].forEach((parameter, i) => {
    parameter.copy_(shaped(values[i]!, parameter.shape));
  });
}
