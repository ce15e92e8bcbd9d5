// Views of arrays that were not computed yet. Such a view has a recipe of its own, so that kernels can compute with it
// without anybody writing the base to memory; once it needs memory, it is a layout over that of the base.

import { contiguous, isContiguous, type Layout } from "../core/layout.js";
import type { Storage } from "../runtime/storage.js";
import type { NDArray } from "./array.js";
import { isRecipe, type State, type ViewOf } from "./array-state.js";

/** What a view of `array` is a view of: never of a view. */
export function viewed(array: NDArray, change: (layout: Layout) => Layout): ViewOf {
  const inner = viewOf(array.state);
  if (inner === undefined) return { base: array, change };
  return { base: inner.base, change: (layout) => change(inner.change(layout)) };
}

function viewOf(state: State): ViewOf | undefined {
  return isRecipe(state) ? state.viewOf : undefined;
}

/** The base whose memory the elements are to lie in; undefined where it has none yet, and nobody else holds it. */
export function sharedBase(state: State): ViewOf | undefined {
  const own = viewOf(state);
  if (own === undefined) return undefined;
  const isAlone = own.base.refs === 1 && own.base.state.kind !== "realized"; // the one count is the view's
  return isAlone ? undefined : own;
}

/** What stands for an array's memory: the storage, or the array that will have one. */
export function memoryOf(array: NDArray): Storage | NDArray {
  if (array.state.kind === "realized") return array.state.storage;
  const base = viewOf(array.state)?.base;
  return base === undefined ? array : memoryOf(base);
}

/** Whether the elements lie, or will lie, in row-major order without gaps. */
export function isDense(state: State): boolean {
  if (state.kind === "realized") return isContiguous(state.layout);
  const own = viewOf(state);
  return own === undefined || isContiguous(own.change(contiguous(own.base.shape)));
}

/** Where the elements lie in their storage, or will lie once there is one. */
export function layoutOf({ state, shape }: Pick<NDArray, "state" | "shape">): Layout {
  if (state.kind === "realized") return state.layout;
  const own = viewOf(state);
  return own === undefined ? contiguous(shape) : own.change(layoutOf(own.base));
}
