// Tracing: what a kernel for some pending arrays has to compute, and what it reads.

import type { NDArray } from "../array.js";
import type { Pointwise } from "../array-state.js";

/** Pointwise functions one kernel may hold. */
export const MAX_NODES = 64;
/** Kernels that may compute an array on their way, before it is written to memory. */
const MAX_COMPUTATIONS = 2;

export interface Trace {
  /** Pointwise arrays, operands before their users. */
  readonly nodes: readonly NDArray[];
  /** Arrays that are read from memory: realized, or deferred and to be launched first. */
  readonly leaves: readonly NDArray[];
  readonly constants: readonly NDArray[];
  /** Traced arrays by how often traced arrays read them. An array with more holders than that is wanted elsewhere too. */
  readonly uses: ReadonlyMap<NDArray, number>;
}

/** @param anchor - an array whose value the kernel has at hand, so that its recipe is not followed */
export function trace(roots: readonly NDArray[], anchor?: NDArray): Trace {
  const nodes: NDArray[] = [];
  const leaves: NDArray[] = [];
  const constants: NDArray[] = [];
  const uses = new Map<NDArray, number>();
  const visit = (array: NDArray): void => {
    const seen = uses.get(array);
    uses.set(array, (seen ?? 0) + 1);
    if (seen !== undefined || array === anchor) return;
    const { state } = array;
    if (state.kind === "constant") constants.push(array);
    else if (state.kind !== "pointwise") leaves.push(array);
    else {
      for (const input of state.inputs) visit(input); // at most MAX_NODES deep
      nodes.push(array);
    }
  };
  for (const root of roots) visit(root);
  for (const root of roots) uses.set(root, uses.get(root)! - 1);
  return { nodes, leaves, constants, uses };
}

/**
 * Traced arrays that enough kernels have computed on their way, and that somebody else may want again: they are cheaper to
 * write once, however small their part. A user's `x = randn(...)` would otherwise be drawn anew in each round of a loop.
 * Twice is usual (forward and backward).
 */
export function worthKeeping(traced: Trace, root?: NDArray): NDArray | undefined {
  return traced.nodes.findLast(
    (node) => node !== root && node.computations >= MAX_COMPUTATIONS && !node.isUniform && isHeld(traced, node),
  );
}

/** Notes that a kernel computes traced arrays, and which of them it keeps. */
export function countComputations({ nodes }: Trace, kept: readonly NDArray[]): void {
  for (const node of nodes) if (!kept.includes(node)) node.computations++;
}

/** Distinct arrays that a kernel over these would read from memory. */
export function countLeaves(arrays: readonly NDArray[]): number {
  return trace(arrays).leaves.length;
}

/** Whether someone besides the traced recipes holds `array`. */
export function isHeld({ uses }: Trace, array: NDArray): boolean {
  return array.refs > (uses.get(array) ?? 0);
}

/** The recipe of a traced node. */
export function functionOf({ state }: NDArray): Pointwise {
  if (state.kind !== "pointwise") throw new TypeError(`expected a pointwise recipe, got ${state.kind}`);
  return state;
}

/** Whether the function of an array's recipe asks for the elements' indices. */
export function isIndexed({ state }: NDArray): boolean {
  return state.kind === "pointwise" && state.fn.indexed === true;
}
