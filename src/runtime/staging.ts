// Uploads from mapped memory: what the host writes there reaches a block by a copy on the GPU, in the order of the commands.
// Device.upload copies at once instead, while the program waits.

import { type DType, dtypes, type TypedArray } from "../core/dtype.js";
import type { Block } from "./block.js";
import type { Pool } from "./pool.js";
import { sizeClass } from "./shelf.js";
import { toWords } from "./words.js";

/** Mapped buffers of one size that are kept. */
const MOST_KEPT = 64;
/** Buffers that may be on their way, read by the GPU or being mapped again, before more uploads wait for them. */
const MOST_UNDER_WAY = 16;
/** Those among them that wait until a readback tells that the GPU has read them: asking earlier keeps the host busy. */
const MOST_UNASKED = 4;

/** A mapped buffer to write to, which is uploaded once. */
export interface Staged {
  /** Bytes of the contents on the GPU. */
  readonly bytes: number;
  /** The mapped memory; detached when it is uploaded. */
  readonly memory: ArrayBuffer;
  /** Records the copy into a new block, which is not counted yet. */
  upload(): Block;
  /** Gives the memory back, for other contents, in place of the upload. */
  release(): void;
}

interface Mapped {
  readonly buffer: GPUBuffer;
  readonly memory: ArrayBuffer;
}

interface Used {
  readonly buffer: GPUBuffer;
  /** Number of the batch with the copy; unknown while it waits for kernels to be compiled. */
  serial: number | undefined;
}

/** The mapped buffers of a device. */
export class Staging {
  readonly #pool: Pool;
  readonly #mapped = new Map<number, Mapped[]>();
  #used: Used[] = [];
  readonly #mapping = new Set<Promise<void>>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Buffers that were made so far. */
  buffersMade = 0;

  /** Mapped memory of at least `bytes` bytes. */
  take(bytes: number): Staged {
    this.#mapAgain();
    const size = sizeClass(bytes);
    const mapped = this.#mapped.get(size)?.pop() ?? mappedRange(this.#create(size));
    const { buffer, memory } = mapped;
    return { bytes, memory, upload: () => this.#upload(buffer, bytes), release: () => this.#keep(mapped) };
  }

  /** Mapped memory with these elements, in the form in which the GPU holds them. */
  write(data: TypedArray, dtype: DType): Staged {
    const bytes = data.length * dtypes[dtype].bytes;
    const staged = this.take(bytes);
    if (data instanceof Uint8Array) new Uint32Array(staged.memory, 0, data.length).set(data);
    else {
      const { buffer, byteOffset, byteLength } = toWords(data, bytes);
      new Uint8Array(staged.memory, 0, byteLength).set(new Uint8Array(buffer, byteOffset, byteLength));
    }
    return staged;
  }

  /** To be awaited between uploads: a loop that nobody else makes wait must not run away from the GPU. */
  async breathe(): Promise<void> {
    const { stream } = this.#pool;
    if (this.#used.length >= MOST_UNDER_WAY && !stream.isWaiting) stream.submit();
    this.#mapAgain();
    if (this.#mapping.size >= MOST_UNDER_WAY) await Promise.race(this.#mapping);
  }

  #create(size: number): GPUBuffer {
    this.buffersMade++;
    const usage = GPUBufferUsage.MAP_WRITE | GPUBufferUsage.COPY_SRC;
    return this.#pool.groups.gpu.createBuffer({ label: "staging", size, usage, mappedAtCreation: true });
  }

  #upload(buffer: GPUBuffer, bytes: number): Block {
    const { stream, groups } = this.#pool;
    const block = this.#pool.acquire(bytes);
    buffer.unmap();
    groups.counters.uploads++;
    stream.copyFromBuffer(buffer, block, Math.ceil(bytes / 4) * 4);
    this.#used.push({ buffer, serial: stream.isWaiting ? undefined : stream.serial });
    return block;
  }

  /** Maps the buffers whose copies were submitted, so that they can be written to again when those have run. */
  #mapAgain(): void {
    const { stream } = this.#pool;
    const still: Used[] = [];
    const last = this.#used.length > MOST_UNASKED ? stream.serial - 1 : stream.finished;
    for (const used of this.#used) {
      if (!stream.isWaiting) used.serial ??= stream.serial;
      if (used.serial === undefined || used.serial > last) {
        still.push(used);
        continue;
      }
      const { buffer } = used;
      const mapped = buffer.mapAsync(GPUMapMode.WRITE).then(
        () => this.#keep(mappedRange(buffer)),
        () => undefined, // the device is gone, which whoever uses it next is told
      );
      this.#mapping.add(mapped);
      void mapped.then(() => this.#mapping.delete(mapped));
    }
    this.#used = still;
  }

  #keep(mapped: Mapped): void {
    const { buffer } = mapped;
    const kept = this.#mapped.get(buffer.size) ?? [];
    this.#mapped.set(buffer.size, kept);
    if (kept.length < MOST_KEPT) kept.push(mapped);
    else buffer.destroy();
  }
}

function mappedRange(buffer: GPUBuffer): Mapped {
  return { buffer, memory: buffer.getMappedRange() };
}

const stagings = new WeakMap<Pool, Staging>();

/** The staging memory of a device. */
export function stagingOf({ pool }: { readonly pool: Pool }): Staging {
  const staging = stagings.get(pool) ?? new Staging(pool);
  stagings.set(pool, staging);
  return staging;
}
