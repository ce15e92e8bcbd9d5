// Arrays in memory that nobody else has: gradients are accumulated in place and must not be shared.

import type { GradHome } from "../autograd/variable.js";
import { dtypes } from "../core/dtype.js";
import { contiguous } from "../core/layout.js";
import { numel } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { unrecorded } from "../runtime/recording.js";
import { Storage } from "../runtime/storage.js";

/** The elements of `array` in memory of their own: at `home`, or else wherever they can be without a copy. */
export function ownArray(array: NDArray, home: GradHome | undefined): NDArray {
  const { device, dtype, shape } = array;
  if (home !== undefined) {
    if (array.refs > 1) array.realize(); // others will need it too: compute it once
    const target = NDArray.over(occupy(home, array), dtype, contiguous(shape));
    array.computeInto(target.realize());
    return target;
  }
  if (array.refs === 1 && !array.isShared && array.hasDenseLayout) {
    array.realize();
    return array.retain();
  }
  const copy = NDArray.empty(dtype, shape, device);
  array.computeInto(copy.realize());
  return copy;
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
