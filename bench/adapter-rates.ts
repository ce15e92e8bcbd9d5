// What the adapter can do at all: how fast plain WGSL multiplies and adds, and how fast it copies. What tapegrad reaches
// is quoted as a fraction of these.

import type { Device } from "tapegrad";

export interface AdapterRates {
  /** Multiply-adds of registers with registers, each counted as two operations. */
  readonly gflops: number;
  /** A copy of COPIED bytes in vec4s, read and written bytes together. */
  readonly gigabytesPerSecond: number;
}

/** As much as four million floats: the larger workloads' arrays. */
const COPIED = 2 ** 24;
const LANES = 64;
const GROUPS = 64;
const ROUNDS = 10; // the first of them compiles
/** Independent sums per lane: enough to hide the latency of one, few enough for the registers of any adapter. */
const SUMS = [4, 8, 16] as const;

export async function measureRates({ gpu }: Device): Promise<AdapterRates> {
  const rates = [];
  for (const type of ["f32", "vec4<f32>"] as const) for (const sums of SUMS) rates.push(await fmaRate(gpu, type, sums));
  return { gflops: Math.max(...rates), gigabytesPerSecond: await copyRate(gpu) };
}

async function fmaRate(gpu: GPUDevice, type: "f32" | "vec4<f32>", sums: number): Promise<number> {
  const each = (line: (i: number) => string): string => Array.from({ length: sums }, (_, i) => line(i)).join("\n");
  // The factor and the number of turns are data, so that nothing can be computed beforehand; the result is stored.
  const code = `
    @group(0) @binding(0) var<storage, read> given: array<vec4<f32>>;
    @group(0) @binding(1) var<storage, read_write> out: array<${type}>;
    @compute @workgroup_size(${LANES}) fn main(@builtin(global_invocation_id) id: vec3<u32>) {
      let factor = ${type}(given[0].x);
      let turns = u32(given[0].y);
      ${each((i) => `var s${i} = ${type}(f32(id.x) * ${i + 1}.0);`)}
      for (var turn = 0u; turn < turns; turn++) {
        ${each((i) => `s${i} = fma(s${i}, factor, factor);`)}
      }
      out[id.x] = ${Array.from({ length: sums }, (_, i) => `s${i}`).join(" + ")};
    }`;
  const width = type === "f32" ? 1 : 4;
  const out = gpu.createBuffer({ size: GROUPS * LANES * width * 4, usage: GPUBufferUsage.STORAGE });
  const given = gpu.createBuffer({ size: 16, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST });
  const dispatch = await prepare(gpu, code, [given, out]);
  const time = async (turns: number): Promise<number> => {
    gpu.queue.writeBuffer(given, 0, Float32Array.of(0.5, turns, 0, 0));
    return fastestTime(gpu, () => dispatch(GROUPS));
  };
  // The difference of two lengths, so that what a launch costs does not count.
  const [few, many] = [100, 1100];
  const seconds = Math.max((await time(many)) - (await time(few)), 1e-9);
  for (const buffer of [out, given]) buffer.destroy();
  return (2 * (many - few) * sums * width * LANES * GROUPS) / seconds / 1e9;
}

/** The fastest of several ways to walk the arrays, as nobody knows which one an adapter likes. */
async function copyRate(gpu: GPUDevice): Promise<number> {
  const buffers = [0, 1].map(() => gpu.createBuffer({ size: COPIED, usage: GPUBufferUsage.STORAGE }));
  const rates: number[] = [];
  for (const lanes of [64, 256])
    for (const perLane of [1, 4, 16]) {
      const code = `
        @group(0) @binding(0) var<storage, read> x: array<vec4<f32>>;
        @group(0) @binding(1) var<storage, read_write> y: array<vec4<f32>>;
        @compute @workgroup_size(${lanes})
        fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
          let first = group.x * ${lanes * perLane}u + lane;
          for (var i = 0u; i < ${lanes * perLane}u; i += ${lanes}u) { y[first + i] = x[first + i]; }
        }`;
      const dispatch = await prepare(gpu, code, buffers);
      rates.push((2 * COPIED) / (await fastestTime(gpu, () => dispatch(COPIED / 16 / lanes / perLane))) / 1e9);
    }
  for (const buffer of buffers) buffer.destroy();
  return Math.max(...rates);
}

async function prepare(gpu: GPUDevice, code: string, buffers: readonly GPUBuffer[]): Promise<(groups: number) => void> {
  const module = gpu.createShaderModule({ code });
  const pipeline = await gpu.createComputePipelineAsync({ layout: "auto", compute: { module } });
  const bindings = gpu.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  return (groups) => {
    const encoder = gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    pass.dispatchWorkgroups(groups);
    pass.end();
    gpu.queue.submit([encoder.finish()]);
  };
}

/** Seconds of the fastest launch, until the GPU is done: what the adapter can do when nothing disturbs it. */
async function fastestTime(gpu: GPUDevice, launch: () => void): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    launch();
    await gpu.queue.onSubmittedWorkDone();
    times.push((performance.now() - start) / 1000);
  }
  return Math.min(...times);
}
