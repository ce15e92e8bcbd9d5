// Methods of tensors that are products of matrices, and convolutions.

import type { Conv2dAttributes, Pair } from "../../kernels/conv2d.js";
import * as conv from "../../ops/conv.js";
import * as products from "../../ops/matmul.js";
import * as pool from "../../ops/pool.js";
import * as softmaxes from "../../ops/softmax.js";
import { apply } from "../construct.js";
import { product } from "../product.js";
import type { Tensor } from "../tensor.js";
import { ReductionMethods } from "./reduction.js";

// biome-ignore format: one line per method
export abstract class ProductMethods extends ReductionMethods {
  /** The matrix product; vectors and leading dimensions as in PyTorch's matmul. */
  matmul(other: Tensor): Tensor { return product("matmul", this.self, other, (a, b) => apply(products.matmul, [a, b])); }
  /** The product of two matrices. */
  mm(other: Tensor): Tensor { return product("mm", this.self, other, (a, b) => apply(products.matmul, [a, b])); }
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
  maxPool2dGradient(indices: Tensor, attributes: pool.MaxPool2dAttributes, size: Pair): Tensor { return apply(pool.maxPool2dGradient, [this, indices], { ...attributes, size }); }
  /** @internal */
  avgPool2d(attributes: pool.AvgPool2dAttributes): Tensor { return apply(pool.avgPool2d, [this], attributes); }
  /** @internal */
  avgPool2dGradient(attributes: pool.AvgPool2dAttributes, size: Pair): Tensor { return apply(pool.avgPool2dGradient, [this], { ...attributes, size }); }
  /** @internal */
  crossEntropyGradient(logSum: Tensor, labels: Tensor, scale: Tensor): Tensor { return apply(softmaxes.crossEntropyGradient, [this, logSum, labels, scale]); }
}
