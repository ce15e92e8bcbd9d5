// The pool hands out blocks of GPU memory and takes them back.
//
// A block may be reused as soon as it is released, even while recorded commands still read it: commands run in the
// order they were recorded. Only destroying a buffer, or writing to it from the host, must wait for their submission.

import { DeviceError } from "../core/errors.js";
import type { BindGroups } from "./bind-groups.js";
import { Block } from "./block.js";
import { Growth } from "./growth.js";
import { recording } from "./recording.js";
import { MIN_BYTES, Shelf, sizeClass } from "./shelf.js";
import type { CommandStream } from "./stream.js";

const MIB = 1 << 20;
const MAX_ROUNDS_AHEAD = 128;
const BLOCK_COST = 8192; // bytes a small block counts for in the stock: drivers run out of objects before they run out of memory

export class Pool {
  bytesLive = 0;
  bytesPooled = 0;
  bytesPeak = 0;
  readonly #shelves = new Map<number, Shelf>();
  #idleSince: number[] = [0, 0];
  #isCollecting = false;
  readonly #growth = new Growth();

  /** @param poison - fills blocks with NaN when they are created and released, so that tests see stale reads */
  constructor(
    readonly groups: BindGroups,
    readonly stream: CommandStream,
    readonly poison: boolean,
  ) {}

  /**
   * A block of at least `bytes` bytes with undefined contents and no holder yet.
   * @param forUpload - the host will write to it at once, so commands not yet submitted must not use it
   */
  acquire(bytes: number, forUpload = false): Block {
    const step = forUpload ? undefined : recording();
    if (step !== undefined) {
      const block = step.reserve.take(sizeClass(bytes));
      if (this.poison) this.stream.poison(block);
      return block;
    }
    const shelf = this.#shelf(sizeClass(bytes));
    let block: Block | undefined;
    if (!forUpload) {
      block = shelf.free.pop();
    } else {
      const idle = shelf.free.findLastIndex(({ lastUse }) => lastUse < this.stream.serial);
      if (idle >= 0) [block] = shelf.free.splice(idle, 1);
    }
    if (block === undefined) {
      shelf.misses++;
      block = this.#create(shelf.bytes);
    } else {
      this.bytesPooled -= shelf.bytes;
    }
    shelf.lowest = Math.min(shelf.lowest, shelf.free.length);
    this.bytesLive += shelf.bytes;
    this.bytesPeak = Math.max(this.bytesPeak, this.bytesLive);
    if (this.poison && !forUpload) this.stream.poison(block);
    return block;
  }

  /** Counts one more holder of a block. */
  hold(block: Block): void {
    if (block.refs++ === 0 && block.parent !== undefined) this.hold(block.parent);
  }

  /** Counts one holder less; the last one gives the block back. */
  drop(block: Block): void {
    if (--block.refs > 0) return;
    if (block.parent !== undefined) this.drop(block.parent);
    else this.#release(block);
  }

  /** Cuts new memory into parts of the given sizes in bytes. Kernels can bind each part, or the whole. */
  carve(sizes: readonly number[]): { whole: Block; parts: Block[] } {
    const starts: number[] = [];
    let end = 0;
    for (const bytes of sizes) {
      starts.push(end);
      end += Math.ceil(bytes / MIN_BYTES) * MIN_BYTES;
    }
    const whole = this.acquire(end);
    const parts = sizes.map((bytes, i) => {
      return new Block(this.groups, whole.buffer, starts[i]!, Math.ceil(bytes / MIN_BYTES) * MIN_BYTES, whole);
    });
    return { whole, parts };
  }

  /** Another block over the same memory, which it holds. */
  alias(block: Block): Block {
    return new Block(this.groups, block.buffer, block.offset, block.bytes, block);
  }

  #release(block: Block): void {
    if (this.poison) this.stream.poison(block);
    if (block.reserve !== undefined) block.reserve.put(block);
    else this.giveBack(block);
  }

  /** Takes back a block without holders. */
  giveBack(block: Block): void {
    this.bytesLive -= block.bytes;
    this.bytesPooled += block.bytes;
    const shelf = this.#shelf(block.bytes);
    if (this.#isCollecting) shelf.garbage++;
    shelf.free.push(block);
  }

  /** Whether going on as before would soon create buffers, so that looking for garbage first is worth it. */
  get isShort(): boolean {
    for (const shelf of this.#shelves.values()) if (shelf.isShort) return true;
    return false;
  }

  /** Marks a safe point: a place where the program waits, and where it will come by again if it loops. */
  markSafePoint(): void {
    this.#growth.pause();
    for (const shelf of this.#shelves.values()) shelf.markSafePoint();
  }

  /** Releases what the garbage collector found; counted apart, because it comes late and must be stocked up for. */
  collecting(release: () => void): void {
    this.#isCollecting = true;
    release();
    this.#isCollecting = false;
  }

  /**
   * After a collection: where blocks of a size run short again and again, creates some ahead of need, so that
   * collections are rare and no round in between creates a buffer.
   *
   * @param budget - bytes to spend at most
   */
  restock(budget: number): void {
    for (const shelf of this.#shelves.values()) shelf.countRound();
    const recurring = [...this.#shelves.values()].filter(({ shortages, garbage }) => shortages > 1 && garbage > 0);
    const bytesPerRound = recurring.reduce((sum, { garbage, rounds, bytes }) => {
      return sum + (garbage * Math.max(bytes, BLOCK_COST)) / rounds;
    }, 0);
    const ahead = Math.min(MAX_ROUNDS_AHEAD, Math.floor(budget / Math.max(bytesPerRound, 1)));
    for (const shelf of recurring) {
      const perRound = shelf.garbage / shelf.rounds;
      const { need } = shelf;
      if (shelf.free.length >= need + (perRound * ahead) / 2) continue;
      for (let missing = need + Math.ceil(perRound * ahead) - shelf.free.length; missing > 0; missing--) {
        shelf.free.unshift(this.#create(shelf.bytes));
        this.bytesPooled += shelf.bytes;
      }
    }
    for (const shelf of this.#shelves.values()) shelf.restart();
    this.#growth.pause();
  }

  /** Destroys blocks that went unused since the trim before last, while more than `keep` bytes are pooled. */
  trim(keep: number): void {
    const [oldest = 0] = this.#idleSince;
    for (const shelf of this.#shelves.values()) {
      while (this.bytesPooled > keep) {
        const index = shelf.free.findIndex(({ lastUse }) => lastUse < oldest);
        if (index < 0) break;
        for (const { buffer } of shelf.free.splice(index, 1)) this.stream.destroyAfterSubmit(buffer);
        this.bytesPooled -= shelf.bytes;
      }
    }
    this.#idleSince = [...this.#idleSince.slice(1), this.stream.serial];
  }

  #shelf(bytes: number): Shelf {
    let shelf = this.#shelves.get(bytes);
    if (shelf === undefined) {
      shelf = new Shelf(bytes);
      this.#shelves.set(bytes, shelf);
    }
    return shelf;
  }

  #create(bytes: number): Block {
    const { gpu, counters } = this.groups;
    const limit = Math.min(gpu.limits.maxBufferSize, gpu.limits.maxStorageBufferBindingSize);
    if (bytes > limit) {
      throw new DeviceError(
        "allocate",
        `a tensor of ${(bytes / MIB).toFixed(1)} MiB is over what this adapter can bind (${(limit / MIB).toFixed(1)} MiB);` +
          " use a smaller batch or split the tensor",
      );
    }
    counters.buffersCreated++;
    this.#growth.add(bytes);
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const block = new Block(this.groups, gpu.createBuffer({ size: bytes, usage }), 0, bytes);
    block.lastUse = this.stream.serial - 1;
    return block;
  }
}
