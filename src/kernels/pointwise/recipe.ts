// Pointwise recipes: how far one may grow before its operands are computed, and how a small one takes another shape.

import { numel, type Shape, sameShape } from "../../core/shape.js";
import type { Device } from "../../runtime/device.js";
import type { NDArray } from "../array.js";
import type { Pointwise, ViewOf } from "../array-state.js";
import type { PointwiseFunction } from "./function.js";
import { countLeaves, MAX_NODES } from "./trace.js";

/** Function evaluations that one more launch is worth, about. */
const MAX_REPEATED_WORK = 1 << 18;
const MIN_REPEATS = 4;
/** Recipes of at most this size are rewritten for a new shape rather than run. */
const MAX_REWRITE = 8;

/** The recipe for `fn` of `inputs`, which broadcast to `shape`; operands that are better computed first are. */
export function recipeOf(
  fn: PointwiseFunction,
  shape: Shape,
  inputs: readonly NDArray[],
  { limits }: Device,
  viewOf: ViewOf | undefined,
): Pointwise {
  // An operand that is repeated many times over is cheaper to store than to compute again for each repetition.
  for (const input of inputs) {
    if (input.state.kind !== "pointwise" || input.isUniform) continue;
    const repeats = numel(shape) / Math.max(numel(input.shape), 1);
    if (repeats >= MIN_REPEATS && input.state.size * numel(shape) > MAX_REPEATED_WORK) input.realize();
  }
  // Bounds on one kernel: its length, and the buffers an adapter lets it bind (one is the output's).
  const size = sizeOf(inputs);
  let leaves = leavesOf(inputs);
  const most = limits.maxStorageBuffersPerShaderStage;
  if (size > MAX_NODES || (size > 2 && leaves.length >= most && countLeaves(inputs) >= most)) {
    for (const input of inputs) if (input.state.kind === "pointwise") input.realize();
    leaves = leavesOf(inputs);
  }
  const isUniform = !fn.indexed && inputs.every((input) => input.isUniform);
  return { kind: "pointwise", fn, inputs, size: sizeOf(inputs), leaves, isUniform, viewOf };
}

/** What a recipe over these inputs reads from memory; a list that is there already, if it says that. */
function leavesOf(inputs: readonly NDArray[]): readonly NDArray[] {
  let all: readonly NDArray[] = [];
  for (const input of inputs) {
    const { state } = input;
    if (state.kind === "constant") continue;
    if (state.kind === "pointwise" && all.length === 0) {
      all = state.leaves;
      continue;
    }
    const own = state.kind === "pointwise" ? state.leaves : [input];
    const others = own.filter((leaf) => !all.includes(leaf));
    if (others.length > 0) all = [...all, ...others];
  }
  return all;
}

/** Functions in a recipe over these inputs. */
function sizeOf(inputs: readonly NDArray[]): number {
  let size = 1;
  for (const { state } of inputs) if (state.kind === "pointwise") size += state.size;
  return size;
}

/** For small recipes: the same function and operands for a shape that differs only in dimensions of size 1. */
export function rewrittenFor(
  to: Shape,
  { state, shape }: NDArray,
): { readonly fn: PointwiseFunction; readonly inputs: readonly NDArray[] } | undefined {
  if (state.kind !== "pointwise" || state.isUniform || state.size > MAX_REWRITE) return undefined;
  const wide = (size: number): boolean => size !== 1;
  if (!sameShape(to.filter(wide), shape.filter(wide))) return undefined;
  if (state.fn.indexed) return undefined;
  return { fn: state.fn, inputs: state.inputs.map((input) => input.reshape(alongOnes(shape, to, input.shape))) };
}

/** The shape an operand of shape `own`, broadcast to `from`, must take to be broadcast to `to` instead. */
function alongOnes(from: Shape, to: Shape, own: Shape): Shape {
  const result: number[] = [];
  let f = from.length - 1;
  const left = (): boolean => own.length - (from.length - f) >= 0;
  const size = (): number => own[own.length - (from.length - f)]!;
  for (let t = to.length - 1; t >= 0; t--) {
    while (f >= 0 && from[f] === 1 && to[t] !== 1) f--;
    const isOld = f >= 0 && from[f] === to[t];
    if (!isOld) result.unshift(1);
    else if (left()) result.unshift(size());
    else break;
    if (isOld) f--;
  }
  return result;
}
