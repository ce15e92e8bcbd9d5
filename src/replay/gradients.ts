// What a recorded step does to the gradients of leaves. Its commands write the elements; that `x.grad` is there, is another
// tensor or is gone has to be seen to in each replay.

import { keep } from "../autograd/scope.js";
import type { GradState, Variable } from "../autograd/variable.js";
import { contiguous } from "../core/layout.js";
import { NDArray } from "../kernels/array.js";
import type { Block } from "../runtime/block.js";
import type { Recording } from "../runtime/recording.js";
import type { Storage } from "../runtime/storage.js";
import { occupy } from "../tensor/own.js";
import { make, type Tensor } from "../tensor/tensor.js";

/** A gradient that the step leaves in memory of its own: each replay puts it into new memory. */
export interface NewGradient {
  readonly variable: Variable;
  readonly grad: Tensor;
}

/**
 * Adds what concerns gradients to a recording.
 * @param leaves - the leaves whose gradients the step asked for or changed, with what they were before
 * @returns the gradients that are made anew each time
 */
export function planGradients(leaves: Iterable<[Variable, GradState]>, recording: Recording): NewGradient[] {
  const made: NewGradient[] = [];
  for (const [variable, { grad: before, storage }] of leaves) {
    recording.guards.push(() => (variable.grad !== undefined) === (before !== undefined));
    if (storage !== undefined) planOld(variable, storage, recording);
    const { grad: after } = variable;
    if (after === before) continue;
    if (after === undefined) {
      recording.effects.push(() => variable.setGrad(undefined));
      continue;
    }
    const { block } = after.array;
    if (block === variable.gradHome?.block) recording.preparations.push(renewing(variable, after, block));
    else if (recording.reserve.has(block)) made.push({ variable, grad: after });
    else recording.effects.push(() => variable.setGrad(after));
  }
  return made;
}

/** A gradient that the step reads or adds to: there may be another tensor by the next time, but in the same place. */
function planOld(variable: Variable, storage: Storage, recording: Recording): void {
  const block = recording.touched.get(storage);
  if (block === undefined) return;
  recording.touched.delete(storage);
  recording.guards.push(() => variable.gradState.storage?.location === block);
  if (recording.overwritten.delete(storage)) {
    recording.preparations.push(() => variable.gradState.storage?.beforeOverwrite());
  }
}

/** Makes room for a gradient that is written to its place beside the others of an optimizer. */
function renewing(variable: Variable, { device, dtype, shape }: Tensor, home: Block): () => void {
  return () => {
    const { storage } = variable.gradState;
    if (storage?.location === home && !variable.isGradShared) {
      storage.beforeOverwrite();
      return;
    }
    const { gradHome } = variable;
    variable.setGrad(undefined);
    if (gradHome !== undefined)
      install(variable, NDArray.over(occupy(gradHome, { device, dtype, shape }), dtype, contiguous(shape)));
  };
}

/** Gives a leaf a gradient that nobody has seen yet. */
export function install(variable: Variable, array: NDArray): void {
  variable.setGrad(undefined);
  variable.grad = make(array, undefined);
  variable.isGradShared = false;
  keep(variable.grad);
}
