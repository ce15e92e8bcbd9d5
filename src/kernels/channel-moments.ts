// Mean and variance of each channel, for batch normalization, with the running statistics in the same kernel.

import type { Device } from "../runtime/device.js";
import type { KernelSource } from "../runtime/kernel.js";
import { NDArray } from "./array.js";
import { segmentsOf } from "./reduce-way.js";
import { type RowLanes, rowLanes, vectorForms } from "./row-lanes.js";
import { kernelSource } from "./source.js";
import momentsWgsl from "./wgsl/channel-moments.js";
import mergeWgsl from "./wgsl/channel-moments-merge.js";

/** Statistics that are moved towards a batch's, in place: float32, each in memory of its own, from its start. */
export interface Running {
  readonly mean: NDArray;
  readonly variance: NDArray;
  /** How many batches were seen; int32. */
  readonly batches: NDArray | undefined;
  readonly momentum: number;
}

/** Elements of a channel that a workgroup takes, at the least, where that makes more workgroups. */
const WORKGROUP_WORK = 4096;
const BUSY_WORKGROUPS = 512;

/** Mean and 1 / sqrt(variance + eps) of each channel of float32 x [N, C, ...], which is not empty. Both are [C]. */
export function channelMoments(x: NDArray, eps: number, running?: Running): { mean: NDArray; rstd: NDArray } {
  const { device } = x;
  const from = x.contiguous();
  const runs = runsOf(from);
  const { channels, width, outer, inner } = runs;
  const { lanes, segments } = spreadOf(device, channels, outer * inner);
  const outerParts = Math.min(outer, segments);
  const [outerPart, innerPart] = [Math.ceil(outer / outerParts), Math.ceil(inner / Math.ceil(segments / outerParts))];
  const innerParts = Math.ceil(inner / innerPart);
  const count = Math.ceil(outer / outerPart) * innerParts; // no segment is empty
  const [mean, rstd] = pair([channels], device);
  const [means, squares] = count === 1 ? [mean, rstd] : pair([count, channels], device);
  const span = 2 ** Math.floor(Math.log2(Math.min(inner, lanes.lanes)));
  const parts = [outer, inner, outerPart, innerPart, innerParts];
  const starts = [from.start / width, runs.channelStride, runs.outerStride, runs.innerStride];
  const moments = [channels, count, ...parts, span, ...starts, means.start, squares.start, width, eps];
  launch(device, count === 1 ? finishing(running) : STORING, {
    key: `${lanes.lanes} ${lanes.rows} ${width}`,
    source: (finish) =>
      kernelSource(momentsWgsl, {
        ...finish,
        types: { V: width === 4 ? "vec4<f32>" : "f32" },
        constants: { LANES: lanes.lanes, ROWS: lanes.rows },
        slots: { ...finish.slots, vector: vectorForms[width] },
      }),
    params: moments,
    arrays: [from, means],
    workgroups: Math.ceil((channels * count) / lanes.rows),
  });
  if (count > 1) {
    launch(device, finishing(running), {
      key: "merge",
      source: (finish) => kernelSource(mergeWgsl, finish),
      params: [channels, count, ...parts, means.start, squares.start, mean.start, rstd.start, width, eps],
      arrays: [means, mean],
      workgroups: Math.ceil(channels / 64),
    });
  }
  return { mean, rstd };
}

/** How the elements of a channel lie: `outer` runs of `inner` elements, or vectors; strides in the same unit. */
function runsOf({ shape, start }: NDArray) {
  const [N, channels, ...rest] = shape as [number, number, ...number[]];
  const places = rest.reduce((product, size) => product * size, 1);
  const width = places % 4 === 0 && start % 4 === 0 ? 4 : 1;
  const inner = places / width;
  return places === 1
    ? ({ channels, width: 1, outer: 1, inner: N, channelStride: 1, outerStride: 0, innerStride: channels } as const)
    : ({
        channels,
        width,
        outer: N,
        inner,
        channelStride: inner,
        outerStride: channels * inner,
        innerStride: 1,
      } as const);
}

/** Software adapters pay for barriers: there a lane has a segment to itself. */
function spreadOf(device: Device, channels: number, length: number): { lanes: RowLanes; segments: number } {
  if (device.adapter.isSoftware) {
    return { lanes: { lanes: 1, rows: 16 }, segments: segmentsOf(device, "lane per row", channels, length) };
  }
  const wanted = Math.min(Math.ceil(BUSY_WORKGROUPS / channels), Math.floor(length / WORKGROUP_WORK));
  return { lanes: rowLanes(device, channels, length), segments: Math.max(wanted, 1) };
}

function pair(shape: readonly number[], device: Device): [NDArray, NDArray] {
  return NDArray.emptySideBySide("float32", [shape, shape], device) as [NDArray, NDArray];
}

/** What becomes of a channel's, or a segment's, mean and sum of squares. */
interface Finish {
  readonly key: string;
  readonly code: string;
  readonly additions: { readonly buffers: KernelSource["buffers"]; readonly params: KernelSource["params"] };
  readonly params: readonly number[];
  readonly arrays: readonly NDArray[];
}

const STORING: Finish = {
  key: "segments",
  code: `stats[p.mean_offset + segment * p.channels + c] = mean;
  stats[p.rstd_offset + segment * p.channels + c] = squares;`,
  additions: { buffers: [], params: [] },
  params: [],
  arrays: [],
};

function finishing(running: Running | undefined): Finish {
  const moments = `stats[p.mean_offset + c] = mean;
  stats[p.rstd_offset + c] = 1.0 / sqrt_(squares / n + p.eps);`;
  if (running === undefined) return { ...STORING, key: "moments", code: moments };
  const { mean, variance, batches, momentum } = running;
  for (const { state } of [mean, variance, ...(batches ? [batches] : [])]) {
    if (state.kind === "realized") state.storage.beforeOverwrite();
  }
  const written = (name: string, element: string) => ({ name, access: "write" as const, type: `array<${element}>` });
  const buffers = [written("running_mean", "f32"), written("running_variance", "f32")];
  const update = `running_mean[c] = p.kept * running_mean[c] + p.momentum * mean;
  running_variance[c] = p.kept * running_variance[c] + p.momentum * (squares / (n - 1.0));`; // unbiased
  const counting = batches ? "if c == 0 { batches[0] += 1; }" : "";
  return {
    key: `running ${batches !== undefined}`,
    code: [moments, update, counting].join("\n"),
    additions: {
      buffers: batches ? [...buffers, written("batches", "i32")] : buffers,
      params: [
        { name: "kept", type: "f32" },
        { name: "momentum", type: "f32" },
      ],
    },
    params: [1 - momentum, momentum],
    arrays: batches ? [mean, variance, batches] : [mean, variance],
  };
}

interface Launch {
  readonly key: string;
  readonly source: (finish: Pick<Finish, "additions"> & { variant: string; slots: { finish: string } }) => KernelSource;
  readonly params: readonly number[];
  readonly arrays: readonly NDArray[];
  readonly workgroups: number;
}

function launch(device: Device, finish: Finish, { key, source, params, arrays, workgroups }: Launch): void {
  const variant = `${key} ${finish.key}`;
  const code = `fn finish(segment: u32, c: u32, mean: f32, squares: f32, n: f32) {\n  ${finish.code}\n}`;
  const kernel = device.kernel(`channel-moments ${variant}`, () => {
    return source({ variant, additions: finish.additions, slots: { finish: code } });
  });
  const blocks = [...arrays, ...finish.arrays].map(({ block }) => block);
  device.launch(kernel, [...params, ...finish.params], blocks, workgroups);
}
