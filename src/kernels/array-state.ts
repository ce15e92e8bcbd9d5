// What an array can be. Recipes (pointwise, deferred) are run when something that is not pointwise needs the elements.
//
//   realized   a storage and a layout over it
//   constant   one number everywhere; takes no memory until a kernel of its own has to fill a buffer
//   pointwise  a function of other arrays, element by element, not computed yet
//   deferred   a kernel not launched yet (matmul, conv), so that what follows can be computed as it stores its results

import type { Layout } from "../core/layout.js";
import type { RandomWord } from "../core/philox.js";
import type { Storage } from "../runtime/storage.js";
import type { NDArray } from "./array.js";
import type { PointwiseFunction } from "./pointwise/function.js";
import type { Fusion } from "./pointwise/fusion.js";

export interface Realized {
  readonly kind: "realized";
  readonly storage: Storage;
  readonly layout: Layout;
}
export interface Constant {
  readonly kind: "constant";
  readonly value: number;
  /** Whether nobody can change it in place, so that views of it need not share memory with it. */
  readonly isFrozen: boolean;
  /** Where the value comes from, if it is random: replays of a recorded step draw anew. */
  readonly random?: RandomWord;
}
export interface Pointwise {
  readonly kind: "pointwise";
  readonly fn: PointwiseFunction;
  readonly inputs: readonly NDArray[];
  /** Pointwise functions in the recipe, shared ones counted once per use. */
  readonly size: number;
  /** The arrays that it read from memory when it was made, each once; fewer or others where some were computed since. */
  readonly leaves: readonly NDArray[];
  /** The same value everywhere, for ever: a function of frozen constants alone. */
  readonly isUniform: boolean;
  /** What the array is a view of, if it is one. The recipe is for kernels that can do without its memory. */
  readonly viewOf: ViewOf | undefined;
}
export interface ViewOf {
  readonly base: NDArray;
  readonly change: (layout: Layout) => Layout;
}
export interface Deferred {
  readonly kind: "deferred";
  readonly inputs: readonly NDArray[];
  /** Launches the kernel; it hands each result to the fusion as `acc`, with its row-major index. */
  readonly launch: (epilogue: Fusion) => void;
  /** Buffers the kernel binds beside those of the epilogue. */
  readonly buffers: number;
  /** What the array is the same elements of, in the same order, if it was reshaped: the same kernel computes either. */
  readonly viewOf: ViewOf | undefined;
  /** Whether the array is the sums of its one input's columns: over all dimensions but the last. */
  readonly isColumnSums?: boolean;
  /** Of products. */
  readonly summing?: Summing;
}
/**
 * How to launch a product so that the sums of its first operand's rows are taken too, by the number of the row; undefined
 * is returned if its kernel cannot.
 */
export type Summing = () => ((epilogue: Fusion, sums: Fusion) => void) | undefined;
export type State = Realized | Constant | Pointwise | Deferred;

/** Whether the elements are not computed yet, but how to compute them is known. */
export function isRecipe(state: State): state is Pointwise | Deferred {
  return state.kind === "pointwise" || state.kind === "deferred";
}

/** The arrays that a recipe holds. */
export function heldBy(state: State): readonly NDArray[] {
  if (!isRecipe(state)) return [];
  const base = state.viewOf?.base;
  return base === undefined || state.inputs.includes(base) ? state.inputs : [...state.inputs, base];
}

/** Whether the state alone says that all elements are equal, and will stay so. */
export function isUniform(state: State): boolean {
  return state.kind === "constant" ? state.isFrozen : state.kind === "pointwise" && state.isUniform;
}
