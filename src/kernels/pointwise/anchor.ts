// What fuses with a deferred kernel. A recipe is computed as the epilogue of one such kernel, its anchor; other deferred
// arrays it reads are run before.

import { sameShape } from "../../core/shape.js";
import type { NDArray } from "../array.js";
import { sharedBase } from "../array-view.js";
import { isHeld, type Trace, trace } from "./trace.js";

/** A deferred kernel, of the array's own shape, that can take the rest of the recipe as its epilogue. */
export function findAnchor(array: NDArray): NDArray | undefined {
  if (array.state.kind === "deferred") return sharedBase(array.state) === undefined ? array : undefined;
  if (array.state.kind !== "pointwise") return undefined;
  const { leaves } = trace([array]);
  const limit = array.device.limits.maxStorageBuffersPerShaderStage;
  return leaves.find(({ state, shape }) => {
    if (state.kind !== "deferred" || !sameShape(shape, array.shape)) return false;
    return state.buffers + leaves.length <= limit && sharedBase(state) === undefined;
  });
}

/**
 * What has to be written beside `root` because others hold it and could otherwise only get it by running the anchor
 * again: the first held array on each way from the anchor to the root. (Later ones follow from those, pointwise.)
 */
export function wantedOnTheWay(traced: Trace, anchor: NDArray, root: NDArray): NDArray[] {
  if (anchor === root) return [];
  if (isHeld(traced, anchor)) return [anchor];
  const wanted: NDArray[] = [];
  const open = new Set<NDArray>([anchor]);
  for (const node of traced.nodes) {
    const { state } = node;
    if (node === root || state.kind !== "pointwise" || !state.inputs.some((input) => open.has(input))) continue;
    if (isHeld(traced, node)) wanted.push(node);
    else open.add(node);
  }
  return wanted;
}
