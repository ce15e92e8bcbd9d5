// What the adapter can do: how fast plain WGSL multiplies and adds, and how fast it copies, each by the fastest of several
// kernels. What tapegrad reaches is quoted as a fraction of these, measured in turn with it: a shared machine's speed
// changes from second to second.

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
/**
 * Workgroups of the two launches whose difference is timed. How long to rest before asking for a result is remembered by
 * their number, so no workload should have as many.
 */
const [FEW, MANY] = [251, 1259];
/** Independent sums per lane: enough to hide the latency of one, few enough for the registers of any adapter. */
const SUMS = [4, 8, 16] as const;
/** Lanes of a workgroup and vectors per lane: nobody knows which way to walk the arrays an adapter likes. */
const WALKS = [64, 256].flatMap((lanes) => [1, 4, 16].map((perLane) => [lanes, perLane] as const));
const COPIED = 256 * 16 * 257; // vectors; as workgroups these are not as many as a workload's either
const TRIES = 3;
/** What a difference has to take for the clock's steps, and what else happens, not to count. */
const LONG_SECONDS = 0.02;
const MOST_WORK = 2 ** 20; // turns or copies

/** A kernel that does as much work as it is told. */
interface Choice {
  /** Operations or bytes of one unit of work. */
  readonly amount: number;
  /** Seconds that so many units take, beside what a launch costs. */
  readonly seconds: (units: number) => Promise<number>;
}

export class AdapterRates {
  readonly #seen: Record<keyof Rates, number[]> = { gflops: [], gigabytesPerSecond: [] };

  private constructor(readonly meters: Readonly<Record<keyof Rates, () => Promise<number>>>) {}

  /** Finds the fastest kernels. */
  static async of(device: Device): Promise<AdapterRates> {
    const rates = new AdapterRates({
      gflops: await fastestOf(multiplyAdds(device)),
      gigabytesPerSecond: await fastestOf(copies(device)),
    });
    await rates.now("gflops");
    await rates.now("gigabytesPerSecond");
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

function multiplyAdds(device: Device): Choice[] {
  const out = blocks(device, 1, MANY * LANES * 16);
  return (["f32", "vec4<f32>"] as const).flatMap((type) =>
    SUMS.map((sums): Choice => {
      const kernel = fmaKernel(device, type, sums);
      const launch = (turns: number, groups: number): Promise<number> =>
        time(device, () => device.launch(kernel, [0.5, turns], out, groups));
      return {
        amount: 2 * (MANY - FEW) * LANES * sums * (type === "f32" ? 1 : 4),
        seconds: async (turns) => (await launch(turns, MANY)) - (await launch(turns, FEW)),
      };
    }),
  );
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

function copies(device: Device): Choice[] {
  const both = blocks(device, 2, COPIED * 16);
  return WALKS.map(([lanes, perLane]): Choice => {
    const kernel = copyKernel(device, lanes, perLane);
    const launch = (times: number): Promise<number> =>
      time(device, () => {
        for (let i = 0; i < times; i++) device.launch(kernel, [], both, COPIED / lanes / perLane);
      });
    return { amount: 2 * COPIED * 16, seconds: async (units) => (await launch(1 + units)) - (await launch(1)) };
  });
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

/** How to measure the rate, in 10^9 per second, by the choice that is the fastest. */
async function fastestOf(choices: readonly Choice[]): Promise<() => Promise<number>> {
  const meters: { perSecond: () => Promise<number>; rate: number }[] = [];
  for (const { amount, seconds } of choices) {
    await seconds(1); // compiles
    let units = 1;
    const sample = (): Promise<number> => positive(() => seconds(units));
    while (units < MOST_WORK && Math.min(...(await several(sample))) < LONG_SECONDS) units *= 2;
    const perSecond = async (): Promise<number> => (amount * units) / (await sample()) / 1e9;
    meters.push({ perSecond, rate: median(await several(perSecond)) });
  }
  return meters.reduce((a, b) => (b.rate > a.rate ? b : a)).perSecond;
}

/** Something else may have happened during the shorter one of two launches. */
async function positive(difference: () => Promise<number>): Promise<number> {
  for (let i = 0; i < 10; i++) {
    const seconds = await difference();
    if (seconds > 0) return seconds;
  }
  throw new Error("more work takes no longer than less: the clock is too coarse, or something else uses the GPU");
}

async function several(sample: () => Promise<number>): Promise<number[]> {
  const samples: number[] = [];
  for (let i = 0; i < TRIES; i++) samples.push(await sample());
  return samples;
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
