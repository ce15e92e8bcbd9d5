// What the adapter can do at all: how fast plain WGSL multiplies and adds, and how fast it copies. What tapegrad reaches
// is quoted as a fraction of these, measured in turn with it: a shared machine's speed changes from second to second.

import type { Device } from "tapegrad";
import { median } from "./median.js";

export interface Rates {
  /** Multiply-adds of registers with registers, each counted as two operations. */
  readonly gflops: number;
  /** Copies of 16 MiB in vec4s, read and written bytes together. */
  readonly gigabytesPerSecond: number;
}

type Kernel = ReturnType<Device["kernel"]>;
type Block = ReturnType<Device["pool"]["acquire"]>;

const LANES = 64;
/** Launches that are timed, in workgroups: the difference is what counts. No workload has as many, whose waits are known. */
const [FEW, MANY] = [251, 1259];
/** Independent sums per lane: enough to hide the latency of one, few enough for the registers of any adapter. */
const SUMS = [4, 8, 16] as const;
/** Lanes of a workgroup and vectors per lane: nobody knows which way to walk the arrays an adapter likes. */
const WALKS = [64, 256].flatMap((lanes) => [1, 4, 16].map((perLane) => [lanes, perLane] as const));
const COPIED = 256 * 16 * 257; // vectors; not a power of two, for the same reason as above
const COPIES = 4;
const TRIES = 3;
const LONG_MS = 8; // for the clock's jitter not to count

export class AdapterRates {
  readonly #seen: Record<keyof Rates, number[]> = { gflops: [], gigabytesPerSecond: [] };

  private constructor(readonly meters: Readonly<Record<keyof Rates, () => Promise<number>>>) {}

  /** Finds the fastest kernels. */
  static async of(device: Device): Promise<AdapterRates> {
    const rates = new AdapterRates({ gflops: await multiplyAdds(device), gigabytesPerSecond: await copy(device) });
    for (let i = 0; i < TRIES; i++) {
      await rates.now("gflops");
      await rates.now("gigabytesPerSecond");
    }
    return rates;
  }

  /** What the adapter does at this moment. */
  async now(rate: keyof Rates): Promise<number> {
    const value = await this.meters[rate]();
    this.#seen[rate].push(value);
    return value;
  }

  /** The medians of all that was measured so far. */
  get usual(): Rates {
    return { gflops: median(this.#seen.gflops), gigabytesPerSecond: median(this.#seen.gigabytesPerSecond) };
  }
}

async function multiplyAdds(device: Device): Promise<() => Promise<number>> {
  const out = blocks(device, 1, MANY * LANES * 16);
  const kernels = (["f32", "vec4<f32>"] as const).flatMap((type) => {
    return SUMS.map((sums) => ({ kernel: fmaKernel(device, type, sums), each: sums * (type === "f32" ? 1 : 4) }));
  });
  let turns = 64;
  const seconds = (kernel: Kernel, groups: number): Promise<number> =>
    time(device, () => device.launch(kernel, [0.5, turns], out, groups));
  const perSecond = async ({ kernel, each }: (typeof kernels)[number]): Promise<number> => {
    const difference = (await seconds(kernel, MANY)) - (await seconds(kernel, FEW));
    return (2 * (MANY - FEW) * LANES * each * turns) / Math.max(difference, 1e-9) / 1e9;
  };
  const fastest = await best(kernels, perSecond);
  while ((await seconds(fastest.kernel, MANY)) * 1000 < LONG_MS) turns *= 2;
  return () => perSecond(fastest);
}

/** The factor and the number of turns are data, so that nothing can be computed beforehand; the result is stored. */
function fmaKernel(device: Device, type: "f32" | "vec4<f32>", sums: number): Kernel {
  const each = (line: (i: number) => string): string => Array.from({ length: sums }, (_, i) => line(i)).join("\n");
  return device.kernel(`bench multiply-adds ${type} ${sums}`, () => ({
    name: "bench multiply-adds",
    variant: `${type} ${sums}`,
    buffers: [{ name: "out", access: "write", type: `array<${type}>` }],
    params: [
      { name: "factor", type: "f32" },
      { name: "turns", type: "u32" },
    ],
    code: `@compute @workgroup_size(${LANES}) fn main(@builtin(global_invocation_id) id: vec3<u32>) {
      let factor = ${type}(p.factor);
      ${each((i) => `var s${i} = ${type}(f32(id.x) * ${i + 1}.0);`)}
      for (var turn = 0u; turn < p.turns; turn++) {
        ${each((i) => `s${i} = fma(s${i}, factor, factor);`)}
      }
      out[id.x] = ${Array.from({ length: sums }, (_, i) => `s${i}`).join(" + ")};
    }`,
  }));
}

async function copy(device: Device): Promise<() => Promise<number>> {
  const both = blocks(device, 2, COPIED * 16);
  const kernels = WALKS.map(([lanes, perLane]) => ({ kernel: copyKernel(device, lanes, perLane), lanes, perLane }));
  const perSecond = async ({ kernel, lanes, perLane }: (typeof kernels)[number]): Promise<number> => {
    const seconds = (times: number): Promise<number> =>
      time(device, () => {
        for (let i = 0; i < times; i++) device.launch(kernel, [], both, COPIED / lanes / perLane);
      });
    const difference = (await seconds(1 + COPIES)) - (await seconds(1));
    return (2 * COPIES * COPIED * 16) / Math.max(difference, 1e-9) / 1e9;
  };
  const fastest = await best(kernels, perSecond);
  return () => perSecond(fastest);
}

function copyKernel(device: Device, lanes: number, perLane: number): Kernel {
  return device.kernel(`bench copy ${lanes} ${perLane}`, () => ({
    name: "bench copy",
    variant: `${lanes} ${perLane}`,
    buffers: [
      { name: "x", access: "read", type: "array<vec4<f32>>" },
      { name: "y", access: "write", type: "array<vec4<f32>>" },
    ],
    params: [],
    code: `@compute @workgroup_size(${lanes})
      fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
        let first = group.x * ${lanes * perLane}u + lane;
        for (var i = 0u; i < ${lanes * perLane}u; i += ${lanes}u) { y[first + i] = x[first + i]; }
      }`,
  }));
}

/** The choice whose best of a few tries is the best. */
async function best<T>(choices: readonly T[], perSecond: (choice: T) => Promise<number>): Promise<T> {
  const rates: number[] = [];
  for (const choice of choices) {
    await perSecond(choice); // compiles
    const tries: number[] = [];
    for (let i = 0; i < TRIES; i++) tries.push(await perSecond(choice));
    rates.push(median(tries));
  }
  return choices[rates.indexOf(Math.max(...rates))]!;
}

function blocks(device: Device, count: number, bytes: number): Block[] {
  return Array.from({ length: count }, () => {
    const block = device.pool.acquire(bytes);
    device.pool.hold(block);
    return block;
  });
}

/** Seconds until the GPU has done what `launch` asks of it; the wait is that of a workload's run. */
async function time(device: Device, launch: () => void): Promise<number> {
  const start = performance.now();
  launch();
  await device.synchronize();
  return (performance.now() - start) / 1000;
}
