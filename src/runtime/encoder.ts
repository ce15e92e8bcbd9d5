// Encoding: dispatches and copies go into one command encoder, and from there to the queue in batches.

import type { BindGroups } from "./bind-groups.js";
import type { Block } from "./block.js";
import type { Copy, Dispatch } from "./command.js";
import type { Plan } from "./plan.js";

/** Dispatches after which the batch is submitted, so that the GPU starts while JavaScript records the next ones. */
const BATCH = 64;
/** Bytes of parameters one batch may pass through the uniform ring. */
const RING_BYTES = 1 << 18;
/** The largest set of parameters of one kernel, in bytes. */
export const MAX_PARAM_BYTES = 1024;

export class Encoder {
  /** Number of the batch being encoded; batches with lower numbers have been submitted. */
  serial = 1;
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;
  #encoded = 0;
  #pipeline: GPUComputePipeline | undefined;
  readonly #bound: (GPUBindGroup | undefined)[] = [];
  readonly #ringData = new ArrayBuffer(RING_BYTES);
  #ringBuffer: GPUBuffer | undefined;
  #ringUsed = 0;
  readonly #doomed: GPUBuffer[] = [];

  constructor(readonly groups: BindGroups) {}

  /**
   * @param pipeline - the kernel's
   * @param words - begins with its packed parameters
   */
  dispatch({ kernel, words, blocks, x, y }: Omit<Dispatch, "kind">, pipeline: GPUComputePipeline): void {
    const ringOffset = kernel.immediate || kernel.params.length === 0 ? undefined : this.#place(kernel.params, words);
    const pass = this.#openPass();
    if (this.#pipeline !== pipeline) pass.setPipeline((this.#pipeline = pipeline));
    for (let i = 0; i < kernel.singles; i++) {
      const block = blocks[i]!;
      const group = kernel.buffers[i]!.access === "read" ? block.readGroup : block.writeGroup;
      if (this.#bound[i] !== group) pass.setBindGroup(i, (this.#bound[i] = group));
    }
    if (kernel.jointLayout !== undefined) {
      const group = this.#joint({ kernel, blocks }, kernel.jointLayout);
      pass.setBindGroup(kernel.singles, group, ringOffset === undefined ? [] : [ringOffset]);
      this.#bound[kernel.singles] = undefined;
    }
    const { length } = kernel.params;
    if (kernel.immediate && length > 0) pass.setImmediates(0, words.buffer, words.byteOffset, length * 4);
    this.markUse(blocks);
    pass.dispatchWorkgroups(x, y);
    if (++this.#encoded >= BATCH) this.submit();
  }

  /** Encodes the commands of a step, whose pipelines are all there. */
  replay(plan: Plan): void {
    for (const command of plan.commands) {
      if (command.kind === "copy") {
        this.copy(command);
        continue;
      }
      const { pipeline, groups, immediates } = command;
      const ringOffset = command.isRingUsed ? this.#place(command.kernel.params, command.words) : undefined;
      const pass = this.#openPass();
      if (this.#pipeline !== pipeline) pass.setPipeline((this.#pipeline = pipeline!));
      for (let i = 0; i < groups.length; i++) {
        const group = groups[i]!;
        if (this.#bound[i] !== group) pass.setBindGroup(i, (this.#bound[i] = group));
      }
      if (command.jointLayout !== undefined) {
        command.joint ??= this.#joint(command, command.jointLayout);
        pass.setBindGroup(groups.length, command.joint, ringOffset === undefined ? [] : [ringOffset]);
        this.#bound[groups.length] = undefined;
      }
      if (immediates !== undefined) pass.setImmediates(0, immediates); // a view would take Dawn four times as long
      pass.dispatchWorkgroups(command.x, command.y);
      if (++this.#encoded >= BATCH) this.submit();
    }
    plan.markUse(this.serial);
  }

  copy({ source, sourceOffset, target, targetOffset, bytes, blocks }: Omit<Copy, "kind">): void {
    this.markUse(blocks);
    this.#openEncoder().copyBufferToBuffer(source, sourceOffset, target, targetOffset, bytes);
  }

  markUse(blocks: readonly Block[]): void {
    for (const block of blocks) block.lastUse = this.serial;
  }

  submit(): void {
    if (this.#encoder === undefined) return;
    this.#endPass();
    const { gpu, counters } = this.groups;
    // writeBuffer is ordered on the queue, not inside the encoder: what was queued before has read the old contents.
    if (this.#ringUsed > 0) gpu.queue.writeBuffer(this.#ring(), 0, this.#ringData, 0, this.#ringUsed);
    gpu.queue.submit([this.#encoder.finish()]);
    counters.submits++;
    this.#encoder = undefined;
    this.#encoded = this.#ringUsed = 0;
    this.serial++;
    for (const buffer of this.#doomed.splice(0)) buffer.destroy();
  }

  /** Destroys a buffer once the commands that may use it have been submitted. */
  destroyAfterSubmit(buffer: GPUBuffer): void {
    if (this.#encoder === undefined) buffer.destroy();
    else this.#doomed.push(buffer);
  }

  /** The group of the buffers without one of their own, and of the ring. */
  #joint({ kernel, blocks }: Pick<Dispatch, "kernel" | "blocks">, layout: GPUBindGroupLayout): GPUBindGroup {
    const isRingUsed = !kernel.immediate && kernel.params.length > 0;
    const ring = isRingUsed ? { buffer: this.#ring(), size: MAX_PARAM_BYTES } : undefined;
    return this.groups.joint(layout, blocks.slice(kernel.singles), ring);
  }

  /** Puts packed parameters into the ring and returns their place. */
  #place({ length }: Dispatch["kernel"]["params"], words: Uint32Array): number {
    if (this.#ringUsed + MAX_PARAM_BYTES > RING_BYTES) this.submit();
    const offset = this.#ringUsed;
    new Uint32Array(this.#ringData, offset, length).set(words.subarray(0, length));
    const alignment = this.groups.gpu.limits.minUniformBufferOffsetAlignment;
    this.#ringUsed += Math.ceil((length * 4) / alignment) * alignment;
    return offset;
  }

  #ring(): GPUBuffer {
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    this.#ringBuffer ??= this.groups.gpu.createBuffer({ size: RING_BYTES + MAX_PARAM_BYTES, usage });
    return this.#ringBuffer;
  }

  #openEncoder(): GPUCommandEncoder {
    this.#endPass();
    this.#encoder ??= this.groups.gpu.createCommandEncoder();
    return this.#encoder;
  }

  #openPass(): GPUComputePassEncoder {
    if (this.#pass === undefined) {
      this.#pass = this.#openEncoder().beginComputePass();
    }
    return this.#pass;
  }

  #endPass(): void {
    this.#pass?.end();
    this.#pass = undefined;
    this.#pipeline = undefined;
    this.#bound.length = 0;
  }
}
