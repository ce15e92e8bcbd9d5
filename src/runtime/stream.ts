// The command stream: kernels and copies in the order in which the program asks for them. From the first kernel on that is
// still being compiled they wait, in their order, until it is.

import { DeviceError } from "../core/errors.js";
import type { BindGroups } from "./bind-groups.js";
import type { Block } from "./block.js";
import type { Command, Copy } from "./command.js";
import type { Compiler } from "./compiler.js";
import { Encoder, MAX_PARAM_BYTES } from "./encoder.js";
import type { Kernel } from "./kernel.js";

/** Commands that may wait for kernels before the program is stopped until those are compiled. */
const MAX_WAITING = 4096;

export class CommandStream {
  readonly #encoder: Encoder;
  /** Commands behind a kernel that is not compiled yet. */
  #waiting: Command[] = [];
  #poison: GPUBuffer | undefined;
  readonly #words = new ArrayBuffer(MAX_PARAM_BYTES);
  readonly #u32 = new Uint32Array(this.#words);
  readonly #i32 = new Int32Array(this.#words);
  readonly #f32 = new Float32Array(this.#words);

  /** @param report - told about kernels that could not be compiled when they are needed */
  constructor(
    readonly groups: BindGroups,
    readonly compiler: Compiler,
    readonly report: (failure: DeviceError) => void,
  ) {
    this.#encoder = new Encoder(groups);
  }

  /** Number of the batch being recorded; batches with lower numbers have been submitted. */
  get serial(): number {
    return this.#encoder.serial;
  }

  /** Whether commands wait for kernels to be compiled. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /**
   * Records one dispatch of x * y workgroups.
   * @param params - one number per field of the kernel's `struct Params`, in order
   * @param blocks - one block per buffer of the kernel, in order
   */
  dispatch(kernel: Kernel, params: readonly number[], blocks: readonly Block[], x: number, y: number): void {
    this.#pack(kernel, params);
    this.groups.counters.dispatches++;
    const { pipeline } = kernel.compilation;
    if (pipeline !== undefined && this.#waiting.length === 0) {
      this.#encoder.dispatch({ kernel, words: this.#u32, blocks, x, y }, pipeline);
    } else {
      this.#wait({ kind: "dispatch", kernel, words: this.#u32.slice(0, params.length), blocks, x, y });
    }
  }

  /** Records a copy between two blocks; offsets and size in bytes, multiples of 4. */
  copy(source: Block, sourceOffset: number, target: Block, targetOffset: number, bytes: number): void {
    this.groups.counters.copies++;
    this.#copy(source.buffer, source.offset + sourceOffset, target.buffer, target.offset + targetOffset, bytes, [
      source,
      target,
    ]);
  }

  /** Records a copy into a buffer that is no block (a readback's staging buffer). */
  copyToBuffer(source: Block, sourceOffset: number, target: GPUBuffer, targetOffset: number, bytes: number): void {
    this.#copy(source.buffer, source.offset + sourceOffset, target, targetOffset, bytes, [source]);
  }

  /** Fills a block with NaN (all bits set). */
  poison(block: Block): void {
    const { gpu } = this.groups;
    if (this.#poison === undefined || this.#poison.size < block.bytes) {
      const size = Math.max(block.bytes, 1 << 20);
      const usage = GPUBufferUsage.COPY_SRC;
      this.#poison = gpu.createBuffer({ size, usage, mappedAtCreation: true });
      new Uint32Array(this.#poison.getMappedRange()).fill(0xffffffff);
      this.#poison.unmap();
    }
    this.#copy(this.#poison, 0, block.buffer, block.offset, block.bytes, [block]);
  }

  /** Hands everything recorded so far to the GPU, but for what waits. */
  submit(): void {
    this.#encoder.submit();
  }

  /** The same for everything, once its kernels are compiled. */
  async settle(): Promise<void> {
    await this.compiler.settle();
    this.#encodeWaiting();
    this.submit();
  }

  /** Destroys a buffer, which no waiting command may use, once the commands that do have been submitted. */
  destroyAfterSubmit(buffer: GPUBuffer): void {
    this.#encoder.destroyAfterSubmit(buffer);
  }

  #copy(
    source: GPUBuffer,
    sourceOffset: number,
    target: GPUBuffer,
    targetOffset: number,
    bytes: number,
    blocks: readonly Block[],
  ): void {
    const command: Copy = { kind: "copy", source, sourceOffset, target, targetOffset, bytes, blocks };
    if (this.#waiting.length > 0) this.#wait(command);
    else this.#encoder.copy(command);
  }

  /** Queues a command behind those that wait for kernels. */
  #wait(command: Command): void {
    this.#waiting.push(command);
    markWaiting(command);
    if (this.#waiting.length >= MAX_WAITING) this.compiler.settleNow();
    if (this.compiler.isIdle) this.#encodeWaiting();
  }

  /** Encodes what waited, up to the first kernel that is not compiled yet. */
  #encodeWaiting(): void {
    const commands = this.#waiting;
    const end = commands.findIndex((command) => command.kind === "dispatch" && command.kernel.compilation.isPending);
    this.#waiting = end < 0 ? [] : commands.slice(end);
    for (const command of end < 0 ? commands : commands.slice(0, end)) {
      if (command.kind === "copy") {
        this.#encoder.copy(command);
        continue;
      }
      const { pipeline, failure } = command.kernel.compilation;
      if (failure !== undefined) this.report(failure);
      if (pipeline !== undefined) this.#encoder.dispatch(command, pipeline);
      else this.#encoder.markUse(command.blocks);
    }
    for (const command of this.#waiting) markWaiting(command);
  }

  /** Packs parameters into 4-byte words. */
  #pack(kernel: Kernel, params: readonly number[]): void {
    const { params: fields } = kernel;
    for (let i = 0; i < fields.length; i++) {
      const value = params[i]!;
      const { type } = fields[i]!;
      if (type === "f32") this.#f32[i] = value;
      else if (type === "i32") this.#i32[i] = value;
      else if (value < 2 ** 32) this.#u32[i] = value;
      else throw new DeviceError(kernel.name, `counts to ${value}; kernels count in 32 bits, to ${2 ** 32 - 1}`);
    }
  }
}

/** Blocks that waiting commands use count as in use: the number of their batch is not known yet. */
function markWaiting({ blocks }: Command): void {
  for (const block of blocks) block.lastUse = Number.POSITIVE_INFINITY;
}
