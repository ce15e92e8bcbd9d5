// What the command stream records.

import type { Block } from "./block.js";
import type { Kernel } from "./kernel.js";

export type Command = Dispatch | Copy;

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
