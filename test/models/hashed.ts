// Weights that any program can make: scripts/golden_models.py makes the same.

import { numel, type Shape } from "../../src/core/shape.js";
import { type nn, noGrad, type Tensor, tensor, tidy } from "../../src/index.js";

/** Numbers in [-1, 1), multiples of 2^-22: the elements' indices, mixed (murmur3's finalizer). */
export function hashed(name: string, shape: Shape): Float32Array {
  let seed = 2166136261; // FNV-1a
  for (const byte of Buffer.from(name)) seed = Math.imul(seed ^ byte, 16777619);
  const values = new Float32Array(numel(shape));
  for (let i = 0; i < values.length; i++) {
    let h = (Math.imul(i, 0x9e3779b1) + seed) | 0;
    h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    values[i] = ((h ^ (h >>> 16)) >>> 9) * 2 ** -22 - 1;
  }
  return values;
}

/** The same as a tensor. */
export function hashedTensor(name: string, shape: Shape): Tensor {
  return tensor(hashed(name, shape)).reshape(shape);
}

/** The model with such weights, of He et al.'s variance. */
export function fill<M extends nn.Module>(model: M): M {
  for (const [name, own] of [...model.namedParameters(), ...model.namedBuffers()]) {
    const { shape } = own;
    const x = hashed(name, shape);
    let [scale, shift] = [Math.fround(Math.sqrt(6 / numel(shape.slice(1)))), 0];
    if (name.endsWith("num_batches_tracked")) scale = 0;
    else if (name.endsWith("running_var")) [scale, shift] = [1 / 2, 1];
    else if (shape.length === 1) [scale, shift] = /bias$|running_mean$/.test(name) ? [1 / 8, 0] : [1 / 4, 1];
    for (let i = 0; i < x.length; i++) x[i] = x[i]! * scale + shift;
    tidy(() => {
      noGrad(() => own.copy_(tensor(x).reshape(shape)));
    });
  }
  return model;
}
