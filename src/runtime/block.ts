// A block is a region of a GPU buffer with the two bind groups that kernels reach it through.
//
// Every kernel binds each of its buffers as a bind group of its own (WebGPU allows four), so a bind group belongs to a
// block and not to a combination of blocks: once the blocks of a training step exist, no step creates a bind group,
// in whatever order memory is reused.

import type { BindGroups } from "./bind-groups.js";
import type { Reserve } from "./reserve.js";

let blocksMade = 0;

export class Block {
  readonly id = blocksMade++;
  /** Storages and parts that live in this block; the pool takes it back when the last one lets go. */
  refs = 0;
  /** Serial of the last command encoder that uses this block (see CommandStream.serial). */
  lastUse = 0;
  /** The recorded step it belongs to, and goes back to. */
  reserve: Reserve | undefined;
  readonly readGroup: GPUBindGroup;
  readonly writeGroup: GPUBindGroup;

  /**
   * @param offset - bytes from the start of the buffer
   * @param bytes - size of the region
   * @param parent - the block this one is a part of
   */
  constructor(
    groups: BindGroups,
    readonly buffer: GPUBuffer,
    readonly offset: number,
    readonly bytes: number,
    readonly parent?: Block,
  ) {
    const region = { buffer, offset, size: bytes };
    this.readGroup = groups.create(groups.single("read"), [region]);
    this.writeGroup = groups.create(groups.single("write"), [region]);
  }
}
