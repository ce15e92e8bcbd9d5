// Batches in staging memory, for pinMemory: written there as they are stacked or as they come from a worker, ahead of use.
// When the loop takes a batch, only a copy on the GPU is recorded.

import { dtypes } from "../../core/dtype.js";
import { contiguous } from "../../core/layout.js";
import { NDArray } from "../../kernels/array.js";
import { currentDevice } from "../../runtime/current.js";
import { type Staged, type Staging, stagingOf } from "../../runtime/staging.js";
import { Storage } from "../../runtime/storage.js";
import { make } from "../../tensor/tensor.js";
import { type Upload, uploadLater } from "../collate/collate.js";
import { type Allocate, allocateOnHost, type Packed } from "../collate/packed.js";
import type { HostArray } from "../host-array.js";

/** Bytes on the GPU below which mapping memory costs more than it saves: labels are written by the queue. */
const LEAST_BYTES = 4096;

/** Where a loader's batches are staged. */
export class Pinned {
  /** By the memory that a field of a batch was stacked in. */
  readonly #staged = new WeakMap<ArrayBufferLike, Staged>();

  /** Floats are stacked in staging memory right away; the GPU holds whole numbers in another form, or the host keeps them. */
  readonly allocate: Allocate = (dtype, length) => {
    if (dtype !== "float32" || length * 4 < LEAST_BYTES) return allocateOnHost(dtype, length);
    const staged = this.#staging.take(length * 4);
    this.#staged.set(staged.memory, staged);
    return new Float32Array(staged.memory, 0, length);
  };

  /** Writes the arrays of a batch into staging memory. */
  stage(packed: Packed): void {
    if (packed.kind === "array") this.#stageArray(packed);
    else if ("items" in packed) for (const item of packed.items) this.stage(item);
  }

  /** Gives back the staging memory of a batch that nobody takes. */
  release(packed: Packed): void {
    if (packed.kind === "array") {
      this.#staged.get(packed.data.buffer)?.release();
      this.#staged.delete(packed.data.buffer);
    } else if ("items" in packed) for (const item of packed.items) this.release(item);
  }

  /** A tensor whose elements the GPU copies from where they were staged. */
  readonly upload: Upload = (array) => {
    const { data, dtype, shape } = array;
    const staged = this.#staged.get(data.buffer) ?? this.#stageArray(array);
    if (staged === undefined) return uploadLater(array);
    const device = currentDevice();
    const block = staged.upload();
    const isKept = !(data instanceof Float32Array);
    const storage = Storage.at(device, block, data.length * dtypes[dtype].bytes, isKept ? data : undefined);
    return make(NDArray.over(storage, dtype, contiguous(shape)), undefined, "tensor");
  };

  /** Waits where the loop would run away from the GPU. */
  breathe(): Promise<void> {
    return this.#staging.breathe();
  }

  get #staging(): Staging {
    return stagingOf(currentDevice());
  }

  #stageArray({ data, dtype }: Pick<HostArray, "data" | "dtype">): Staged | undefined {
    if (data.length * dtypes[dtype].bytes < LEAST_BYTES) return undefined;
    const staged = this.#staging.write(data, dtype);
    this.#staged.set(data.buffer, staged);
    return staged;
  }
}
