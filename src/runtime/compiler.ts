// Pipelines are compiled beside the program and beside each other: a kernel may be launched before it is compiled. Such
// launches wait in the command stream, which asks here for the pipelines at the next await.

import { platform } from "#platform";
import { DeviceError } from "../core/errors.js";
import type { Counters } from "./stats.js";

/** What a pipeline is compiled from. */
interface PipelineSource {
  /** The kernel's, in the reader's words. */
  readonly name: string;
  readonly code: string;
  readonly layout: GPUPipelineLayout;
  /** Values of pipeline-overridable constants. */
  readonly constants: Readonly<Record<string, number>> | undefined;
}

/** Compilers' messages can run to tens of thousands of lines. */
const MAX_MESSAGE = 2000;

/** A pipeline that is there, or on its way. */
export class Compilation {
  pipeline: GPUComputePipeline | undefined;
  /** Why there is none. */
  failure: DeviceError | undefined;

  constructor(
    readonly name: string,
    readonly module: GPUShaderModule,
    readonly descriptor: GPUComputePipelineDescriptor,
  ) {}

  get isPending(): boolean {
    return this.pipeline === undefined && this.failure === undefined;
  }
}

export class Compiler {
  readonly #modules = new Map<string, GPUShaderModule>();
  readonly #pending = new Map<Compilation, Promise<void>>();

  constructor(
    readonly gpu: GPUDevice,
    readonly counters: Counters,
  ) {}

  /** Starts to compile. */
  compile({ name, code, layout, constants }: PipelineSource): Compilation {
    const start = performance.now();
    const module = this.#module(name, code);
    this.counters.pipelinesCreated++;
    const descriptor = { label: name, layout, compute: { module, ...(constants && { constants: { ...constants } }) } };
    const compilation = new Compilation(name, module, descriptor);
    this.#pending.set(compilation, this.#finish(compilation));
    this.counters.compileMilliseconds += performance.now() - start;
    return compilation;
  }

  get isIdle(): boolean {
    return this.#pending.size === 0;
  }

  /** Resolves when what has been started is compiled, has failed, or the device is lost. */
  async settle(): Promise<void> {
    const start = performance.now();
    await platform.restUntil(Promise.race([Promise.all(this.#pending.values()), this.gpu.lost]));
    this.counters.compileMilliseconds += performance.now() - start;
  }

  /** Compiles what is pending without giving way to other code. */
  settleNow(): void {
    const start = performance.now();
    for (const compilation of this.#pending.keys())
      compilation.pipeline ??= this.gpu.createComputePipeline(compilation.descriptor);
    this.#pending.clear();
    this.counters.compileMilliseconds += performance.now() - start;
  }

  async #finish(compilation: Compilation): Promise<void> {
    try {
      const pipeline = await this.gpu.createComputePipelineAsync(compilation.descriptor);
      compilation.pipeline ??= pipeline;
    } catch (error) {
      const reason = await explain(compilation.module, error as Error);
      compilation.failure = new DeviceError(compilation.name, `does not compile: ${reason.slice(0, MAX_MESSAGE)}`);
    }
    this.#pending.delete(compilation);
  }

  /** The module for a text. What is wrong with it is told when its pipeline fails. */
  #module(label: string, code: string): GPUShaderModule {
    let module = this.#modules.get(code);
    if (module === undefined) {
      this.counters.shaderModulesCreated++;
      this.gpu.pushErrorScope("validation");
      module = this.gpu.createShaderModule({ label, code });
      this.gpu.popErrorScope().catch(() => undefined); // the device was lost
      this.#modules.set(code, module);
    }
    return module;
  }
}

/** The compiler's own words, with the line, or else those of the pipeline's error. */
async function explain(module: GPUShaderModule, { message }: Error): Promise<string> {
  const info = await module.getCompilationInfo().catch(() => undefined);
  const error = info?.messages.find(({ type }) => type === "error");
  return error === undefined ? message : `line ${error.lineNum}: ${error.message}`;
}
