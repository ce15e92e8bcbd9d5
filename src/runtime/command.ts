// What the command stream records.

import { DeviceError } from "../core/errors.js";
import type { RandomWord } from "../core/philox.js";
import type { Block } from "./block.js";
import type { Kernel } from "./kernel.js";

export type Command = Dispatch | Copy;

/** A parameter of a kernel. */
export type Param = number | RandomWord;

/** A launch of x * y workgroups. */
export interface Dispatch {
  readonly kind: "dispatch";
  readonly kernel: Kernel;
  /** The packed parameters. */
  readonly words: Uint32Array<ArrayBuffer>;
  /** One per buffer of the kernel, in order. */
  readonly blocks: readonly Block[];
  readonly x: number;
  readonly y: number;
}

/** Between buffers of any kind; offsets and size in bytes, multiples of 4. */
export interface Copy {
  readonly kind: "copy";
  readonly source: GPUBuffer;
  readonly sourceOffset: number;
  readonly target: GPUBuffer;
  readonly targetOffset: number;
  readonly bytes: number;
  /** The blocks it reads or writes. */
  readonly blocks: readonly Block[];
}

/** Parameters in the form kernels read them, 4 bytes each. */
export class Words {
  readonly u32: Uint32Array<ArrayBuffer>;
  readonly #i32: Int32Array;
  readonly #f32: Float32Array;

  constructor(words: Uint32Array<ArrayBuffer>) {
    this.u32 = words;
    this.#i32 = new Int32Array(words.buffer, words.byteOffset, words.length);
    this.#f32 = new Float32Array(words.buffer, words.byteOffset, words.length);
  }

  pack({ name, params: fields }: Kernel, params: readonly Param[]): void {
    for (let i = 0; i < fields.length; i++) {
      const param = params[i]!;
      const value = typeof param === "number" ? param : param.value;
      const { type } = fields[i]!;
      if (type === "f32") this.#f32[i] = value;
      else if (type === "i32") this.#i32[i] = value;
      else if (value < 2 ** 32) this.u32[i] = value;
      else throw new DeviceError(name, `counts to ${value}; kernels count in 32 bits, to ${2 ** 32 - 1}`);
    }
  }
}
