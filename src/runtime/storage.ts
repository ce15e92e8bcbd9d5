// A storage is the memory behind one or more arrays: counted, versioned, on the host until a kernel first needs it.

import type { TypedArray } from "../core/dtype.js";
import { DisposedError } from "../core/errors.js";
import type { Block } from "./block.js";
import type { Device } from "./device.js";
import { recording } from "./recording.js";

/** Work that will read a storage later and must run before the storage is overwritten. */
export interface PendingReader {
  finish(): void;
}

/** Host data of at most this many elements is kept beside its GPU copy, where labels and indices are checked. */
const MAX_HOST_COPY = 1 << 16;

let storagesMade = 0;

/** The number that the next storage gets. */
export function nextStorage(): number {
  return storagesMade;
}

export class Storage {
  /** Rises from storage to storage. */
  readonly id = storagesMade++;
  /** Arrays that share this storage. */
  refs = 1;
  /** Rises with every in-place change; the tape compares it with the version it saved. */
  version = 0;
  /** Lazy work that reads this storage. */
  readers: Set<PendingReader> | undefined;
  /** Where the storage starts in its block, in bytes. */
  byteOffset: number;
  #block: Block | undefined;
  #host: TypedArray | undefined;

  private constructor(
    readonly device: Device,
    /** Size on the GPU, in bytes. */
    readonly bytes: number,
    block: Block | undefined,
    byteOffset: number,
    host: TypedArray | undefined,
  ) {
    this.byteOffset = byteOffset;
    this.#block = block;
    this.#host = host;
    if (block !== undefined) device.pool.hold(block);
  }

  /** New memory with undefined contents. */
  static allocate(device: Device, bytes: number): Storage {
    return new Storage(device, bytes, device.pool.acquire(bytes), 0, undefined);
  }

  /** New memory for several storages in one block, so that a kernel binds one buffer for all of them. */
  static sideBySide(device: Device, sizes: readonly number[]): Storage[] {
    const starts: number[] = [];
    let end = 0;
    for (const bytes of sizes) {
      starts.push(end);
      end += Math.ceil(bytes / 256) * 256;
    }
    const block = device.pool.acquire(end);
    return sizes.map((bytes, i) => new Storage(device, bytes, block, starts[i]!, undefined));
  }

  /**
   * The whole of an existing block.
   * @param host - its contents, where the host keeps them
   */
  static at(device: Device, block: Block, bytes: number, host?: TypedArray): Storage {
    return new Storage(device, bytes, block, 0, host !== undefined && host.length <= MAX_HOST_COPY ? host : undefined);
  }

  /** Host data that is uploaded when a kernel first needs it. The caller must not change `host` afterwards. */
  static fromHost(device: Device, host: TypedArray, bytes: number): Storage {
    return new Storage(device, bytes, undefined, 0, host);
  }

  /** The host's copy of the contents, where there is one. */
  get host(): TypedArray | undefined {
    return this.#host;
  }

  /** The block on the GPU; uploads host data first. */
  get block(): Block {
    if (this.#block === undefined) {
      if (this.refs === 0 || this.#host === undefined) throw new DisposedError("storage", "used after its release");
      this.#block = this.device.upload(this.#host, this.bytes);
      this.device.pool.hold(this.#block);
      recording()?.pin(this, this.#block);
      if (this.#host instanceof Float32Array || this.#host.length > MAX_HOST_COPY) this.#host = undefined;
    }
    recording()?.touch(this, this.#block);
    return this.#block;
  }

  /** Where the contents are, if they have reached the GPU. */
  get location(): Block | undefined {
    return this.#block;
  }

  /** Whether the contents have reached the GPU. */
  get isOnGpu(): boolean {
    return this.#block !== undefined;
  }

  /**
   * To be called before the contents are overwritten: runs everything that still has to read them.
   * @param isExempt - readers that are part of the overwriting itself
   */
  beforeOverwrite(isExempt: (reader: PendingReader) => boolean = () => false): void {
    recording()?.overwrite(this);
    // A reader that becomes a view of this storage adds its own readers, which the loop meets too.
    if (this.readers !== undefined) for (const reader of this.readers) if (!isExempt(reader)) reader.finish();
    this.version++;
    void this.block; // what is only on the host has to be uploaded before a part of it changes
    this.#host = undefined;
  }

  /** Moves the storage into another block; the caller has copied the contents. */
  moveTo(block: Block): void {
    const old = this.#block;
    this.device.pool.hold(block);
    this.#block = block;
    this.byteOffset = 0;
    this.#host = undefined;
    if (old !== undefined) this.device.pool.drop(old);
  }

  retain(): void {
    this.refs++;
  }

  release(): void {
    if (--this.refs > 0) return;
    if (this.#block !== undefined) this.device.pool.drop(this.#block);
    this.#block = this.#host = undefined;
  }
}
