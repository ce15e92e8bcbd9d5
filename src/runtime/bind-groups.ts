// Bind group layouts and the bind groups made from them, each made once.

import type { Block } from "./block.js";
import type { Counters } from "./stats.js";

/** How a kernel uses a buffer. */
export type Access = "read" | "write";

/** WebGPU guarantees four bind groups to every pipeline. */
export const MAX_BIND_GROUPS = 4;

/** Joint groups kept; a step needs as many as it has kernels with more than four buffers. */
const MAX_JOINT_GROUPS = 4096;

export class BindGroups {
  readonly #layouts = new Map<string, GPUBindGroupLayout>();
  readonly #joint = new Map<string, GPUBindGroup>();

  constructor(
    readonly gpu: GPUDevice,
    readonly counters: Counters,
  ) {}

  /** The layout of a group that holds one buffer. */
  single(access: Access): GPUBindGroupLayout {
    return this.layout([access], false);
  }

  /** The layout of a group that holds several buffers, and last, if `uniform`, the uniform ring with a dynamic offset. */
  layout(accesses: readonly Access[], uniform: boolean): GPUBindGroupLayout {
    const key = accesses.join() + (uniform ? ",uniform" : "");
    let layout = this.#layouts.get(key);
    if (layout === undefined) {
      const visibility = GPUShaderStage.COMPUTE;
      const entries: GPUBindGroupLayoutEntry[] = accesses.map((access, binding) => ({
        binding,
        visibility,
        buffer: { type: access === "read" ? "read-only-storage" : "storage" },
      }));
      if (uniform) {
        entries.push({ binding: entries.length, visibility, buffer: { type: "uniform", hasDynamicOffset: true } });
      }
      layout = this.gpu.createBindGroupLayout({ label: key, entries });
      this.#layouts.set(key, layout);
    }
    return layout;
  }

  create(layout: GPUBindGroupLayout, regions: readonly GPUBufferBinding[]): GPUBindGroup {
    this.counters.bindGroupsCreated++;
    return this.gpu.createBindGroup({ layout, entries: regions.map((resource, binding) => ({ binding, resource })) });
  }

  /** A group over several blocks, for kernels with more buffers than bind groups; the most recent ones are kept. */
  joint(layout: GPUBindGroupLayout, blocks: readonly Block[], uniform: GPUBufferBinding | undefined): GPUBindGroup {
    let key = layout.label;
    for (const block of blocks) key += `:${block.id}`;
    let group = this.#joint.get(key);
    if (group === undefined) {
      const regions: GPUBufferBinding[] = blocks.map(({ buffer, offset, bytes }) => ({ buffer, offset, size: bytes }));
      if (uniform !== undefined) regions.push(uniform);
      group = this.create(layout, regions);
      if (this.#joint.size >= MAX_JOINT_GROUPS) this.#joint.clear();
      this.#joint.set(key, group);
    }
    return group;
  }
}
