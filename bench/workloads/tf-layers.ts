// What TensorFlow.js has no single operation for, from the operations that its own layers use.

import type { TfTensor } from "../peers/tfjs-types.js";

/** Over the last dimension; eps is PyTorch's default. */
export function tfLayerNorm(x: TfTensor, weight: TfTensor, bias: TfTensor, eps = 1e-5): TfTensor {
  const centered = x.sub(x.mean(-1, true));
  const variance = centered.square().mean(-1, true);
  return centered.mul(variance.add(eps).rsqrt()).mul(weight).add(bias);
}

/** x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2. */
export function tfGelu(x: TfTensor): TfTensor {
  const inner = x.add(x.square().mul(x).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
  return x.mul(0.5).mul(inner.tanh().add(1));
}
