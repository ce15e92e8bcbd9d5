// Memory that belongs to a recorded step: what its commands use for results in between. Nobody else gets it while the step
// may be replayed, so that replays need not look for memory.

import type { Block } from "./block.js";
import type { Pool } from "./pool.js";
import { unrecorded } from "./recording.js";

export class Reserve {
  readonly #free = new Map<number, Block[]>();
  readonly #blocks = new Set<Block>();

  constructor(readonly pool: Pool) {}

  /** Whether a block belongs to the step. */
  has(block: Block): boolean {
    return this.#blocks.has(block);
  }

  /** A block of a size class. */
  take(bytes: number): Block {
    const free = this.#free.get(bytes)?.pop();
    if (free !== undefined) return free;
    const block = unrecorded(() => this.pool.acquire(bytes));
    block.reserve = this;
    this.#blocks.add(block);
    return block;
  }

  /** Takes a block back that nobody holds any more. */
  put(block: Block): void {
    const shelf = this.#free.get(block.bytes);
    if (shelf === undefined) this.#free.set(block.bytes, [block]);
    else shelf.push(block);
  }

  /** Lets go of a block that somebody holds: it goes back to the pool later. */
  letGo(block: Block): void {
    block.reserve = undefined;
    this.#blocks.delete(block);
  }

  /** Lets go of everything. */
  close(): void {
    for (const block of [...this.#blocks]) {
      this.letGo(block);
      block.lastUse = this.pool.stream.serial;
    }
    for (const block of [...this.#free.values()].flat()) this.pool.giveBack(block);
    this.#free.clear();
  }
}
