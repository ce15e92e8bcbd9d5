// The command stream: kernels and copies are recorded into one encoder and submitted in batches.

import { DeviceError } from "../core/errors.js";
import type { BindGroups } from "./bind-groups.js";
import type { Block } from "./block.js";
import type { Kernel } from "./kernel.js";

/** Dispatches after which the batch is submitted, so that the GPU starts while JavaScript records the next ones. */
const BATCH = 64;
/** Bytes of parameters one batch may pass through the uniform ring. */
const RING_BYTES = 1 << 18;
/** The largest set of parameters of one kernel, in bytes. */
export const MAX_PARAM_BYTES = 1024;

export class CommandStream {
  /** Number of the batch being recorded; batches with lower numbers have been submitted. */
  serial = 1;
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;
  #recorded = 0;
  #pipeline: GPUComputePipeline | undefined;
  readonly #bound: (GPUBindGroup | undefined)[] = [];
  readonly #ringData = new ArrayBuffer(RING_BYTES);
  #ringBuffer: GPUBuffer | undefined;
  #ringUsed = 0;
  #poison: GPUBuffer | undefined;
  readonly #doomed: GPUBuffer[] = [];
  readonly #words = new ArrayBuffer(MAX_PARAM_BYTES);
  readonly #u32 = new Uint32Array(this.#words);
  readonly #i32 = new Int32Array(this.#words);
  readonly #f32 = new Float32Array(this.#words);

  constructor(readonly groups: BindGroups) {}

  /**
   * Records one dispatch of x * y workgroups.
   * @param params - one number per field of the kernel's `struct Params`, in order
   * @param blocks - one block per buffer of the kernel, in order
   */
  dispatch(kernel: Kernel, params: readonly number[], blocks: readonly Block[], x: number, y: number): void {
    const ringOffset = this.#pack(kernel, params);
    const pass = this.#openPass();
    if (this.#pipeline !== kernel.pipeline) pass.setPipeline((this.#pipeline = kernel.pipeline));
    for (let i = 0; i < kernel.singles; i++) {
      const block = blocks[i]!;
      const group = kernel.buffers[i]!.access === "read" ? block.readGroup : block.writeGroup;
      if (this.#bound[i] !== group) pass.setBindGroup(i, (this.#bound[i] = group));
    }
    if (kernel.jointLayout !== undefined) {
      const ring = ringOffset === undefined ? undefined : { buffer: this.#ring(), size: MAX_PARAM_BYTES };
      const group = this.groups.joint(kernel.jointLayout, blocks.slice(kernel.singles), ring);
      pass.setBindGroup(kernel.singles, group, ringOffset === undefined ? [] : [ringOffset]);
      this.#bound[kernel.singles] = undefined;
    }
    if (kernel.immediate && params.length > 0) pass.setImmediates(0, this.#words, 0, params.length * 4);
    for (const block of blocks) block.lastUse = this.serial;
    pass.dispatchWorkgroups(x, y);
    this.groups.counters.dispatches++;
    if (++this.#recorded >= BATCH) this.submit();
  }

  /** Records a copy between two buffers; offsets and size in bytes, multiples of 4. */
  copy(source: Block, sourceOffset: number, target: Block, targetOffset: number, bytes: number): void {
    this.groups.counters.copies++;
    source.lastUse = target.lastUse = this.serial;
    this.copyToBuffer(source, sourceOffset, target.buffer, target.offset + targetOffset, bytes);
  }

  /** Records a copy into a buffer that is no block (a readback's staging buffer). */
  copyToBuffer(source: Block, sourceOffset: number, target: GPUBuffer, targetOffset: number, bytes: number): void {
    const encoder = this.#openEncoder();
    encoder.copyBufferToBuffer(source.buffer, source.offset + sourceOffset, target, targetOffset, bytes);
  }

  /** Hands everything recorded so far to the GPU. */
  submit(): void {
    if (this.#encoder === undefined) return;
    this.#endPass();
    const { gpu, counters } = this.groups;
    // writeBuffer is ordered on the queue, not inside the encoder: what was queued before has read the old contents.
    if (this.#ringUsed > 0) gpu.queue.writeBuffer(this.#ring(), 0, this.#ringData, 0, this.#ringUsed);
    gpu.queue.submit([this.#encoder.finish()]);
    counters.submits++;
    this.#encoder = undefined;
    this.#recorded = this.#ringUsed = 0;
    this.serial++;
    for (const buffer of this.#doomed.splice(0)) buffer.destroy();
  }

  /** Destroys a buffer once the commands that may use it have been submitted. */
  destroyAfterSubmit(buffer: GPUBuffer): void {
    if (this.#encoder === undefined) buffer.destroy();
    else this.#doomed.push(buffer);
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
    block.lastUse = this.serial;
    this.#openEncoder().copyBufferToBuffer(this.#poison, 0, block.buffer, block.offset, block.bytes);
  }

  /** Packs parameters into 4-byte words; returns their place in the ring, or undefined if they travel as immediates. */
  #pack(kernel: Kernel, params: readonly number[]): number | undefined {
    const { params: fields } = kernel;
    for (let i = 0; i < fields.length; i++) {
      const value = params[i]!;
      const { type } = fields[i]!;
      if (type === "f32") this.#f32[i] = value;
      else if (type === "i32") this.#i32[i] = value;
      else if (value < 2 ** 32) this.#u32[i] = value;
      else throw new DeviceError(kernel.name, `counts to ${value}; kernels count in 32 bits, to ${2 ** 32 - 1}`);
    }
    if (kernel.immediate || fields.length === 0) return undefined;
    if (this.#ringUsed + MAX_PARAM_BYTES > RING_BYTES) this.submit();
    const offset = this.#ringUsed;
    new Uint32Array(this.#ringData, offset, fields.length).set(this.#u32.subarray(0, fields.length));
    const alignment = this.groups.gpu.limits.minUniformBufferOffsetAlignment;
    this.#ringUsed += Math.ceil((fields.length * 4) / alignment) * alignment;
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
