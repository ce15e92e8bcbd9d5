// Normalization by the statistics of each row, and its derivative with respect to what is normalized.

import { numel } from "../core/shape.js";
import { NDArray } from "./array.js";
import { rowLanes, vectorForms } from "./row-lanes.js";
import { kernelSource, type WgslFile } from "./source.js";
import layerNormWgsl from "./wgsl/layer-norm.js";
import gradientWgsl from "./wgsl/layer-norm-gradient.js";

/** Of float32 x [N, groups, channels, places], whose rows are [channels, places]: weight and bias have groups * channels elements. */
export interface LayerNormAttributes {
  readonly eps: number;
  readonly hasWeight: boolean;
  readonly hasBias: boolean;
}

/** y, and the mean and 1 / sqrt(variance + eps) of each row, [N, groups, 1, 1]. */
export function layerNorm(
  x: NDArray,
  weight: NDArray,
  bias: NDArray,
  { eps, hasWeight, hasBias }: LayerNormAttributes,
): { output: NDArray; mean: NDArray; rstd: NDArray } {
  const { device, shape } = x;
  const output = NDArray.empty("float32", shape, device);
  const perRow = [...shape.slice(0, 2), 1, 1];
  const [mean, rstd] = NDArray.emptySideBySide("float32", [perRow, perRow], device) as [NDArray, NDArray];
  const from = x.contiguous();
  const [w, b] = [hasWeight ? weight.contiguous() : from, hasBias ? bias.contiguous() : from];
  const rows = rowsOf(from, [...(hasWeight ? [w] : []), ...(hasBias ? [b] : [])], [from, output]);
  const offsets = [from.start / rows.width, w.start / rows.weightWidth, b.start / rows.weightWidth];
  const params = [...rows.params, ...offsets, mean.start, rstd.start, rows.share, eps];
  const constants = { HAS_WEIGHT: Number(hasWeight), HAS_BIAS: Number(hasBias) };
  run(layerNormWgsl, rows, params, [from, w, b, output, mean], constants);
  return { output, mean, rstd };
}

/** dL/dx from dL/dy. */
export function layerNormGradient(
  x: NDArray,
  dy: NDArray,
  weight: NDArray,
  mean: NDArray,
  rstd: NDArray,
  { hasWeight }: LayerNormAttributes,
): NDArray {
  const dx = NDArray.empty("float32", x.shape, x.device);
  const [from, dys, m, r] = [x.contiguous(), dy.contiguous(), mean.contiguous(), rstd.contiguous()];
  const w = hasWeight ? weight.contiguous() : from;
  const rows = rowsOf(from, hasWeight ? [w] : [], [from, dys, dx]);
  const offsets = [from.start / rows.width, dys.start / rows.width, w.start / rows.weightWidth];
  const params = [...rows.params, ...offsets, m.start, r.start, rows.share];
  run(gradientWgsl, rows, params, [from, dys, w, m, dx], { HAS_WEIGHT: Number(hasWeight) });
  return dx;
}

interface Rows {
  readonly count: number;
  /** Elements handled at a time; and weights, which is 1 where elements that follow each other share a weight. */
  readonly width: 1 | 4;
  readonly weightWidth: 1 | 4;
  /** Vectors in a row. */
  readonly length: number;
  readonly params: readonly number[];
  /** 1 / (elements in a row) */
  readonly share: number;
}

/** How the rows are read: four elements at a time where all arrays and rows start at whole vectors. */
function rowsOf({ shape }: NDArray, weights: readonly NDArray[], arrays: readonly NDArray[]): Rows {
  const [N, groups, channels, places] = shape as [number, number, number, number];
  const count = channels * places;
  const isWhole = (number: number): boolean => number % 4 === 0;
  const isVector = isWhole(places === 1 ? count : places) && arrays.every(({ start }) => isWhole(start));
  const width = isVector && (places > 1 || weights.every(({ start }) => isWhole(start))) ? 4 : 1;
  const weightWidth = places === 1 ? width : 1;
  const spread = places === 1 ? 1 : places / width;
  const length = count / width;
  return {
    count: N * groups,
    width,
    weightWidth,
    length,
    params: [N * groups, length, groups, spread],
    share: 1 / count,
  };
}

function run(
  file: WgslFile,
  { count, width, weightWidth, length }: Rows,
  params: readonly number[],
  arrays: readonly NDArray[],
  constants: Readonly<Record<string, number>>,
): void {
  const { device, shape } = arrays[0]!;
  if (numel(shape) === 0) return;
  const { lanes, rows } = rowLanes(device, count, length);
  const variant = [width, weightWidth, lanes, rows, ...Object.values(constants)].join(" ");
  const kernel = device.kernel(`${file.name} ${variant}`, () => {
    const type = (n: 1 | 4): string => (n === 4 ? "vec4<f32>" : "f32");
    return kernelSource(file, {
      variant,
      types: { V: type(width), W: type(weightWidth) },
      constants: { LANES: lanes, ROWS: rows, ...constants },
      slots: { vector: vectorForms[width] },
    });
  });
  const blocks = arrays.map(({ block }) => block);
  device.launch(kernel, params, blocks, Math.ceil(count / rows));
}
