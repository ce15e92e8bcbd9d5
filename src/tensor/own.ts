// Arrays in memory that nobody else has: gradients are accumulated in place and must not be shared.

import type { GradHome } from "../autograd/variable.js";
import { dtypes } from "../core/dtype.js";
import { contiguous } from "../core/layout.js";
import { numel } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { isRecipe } from "../kernels/array-state.js";
import { computeTogether, type Target } from "../kernels/pointwise/together.js";
import { unrecorded } from "../runtime/recording.js";
import { Storage } from "../runtime/storage.js";

/** An array whose elements are to be in memory of their own: at `home`, or else wherever they can be without a copy. */
export interface Owned {
  readonly array: NDArray;
  readonly home: GradHome | undefined;
}

/** Arrays in memory of their own. One kernel computes all that no kernel of another kind computes. */
export function ownArrays(all: readonly Owned[]): NDArray[] {
  const targets: Target[] = [];
  const owned = all.map(({ array, home }) => {
    const { device, dtype, shape } = array;
    const isAlone = array.refs === 1 && !array.isShared && array.hasDenseLayout;
    if (home === undefined && isAlone && !isRecipe(array.state)) {
      array.realize();
      return array.retain();
    }
    if (home !== undefined && array.refs > 1) array.realize(); // others will need it too: compute it once
    const own = home === undefined ? NDArray.empty(dtype, shape, device) : at(home, array);
    targets.push({ array, ...own.realize() });
    return own;
  });
  computeTogether(targets);
  return owned;
}

function at(home: GradHome, array: NDArray): NDArray {
  return NDArray.over(occupy(home, array), array.dtype, contiguous(array.shape));
}

/** Copies a storage to other memory. */
function moveOut(storage: Storage): void {
  const { device, block, bytes } = storage;
  const elsewhere = device.pool.acquire(bytes);
  device.copy(block, 0, elsewhere, 0, Math.ceil(bytes / 4) * 4);
  storage.moveTo(elsewhere);
}

/** A new storage at home; the last one, if somebody still holds it, moves out first. */
export function occupy(home: GradHome, { device, dtype, shape }: Pick<NDArray, "device" | "dtype" | "shape">): Storage {
  vacate(home);
  home.storage = Storage.at(device, home.block, numel(shape) * dtypes[dtype].bytes);
  return home.storage;
}

/** Moves out the storage at home, if somebody still holds it. */
export function vacate({ block, storage }: GradHome): void {
  if (storage !== undefined && storage.refs > 0 && storage.location === block) unrecorded(() => moveOut(storage));
}
