// A shelf of the pool: free blocks of one size, and what the pool has learned about how many the program needs.

import type { Block } from "./block.js";

export const MIN_BYTES = 256; // the largest storage offset alignment an adapter may demand

/** Rounds up to one of four sizes per power of two, so that a block fits many tensors and wastes at most a quarter. */
export function sizeClass(bytes: number): number {
  if (bytes <= MIN_BYTES) return MIN_BYTES;
  const step = Math.max(MIN_BYTES, 2 ** (Math.ceil(Math.log2(bytes)) - 3));
  return Math.ceil(bytes / step) * step;
}

export class Shelf {
  readonly free: Block[] = [];
  /** Blocks created since the last safe point because none was free. */
  misses = 0;
  /** Fewest free blocks since then. */
  lowest = 0;
  /** Stretches between safe points in which blocks had to be created: more than one means a loop. */
  shortages = 0;
  /** Blocks that the garbage collector brought back since the last restocking. */
  garbage = 0;
  /** Stretches between safe points, since the last restocking, in which blocks were taken. */
  rounds = 0;
  /** Free blocks at the last safe point. */
  #before = 0;
  /** Blocks needed at once between two earlier safe points; older ones count less. */
  #need = 0;

  /** @param bytes - of each block */
  constructor(readonly bytes: number) {}

  /** Blocks to have at hand for going on as before. */
  get need(): number {
    return Math.max(this.#need, this.#taken);
  }

  /** Blocks needed at once since the last safe point. */
  get #taken(): number {
    return this.#before - this.lowest + this.misses;
  }

  get isShort(): boolean {
    return this.free.length < this.need;
  }

  /** Closes the books on a stretch between two safe points. */
  markSafePoint(): void {
    this.#need = Math.max(this.#taken, 0.95 * this.#need);
    this.countRound();
    this.#before = this.lowest = this.free.length;
    this.misses = 0;
  }

  countRound(): void {
    if (this.misses > 0) this.shortages++;
    if (this.lowest < this.#before || this.misses > 0) this.rounds++;
  }

  /** Starts counting anew, after the shelf was restocked. */
  restart(): void {
    this.#need = this.misses = this.garbage = this.rounds = 0;
    this.#before = this.lowest = this.free.length;
  }
}
