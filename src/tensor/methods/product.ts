// Methods of tensors that are products of matrices, and convolutions.

import type { AttentionAttributes } from "../../kernels/attention-kernel.js";
import type { Conv2dAttributes, Pair } from "../../kernels/conv2d.js";
import type { RecurrentAttributes } from "../../kernels/recurrent.js";
import * as attention from "../../ops/attention.js";
import * as conv from "../../ops/conv.js";
import * as norms from "../../ops/layer-norm.js";
import * as channels from "../../ops/normalization.js";
import * as pool from "../../ops/pool.js";
import * as recurrence from "../../ops/recurrent.js";
import * as softmaxes from "../../ops/softmax.js";
import { apply, applyMulti } from "../construct.js";
import {
  batches,
  matrices,
  matrixAndVector,
  outer,
  product,
  type ScaledSumOptions,
  scaledSum,
  vectors,
} from "../product.js";
import { type RecurrentInputs, recurrentGradientsAgain } from "../recurrent-again.js";
import type { Tensor } from "../tensor.js";
import { ReductionMethods } from "./reduction.js";

// biome-ignore format: one line per method
export abstract class ProductMethods extends ReductionMethods {
  /** The matrix product; vectors and leading dimensions as in PyTorch's matmul. Integers are exact. */
  matmul(other: Tensor): Tensor { return product("matmul", this.self, other); }
  /** The product of two matrices. */
  mm(mat2: Tensor): Tensor { return product("mm", this.self, mat2, matrices); }
  /** Products of matrices one by one: [B, M, K] and [B, K, N] -> [B, M, N]. */
  bmm(mat2: Tensor): Tensor { return product("bmm", this.self, mat2, batches); }
  /** A matrix times a vector: [M, K] and [K] -> [M]. */
  mv(vec: Tensor): Tensor { return product("mv", this.self, vec, matrixAndVector); }
  /** sum_i x_i y_i of two vectors. */
  dot(tensor: Tensor): Tensor { return product("dot", this.self, tensor, vectors); }
  /** y_ij = x_i vec2_j: [M] and [N] -> [M, N]. */
  outer(vec2: Tensor): Tensor { return outer("outer", this.self, vec2); }
  /** beta this + alpha mat1 mat2, where this broadcasts to [M, N]. With beta 0 this tensor is left out, NaN and all. */
  addmm(mat1: Tensor, mat2: Tensor, options: ScaledSumOptions = {}): Tensor { return scaledSum("addmm", this.self, product("addmm", mat1, mat2, matrices), options); }
  /** @internal src/nn/functional.ts has the public forms of these. */
  conv2d(weight: Tensor, attributes: Conv2dAttributes, bias?: Tensor | null): Tensor {
    return bias ? apply(conv.conv2dWithBias, [this, weight, bias], attributes) : apply(conv.conv2d, [this, weight], attributes);
  }
  /** @internal */
  conv2dInputGradient(weight: Tensor, attributes: Conv2dAttributes, size: Pair): Tensor { return apply(conv.conv2dInput, [this, weight], { ...attributes, size }); }
  /** @internal */
  conv2dWeightGradient(dy: Tensor, attributes: Conv2dAttributes, size: Pair): Tensor { return apply(conv.conv2dWeight, [this, dy], { ...attributes, size }); }
  /** @internal */
  maxPool2d(attributes: pool.MaxPool2dAttributes): Tensor { return apply(pool.maxPool2d, [this], attributes); }
  /** @internal */
  maxPool2dWithIndices(attributes: pool.MaxPool2dAttributes): Tensor[] { return applyMulti(pool.maxPool2dWithIndices, [this], attributes); }
  /** @internal */
  maxPool2dGradient(indices: Tensor, attributes: pool.MaxPool2dAttributes, size: Pair): Tensor { return apply(pool.maxPool2dGradient, [this, indices], { ...attributes, size }); }
  /** @internal */
  avgPool2d(attributes: pool.AvgPool2dAttributes): Tensor { return apply(pool.avgPool2d, [this], attributes); }
  /** @internal */
  avgPool2dGradient(attributes: pool.AvgPool2dAttributes, size: Pair): Tensor { return apply(pool.avgPool2dGradient, [this], { ...attributes, size }); }
  /** @internal The derivative of softmax; `this` is its result. */
  softmaxGradient(dy: Tensor, dim: number): Tensor { return apply(softmaxes.softmaxGradient, [this, dy], dim); }
  /** @internal The derivative of logSoftmax; `this` is its result. */
  logSoftmaxGradient(dy: Tensor, dim: number): Tensor { return apply(softmaxes.logSoftmaxGradient, [this, dy], dim); }
  /** @internal */
  layerNormGradient(dy: Tensor, weight: Tensor, mean: Tensor, rstd: Tensor, attributes: norms.GradientAttributes): Tensor[] { return applyMulti(norms.layerNormGradient, [this, dy, weight, mean, rstd], attributes); }
  /** @internal */
  batchNormGradient(x: Tensor, weight: Tensor, mean: Tensor, rstd: Tensor): Tensor[] { return applyMulti(channels.batchNormGradient, [this, x, weight, mean, rstd]); }
  /** @internal */
  crossEntropyGradient(largest: Tensor, logSum: Tensor, mass: Tensor, labels: Tensor, weight: Tensor, scale: Tensor | number, smoothing: number): Tensor { return apply(softmaxes.crossEntropyGradient, [this, largest, logSum, mass, labels, weight, scale], smoothing); }
  /** @internal */
  attentionGradient(key: Tensor, value: Tensor, mask: Tensor, output: Tensor, stats: Tensor, dy: Tensor, attributes: AttentionAttributes): Tensor[] {
    return applyMulti(attention.attentionGradient, [this, key, value, mask, output, stats, dy], attributes);
  }
  /** @internal The derivative of recurrent; `this` is its first result, `others` as the op lists them. */
  recurrentGradient(others: readonly Tensor[], attributes: RecurrentAttributes): Tensor[] { return applyMulti(recurrence.recurrentGradient, [this, ...others], attributes); }
  /** @internal The same as functions that can be differentiated again. */
  recurrentGradientAgain(inputs: RecurrentInputs, dys: readonly Tensor[], needs: readonly boolean[], attributes: RecurrentAttributes): (Tensor | undefined)[] { return recurrentGradientsAgain(inputs, dys, needs, attributes); }
}
