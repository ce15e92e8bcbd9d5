// The device: one GPU with its memory, kernels and command stream. `init()` (current.ts) opens it.

import { platform } from "#platform";
import { type DType, dtypes, type TypedArray } from "../core/dtype.js";
import { DeviceError, type TapegradError } from "../core/errors.js";
import type { AdapterDescription, InitOptions } from "./acquire.js";
import { BindGroups } from "./bind-groups.js";
import type { Block } from "./block.js";
import { Collector } from "./collector.js";
import type { Param } from "./command.js";
import { Compiler } from "./compiler.js";
import { FAULT_BYTES, Faults } from "./faults.js";
import { type Kernel, KernelCache, type KernelSource } from "./kernel.js";
import { Outstanding } from "./outstanding.js";
import type { Plan } from "./plan.js";
import { Pool } from "./pool.js";
import { Readback } from "./readback.js";
import { isReadRefused } from "./recording.js";
import { newCounters, type Stats } from "./stats.js";
import { CommandStream } from "./stream.js";
import { fromWords, toWords } from "./words.js";

export class Device {
  readonly pool: Pool;
  readonly faults: Faults;
  readonly outstanding = new Outstanding();
  readonly #counters = newCounters();
  readonly #stream: CommandStream;
  readonly #kernels: KernelCache;
  readonly readback: Readback;
  readonly #collector: Collector;
  #failure: TapegradError | undefined;
  /** Why the GPU went away. */
  #lost: string | undefined;

  /** @internal Use `init()`. */
  constructor(
    /** Keeps Dawn alive in Node. */
    readonly entry: GPU,
    readonly gpu: GPUDevice,
    readonly adapter: AdapterDescription,
    options: InitOptions,
  ) {
    const groups = new BindGroups(gpu, this.#counters);
    const hasImmediates = entry.wgslLanguageFeatures.has("immediate_address_space") && options.immediates !== false;
    const compiler = new Compiler(gpu, this.#counters);
    this.#kernels = new KernelCache(groups, compiler, hasImmediates ? gpu.limits.maxImmediateSize : 0);
    this.#stream = new CommandStream(groups, compiler, (failure) => {
      this.#failure ??= failure;
    });
    this.pool = new Pool(groups, this.#stream, options.poison ?? false);
    this.#collector = new Collector(this.pool, platform, this.#counters);
    const faultWords = this.pool.acquire(FAULT_BYTES, true);
    gpu.queue.writeBuffer(faultWords.buffer, faultWords.offset, new Uint32Array(FAULT_BYTES / 4));
    this.faults = new Faults(gpu, faultWords);
    this.readback = new Readback(gpu, this.#stream, faultWords);

    gpu.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      this.#failure ??= new DeviceError("gpu", event.error.message.slice(0, MAX_MESSAGE));
    });
    gpu.lost.then(({ reason, message }) => this.#markLost(`${reason}${message ? `: ${message}` : ""}`));
  }

  /** What the engine has done so far and how much memory it holds. Differences of two calls measure a step. */
  stats(): Stats {
    const { bytesLive, bytesPooled, bytesPeak } = this.pool;
    return { ...this.#counters, bytesLive, bytesPooled, bytesPeak };
  }

  /** Whether the GPU went away; every later use of this device throws. */
  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  get limits(): GPUSupportedLimits {
    return this.gpu.limits;
  }

  /** The kernel for a key. It may be launched at once, while it is being compiled. */
  kernel(key: string, source: () => KernelSource): Kernel {
    this.assertAlive();
    return this.#kernels.get(key, source);
  }

  /**
   * Records one launch of `groups` workgroups, spread over two dimensions when one cannot hold them.
   * Kernels find their number with `workgroup_index` (wgsl/shared/grid.wgsl) and must ignore numbers past the end.
   * @param again - the parameters anew, for replays of a recorded step, if they are others then
   */
  launch(
    kernel: Kernel,
    params: readonly Param[],
    blocks: readonly Block[],
    groups: number,
    again?: () => readonly number[],
  ): void {
    this.assertAlive();
    if (groups === 0) return;
    const most = this.gpu.limits.maxComputeWorkgroupsPerDimension;
    const x = Math.min(groups, most);
    const y = Math.ceil(groups / x);
    if (y > most)
      throw new DeviceError(kernel.name, `needs ${groups} workgroups; this adapter allows ${most} x ${most}`);
    this.#stream.dispatch(kernel, params, blocks, [y === 1 ? x : Math.ceil(groups / y), y], again);
  }

  copy(source: Block, sourceOffset: number, target: Block, targetOffset: number, bytes: number): void {
    this.assertAlive();
    this.#stream.copy(source, sourceOffset, target, targetOffset, bytes);
  }

  /** Uploads host data into a new block of `bytes` bytes; the block is not counted yet. */
  upload(data: TypedArray, bytes: number): Block {
    this.assertAlive();
    const block = this.pool.acquire(bytes, true);
    this.#counters.uploads++;
    const words = toWords(data, bytes);
    this.gpu.queue.writeBuffer(block.buffer, block.offset, words);
    return block;
  }

  /**
   * Reads `count` elements of `dtype`, starting `byteOffset` bytes into a block.
   * @throws whatever went wrong on the GPU up to here
   */
  async read(block: Block, byteOffset: number, count: number, dtype: DType): Promise<TypedArray> {
    this.assertAlive();
    if (isReadRefused()) return new Promise(() => undefined);
    this.#counters.readbacks++;
    this.outstanding.finish();
    const bytes = count * dtypes[dtype].bytes;
    const before = byteOffset % 4; // copies start at whole words, and a float16 may lie between two
    try {
      const { data, faults } = await this.readback.read(block, byteOffset - before, before + bytes, () =>
        this.#collector.safePoint(),
      );
      this.#throwFailure();
      const fault = this.faults.take(faults);
      if (fault !== undefined) throw fault;
      return fromWords(before === 0 ? data : data.slice(before), dtype);
    } catch (error) {
      this.assertAlive();
      throw error;
    }
  }

  /** Waits until the GPU has done everything asked of it so far; throws what went wrong there. */
  async synchronize(): Promise<void> {
    await this.read(this.faults.block, 0, 0, "int32");
  }

  /** Makes the garbage collector look for dropped tensors now. Loops that await need not call this. */
  async collectGarbage(): Promise<void> {
    await this.#collector.collect();
  }

  /** A pause in a loop that might not read back for long: lets dropped tensors give their memory back. */
  async breathe(): Promise<void> {
    if (this.#stream.isWaiting) await this.#stream.settle();
    await this.#collector.safePoint();
  }

  /** Does again what a recorded step does on the GPU. */
  replay(plan: Plan): void {
    this.assertAlive();
    this.#stream.replay(plan);
  }

  /** Submits recorded work without waiting for it; work that waits for kernels to be compiled goes at the next await. */
  flush(): void {
    this.#stream.submit();
  }

  /** Gives everything back; tensors on this device cannot be used any more. */
  destroy(): void {
    this.#markLost("it was destroyed on purpose");
    this.gpu.destroy();
  }

  #markLost(reason: string): void {
    this.#lost ??= reason;
  }

  /** @throws DeviceError in the op's name if the GPU went away */
  assertAlive(op = "device"): void {
    if (this.#lost === undefined) return;
    const fix = "call await init() again and load a checkpoint into a new model";
    throw new DeviceError(op, `the GPU device was lost (${this.#lost}); ${fix}`);
  }

  #throwFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
  }
}

/** Dawn's validation messages can run to tens of thousands of lines. */
const MAX_MESSAGE = 2000;
