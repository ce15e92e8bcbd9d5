// Methods that make other tensors, of this tensor's dtype unless the options say another one.

import type { Shape } from "../../core/shape.js";
import { filled, type TensorOptions, unfilled } from "../fill.js";
import type { Tensor } from "../tensor.js";
import { IndexingMethods } from "./indexing.js";

// biome-ignore format: one line per method
export abstract class CreationMethods extends IndexingMethods {
  /** Zeros in shape `size`. */
  newZeros(size: Shape, options?: TensorOptions): Tensor { return filled("newZeros", size, 0, { dtype: this.dtype, ...options }); }
  /** Ones in shape `size`. */
  newOnes(size: Shape, options?: TensorOptions): Tensor { return filled("newOnes", size, 1, { dtype: this.dtype, ...options }); }
  /** `fillValue` in shape `size`; it must be one that the dtype can hold. */
  newFull(size: Shape, fillValue: number | boolean, options?: TensorOptions): Tensor { return filled("newFull", size, fillValue, { dtype: this.dtype, ...options }); }
  /** Memory as it is found: to be overwritten before it is read. */
  newEmpty(size: Shape, options?: TensorOptions): Tensor { return unfilled("newEmpty", size, { dtype: this.dtype, ...options }); }
}
