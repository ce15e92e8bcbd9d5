// Checks that only the GPU can make (an index inside a tensor) end here: a kernel that meets a bad value writes it to
// the fault words, every readback brings those along, and the error is thrown at that await with the op's name.

import { OutOfRangeError, type TapegradError } from "../core/errors.js";
import type { Block } from "./block.js";

/** code of the launch (0: none), offending value, how many values there may be, unused */
export const FAULT_BYTES = 16;
/** Launches that are remembered, so that a fault can name its op. */
const REMEMBERED = 1 << 14;

export class Faults {
  readonly #ops: string[] = [];
  #launches = 0;

  /** @param block - where kernels write the fault words */
  constructor(
    readonly gpu: GPUDevice,
    readonly block: Block,
  ) {}

  /**
   * A code that a kernel passes on when it meets a bad index.
   * @param op - the operation and its shapes, in the user's words
   */
  code(op: string): number {
    this.#ops[this.#launches % REMEMBERED] = op;
    return ++this.#launches;
  }

  /** The error for fault words read back from the GPU, and a clean slate for what comes after. */
  take(words: Int32Array): TapegradError | undefined {
    const [code = 0, value = 0, count = 0] = words;
    if (code === 0) return undefined;
    this.gpu.queue.writeBuffer(this.block.buffer, this.block.offset, new Uint32Array(FAULT_BYTES / 4));
    const op = this.#ops[(code - 1) % REMEMBERED] ?? "index";
    return new OutOfRangeError(op, `index ${value} is out of range; valid are 0 to ${count - 1}`);
  }
}
