// Checks that only the GPU can make (an index inside a tensor, a singular matrix) end here: a kernel that meets a bad value
// writes it to the fault words, every readback brings those along, and the error is thrown at that await with the op's name.

import { OutOfRangeError, type TapegradError } from "../core/errors.js";
import type { Block } from "./block.js";
import { recording } from "./recording.js";

/** code of the launch (0: none), offending value, how many values there may be, unused */
export const FAULT_BYTES = 16;
/** Launches that are remembered, so that a fault can name its op. */
const REMEMBERED = 1 << 14;

/** Codes from here on are remembered for ever: recorded steps pass them on in each replay. */
const FIRST_LASTING = 2 ** 31;

/** The error for what a kernel reported: two numbers whose meaning is the kernel's. */
export type FaultError = (value: number, count: number) => TapegradError;

export class Faults {
  readonly #errors: FaultError[] = [];
  readonly #lasting = new Map<number, FaultError>();
  #launches = 0;

  /** @param block - where kernels write the fault words */
  constructor(
    readonly gpu: GPUDevice,
    readonly block: Block,
  ) {}

  /** A code that a kernel passes on when it meets a bad value. */
  code(error: FaultError): number {
    if (recording() !== undefined) {
      const code = FIRST_LASTING + this.#lasting.size;
      this.#lasting.set(code, error);
      return code;
    }
    this.#errors[this.#launches % REMEMBERED] = error;
    return ++this.#launches;
  }

  /**
   * The same for indices out of range, whose value and range the kernel reports.
   * @param op - the operation and its shapes, in the user's words
   */
  indexCode(op: string): number {
    return this.code(
      (value, count) => new OutOfRangeError(op, `index ${value} is out of range; valid are 0 to ${count - 1}`),
    );
  }

  /** The error for fault words read back from the GPU, and a clean slate for what comes after. */
  take(words: Int32Array): TapegradError | undefined {
    const [code = 0, value = 0, count = 0] = words;
    if (code === 0) return undefined;
    this.gpu.queue.writeBuffer(this.block.buffer, this.block.offset, new Uint32Array(FAULT_BYTES / 4));
    const error = this.#lasting.get(code >>> 0) ?? this.#errors[(code - 1) % REMEMBERED]!;
    return error(value, count);
  }
}
