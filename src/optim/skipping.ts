// Steps of optimizers that the GPU may skip: whether it does is a number that no one has read.

import type { Additions } from "../kernels/source.js";
import always from "../kernels/wgsl/shared/always.js";
import unlessOverflow from "../kernels/wgsl/shared/unless-overflow.js";
import type { Block } from "../runtime/block.js";
import type { Tensor } from "../tensor/tensor.js";

/** What an update kernel is to be compiled and launched with. */
interface Condition {
  readonly name: string;
  readonly additions: Additions;
  readonly blocks: readonly Block[];
}

let current: { readonly flags: Tensor; isHeard: boolean } | undefined;

/**
 * Runs a step that update kernels are to skip if the first of the flags is not 0.
 * @param flags - [2], float32: whether to skip, and how many steps were not skipped so far
 * @returns whether there was a kernel that heeds them
 */
export function mayBeSkipped(flags: Tensor, step: () => void): boolean {
  const outer = current;
  const own = { flags, isHeard: false };
  current = own;
  try {
    step();
    return own.isHeard;
  } finally {
    current = outer;
  }
}

/** For an update kernel that is launched now. */
export function whetherSkipped(): Condition {
  if (current === undefined) return { name: "always", additions: { imports: [always] }, blocks: [] };
  current.isHeard = true;
  const buffers = [{ name: "flags", access: "read" as const, type: "array<f32>" }];
  const additions = { imports: [unlessOverflow], buffers };
  return { name: "unless overflow", additions, blocks: [current.flags.array.block] };
}
