// Reading GPU memory back: copied into a mappable staging buffer, then awaited.

import type { Block } from "./block.js";
import { FAULT_BYTES } from "./faults.js";
import { Rests } from "./rest.js";
import { sizeClass } from "./shelf.js";
import type { CommandStream } from "./stream.js";

export class Readback {
  readonly #staging = new Map<number, GPUBuffer[]>();
  readonly #rests = new Rests();
  #mayRest = true;
  /** Launched up to the last wait. */
  #workgroups = 0;
  /** Of what is asked for after the first, before the program gives way. */
  #submission: Promise<void> | undefined;

  constructor(
    readonly gpu: GPUDevice,
    readonly stream: CommandStream,
    readonly faults: Block,
  ) {}

  /** Runs `use` with waits that end as soon as the GPU is done, to time what it does. */
  async timing<T>(use: () => Promise<T>): Promise<T> {
    this.#mayRest = false;
    return use().finally(() => {
      this.#mayRest = true;
    });
  }

  /** Submits at once; what is asked for after that, before the program gives way, goes together. */
  #submit(): void {
    this.stream.submit();
    this.#submission = Promise.resolve().then(() => {
      this.#submission = undefined;
      this.stream.submit();
    });
  }

  /**
   * Submits all recorded work, once its kernels are compiled, and copies `bytes` bytes of `block` from `offset` and the fault words.
   * @param meanwhile - runs while the GPU works
   */
  async read(
    block: Block,
    offset: number,
    bytes: number,
    meanwhile: () => Promise<void>,
  ): Promise<{ data: ArrayBuffer; faults: Int32Array<ArrayBuffer> }> {
    const padded = Math.ceil(bytes / 4) * 4;
    const size = sizeClass(padded + FAULT_BYTES);
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    const staging = this.#staging.get(size)?.pop() ?? this.gpu.createBuffer({ label: "readback", size, usage });
    if (padded > 0) this.stream.copyToBuffer(block, offset, staging, 0, padded);
    this.stream.copyToBuffer(this.faults, 0, staging, padded, FAULT_BYTES);
    if (this.stream.isWaiting) await this.stream.settle();
    else if (this.#submission === undefined) this.#submit();
    else await this.#submission;

    const { serial, workgroups } = this.stream;
    const work = workgroups - this.#workgroups;
    this.#workgroups = workgroups;
    const map = (): Promise<undefined> => staging.mapAsync(GPUMapMode.READ, 0, padded + FAULT_BYTES);
    const [, mapped] = await Promise.allSettled([meanwhile(), this.#mayRest ? this.#rests.before(work, map) : map()]);
    if (mapped.status === "rejected") throw mapped.reason;
    this.stream.finished = Math.max(this.stream.finished, serial - 1);
    const range = staging.getMappedRange(0, padded + FAULT_BYTES);
    const data = range.slice(0, bytes);
    const faults = new Int32Array(range.slice(padded));
    staging.unmap();
    const shelf = this.#staging.get(size);
    if (shelf === undefined) this.#staging.set(size, [staging]);
    else if (shelf.length < 4) shelf.push(staging);
    else staging.destroy();
    return { data, faults };
  }
}
