// Tensor: its parts, one class on top of another, and how it is constructed.

import { constructWith } from "./construct.js";
import { InPlaceMethods } from "./methods/in-place.js";

export { apply, applyMulti, factory, make, type Operand, seed } from "./construct.js";
export type { Dims, KeepdimOptions, ReductionOptions } from "./methods/reduction.js";

/**
 * A multi-dimensional array on the GPU that remembers how it was computed.
 *
 *     base.ts                what it is: shape, dtype, memory, reading
 *     methods/autograd.ts    backward, grad, hooks              methods/product.ts   matrices
 *     methods/arithmetic.ts  two operands, element by element   methods/shape.ts     other shapes of the same elements
 *     methods/elementary.ts  functions of one number            methods/indexing.ts  picking and placing elements
 *     methods/reduction.ts   over dimensions                    methods/in-place.ts  changing it
 *     methods/creation.ts    others of its dtype
 *
 * What every user reaches for is a method. What is rarer is a function that takes the tensor first (src/functions, linalg
 * ...): pages that do not use it need not load it.
 */
export class Tensor extends InPlaceMethods {}

constructWith((array, variable, madeBy) => new Tensor(array, variable, madeBy));
