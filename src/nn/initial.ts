// Initial values of layers: PyTorch's defaults. nn.init, in init.ts, is what people change them with.

import { defaultGenerator, type Generator } from "../core/philox.js";
import type { Shape } from "../core/shape.js";
import { rand } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";

/** Uniform in [-bound, bound). */
export function uniform(shape: Shape, bound: number, generator: Generator = defaultGenerator): Tensor {
  return rand(shape, { generator })
    .mul(2 * bound)
    .sub(bound);
}

/**
 * What PyTorch gives to weights and biases of linear and convolutional layers: uniform in +-1 / sqrt(fanIn).
 * (It is Kaiming's uniform initialisation with a = sqrt(5): He et al., "Delving deep into rectifiers", 2015.)
 */
export function fanInUniform(shape: Shape, fanIn: number): Tensor {
  return uniform(shape, fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0);
}
