// The command stream: kernels and copies in the order in which the program asks for them. From the first kernel on that is
// still being compiled they wait, in their order, until it is.

import type { DeviceError } from "../core/errors.js";
import type { BindGroups } from "./bind-groups.js";
import type { Block } from "./block.js";
import { type Command, type Copy, type Param, Words } from "./command.js";
import type { Compiler } from "./compiler.js";
import { Encoder, MAX_PARAM_BYTES } from "./encoder.js";
import type { Kernel } from "./kernel.js";
import type { Plan } from "./plan.js";
import { recording } from "./recording.js";

/** Commands that may wait for kernels before the program is stopped until those are compiled. */
const MAX_WAITING = 4096;

export class CommandStream {
  readonly #encoder: Encoder;
  /** Number of the last batch that the GPU is known to have done. */
  finished = 0;
  /** Workgroups launched so far. */
  workgroups = 0;
  /** Commands behind a kernel that is not compiled yet. */
  #waiting: Command[] = [];
  #poison: GPUBuffer | undefined;
  readonly #words = new Words(new Uint32Array(MAX_PARAM_BYTES / 4));

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
   * @param again - the parameters anew, for replays of a recorded step, if they are others then
   */
  dispatch(
    kernel: Kernel,
    params: readonly Param[],
    blocks: readonly Block[],
    [x, y]: readonly [number, number],
    again?: () => readonly number[],
  ): void {
    this.#words.pack(kernel, params);
    this.groups.counters.dispatches++;
    this.workgroups += x * y;
    recording()?.addDispatch({ kernel, words: this.#words.u32, blocks, x, y }, params, again);
    const { pipeline } = kernel.compilation;
    if (pipeline !== undefined && this.#waiting.length === 0) {
      this.#encoder.dispatch({ kernel, words: this.#words.u32, blocks, x, y }, pipeline);
    } else {
      this.#wait({ kind: "dispatch", kernel, words: this.#words.u32.slice(0, params.length), blocks, x, y });
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

  /** Records a copy from the start of a buffer that is no block (a staging buffer) to the start of one. */
  copyFromBuffer(source: GPUBuffer, target: Block, bytes: number): void {
    this.#copy(source, 0, target.buffer, target.offset, bytes, [target]);
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

  /** Records the commands of a step again. */
  replay(plan: Plan): void {
    const { counters } = this.groups;
    counters.dispatches += plan.dispatches;
    this.workgroups += plan.workgroups;
    counters.copies += plan.copies;
    if (this.#waiting.length === 0 && plan.isCompiled) this.#encoder.replay(plan);
    else for (const command of plan.copied()) this.#wait(command);
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
    recording()?.commands.push(command);
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
}

/** Blocks that waiting commands use count as in use: the number of their batch is not known yet. */
function markWaiting({ blocks }: Command): void {
  for (const block of blocks) block.lastUse = Number.POSITIVE_INFINITY;
}
