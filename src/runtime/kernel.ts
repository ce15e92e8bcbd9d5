// A kernel is a compute pipeline plus what a launch has to know: its buffers' access, and its parameters.

import { DeviceError } from "../core/errors.js";
import { type Access, type BindGroups, MAX_BIND_GROUPS } from "./bind-groups.js";
import type { Compilation, Compiler } from "./compiler.js";

/** WGSL source of one kernel, before it is compiled. `name` and `variant` identify it: equal ones are compiled once. */
export interface KernelSource {
  /** The op or launcher in the reader's words; labels errors and profiles. */
  readonly name: string;
  /** Distinguishes kernels of one name; "" where there is only one. */
  readonly variant: string;
  /** In binding order. */
  readonly buffers: readonly { readonly name: string; readonly access: Access; readonly type: string }[];
  /** Fields of `struct Params`, scalars of 4 bytes. */
  readonly params: readonly { readonly name: string; readonly type: "u32" | "i32" | "f32" }[];
  /** WGSL without declarations of buffers and parameters; those are generated from the two lists above. */
  readonly code: string;
  /** Values of pipeline-overridable constants. */
  readonly constants?: Readonly<Record<string, number>>;
}

export interface Kernel {
  readonly name: string;
  readonly compilation: Compilation;
  readonly buffers: KernelSource["buffers"];
  readonly params: KernelSource["params"];
  /** Parameters travel as immediate data; otherwise through the uniform ring. */
  readonly immediate: boolean;
  /** Buffers with a bind group of their own; the rest share the group after them. */
  readonly singles: number;
  /** Layout of the group shared by the remaining buffers and the uniform ring, if there is one. */
  readonly jointLayout: GPUBindGroupLayout | undefined;
}

/** Compiles kernels and keeps them. */
export class KernelCache {
  readonly #kernels = new Map<string, Kernel>();
  readonly #pipelineLayouts = new Map<string, GPUPipelineLayout>();

  /** @param immediateBytes - immediate data a pipeline may use; 0 where the language lacks it */
  constructor(
    readonly groups: BindGroups,
    readonly compiler: Compiler,
    readonly immediateBytes: number,
  ) {}

  /** The kernel for a key; only the first time `source` is called, and compilation begins. */
  get(key: string, source: () => KernelSource): Kernel {
    let kernel = this.#kernels.get(key);
    if (kernel === undefined) this.#kernels.set(key, (kernel = this.#compile(source())));
    return kernel;
  }

  #compile(source: KernelSource): Kernel {
    const { gpu } = this.groups;
    const { name, buffers, params, constants } = source;
    const limit = gpu.limits.maxStorageBuffersPerShaderStage;
    if (buffers.length > limit) {
      throw new DeviceError(name, `needs ${buffers.length} buffers at once; this adapter allows ${limit}`);
    }
    const immediate = params.length * 4 <= this.immediateBytes;
    const uniform = params.length > 0 && !immediate;
    const fits = buffers.length + (uniform ? 1 : 0) <= MAX_BIND_GROUPS;
    const singles = fits ? buffers.length : MAX_BIND_GROUPS - 1;
    const joint = buffers.slice(singles).map(({ access }) => access);
    const jointLayout = joint.length > 0 || uniform ? this.groups.layout(joint, uniform) : undefined;

    const text = declare(source, immediate, singles) + source.code;
    const code = enabled(text);
    const layoutKey = `${buffers.map(({ access }) => access)}|${uniform}|${immediate ? params.length : 0}`;
    let layout = this.#pipelineLayouts.get(layoutKey);
    if (layout === undefined) {
      const own = buffers.slice(0, singles).map(({ access }) => this.groups.single(access));
      const bindGroupLayouts = jointLayout === undefined ? own : [...own, jointLayout];
      layout = gpu.createPipelineLayout({
        bindGroupLayouts,
        ...(immediate && params.length > 0 ? { immediateSize: params.length * 4 } : {}),
      });
      this.#pipelineLayouts.set(layoutKey, layout);
    }
    const compilation = this.compiler.compile({ name, code, layout, constants });
    return { name, compilation, buffers, params, immediate, singles, jointLayout };
  }
}

/** The declarations of parameters and buffers, which depend on where the device takes them from. */
function declare({ buffers, params }: KernelSource, immediate: boolean, singles: number): string {
  const lines: string[] = [];
  if (params.length > 0) {
    lines.push(`struct Params { ${params.map(({ name, type }) => `${name}: ${type}`).join(", ")} }`);
    lines.push(
      immediate
        ? "var<immediate> p: Params;"
        : `@group(${singles}) @binding(${buffers.length - singles}) var<uniform> p: Params;`,
    );
  }
  buffers.forEach(({ name, access, type }, i) => {
    const [group, binding] = i < singles ? [i, 0] : [singles, i - singles];
    const space = access === "read" ? "storage, read" : "storage, read_write";
    lines.push(`@group(${group}) @binding(${binding}) var<${space}> ${name}: ${type};`);
  });
  return `${lines.join("\n")}\n`;
}

/** WGSL after the directives for the language extensions it uses. */
function enabled(text: string): string {
  const used: readonly (readonly [extension: string, word: RegExp])[] = [
    ["f16", /\bf16\b/],
    ["subgroups", /\bsubgroup[A-Z_]/],
    ["chromium_experimental_subgroup_matrix", /\bsubgroup_matrix_/],
  ];
  const extensions = used.filter(([, word]) => word.test(text)).map(([extension]) => extension);
  return extensions.length === 0 ? text : `enable ${extensions.join(", ")};\n${text}`;
}
