// Tensors that user code dropped give their memory back when JavaScript's garbage collector finds them. It runs for
// JavaScript's memory, not the GPU's, so at safe points (where the program waits for the GPU anyway) the engine makes
// it run before the pool would have to grow: never for more than a fifth of the time.

import type { Platform } from "./platform/platform.js";
import type { Pool } from "./pool.js";
import type { Counters } from "./stats.js";

const MIB = 1 << 20;
const MAX_SHARE = 0.2; // of the time may go into collecting
const STOCK_BYTES = 64 * MIB; // memory spent so that collections are rare
const TRIM_EVERY = 32; // safe points
const FINALIZER_TURNS = 4;
const FIRST_COLLECTION = 3; // a loop shows itself in its third round

export class Collector {
  #safePoints = 0;
  #lastEnd = performance.now();
  #lastCost = 0; // ms

  constructor(
    readonly pool: Pool,
    readonly platform: Platform,
    readonly counters: Counters,
  ) {}

  /** To be awaited wherever the program waits anyway. */
  async safePoint(): Promise<void> {
    this.#safePoints++;
    if (this.#safePoints % TRIM_EVERY === 0) this.pool.trim(Math.max(STOCK_BYTES, this.pool.bytesLive));
    const idle = performance.now() - this.#lastEnd;
    if (this.#safePoints >= FIRST_COLLECTION && this.pool.isShort && this.#lastCost <= MAX_SHARE * idle)
      await this.collect();
    else this.pool.markSafePoint();
  }

  /** Collects now, waits for the finalizers, and stocks the pool with what the next rounds will take. */
  async collect(): Promise<void> {
    const start = performance.now();
    this.counters.collections++;
    this.platform.collectGarbage();
    // Finalizers run in tasks of their own, one registry each.
    for (let turn = 0; turn < FINALIZER_TURNS; turn++) await this.platform.nextTask();
    this.pool.restock(STOCK_BYTES);
    this.#lastEnd = performance.now();
    this.#lastCost = this.#lastEnd - start;
  }
}
