// Softmax and its logarithm along one dimension, and their derivatives.

import { dtypes } from "../core/dtype.js";
import { numel, type Shape } from "../core/shape.js";
import type { Kernel } from "../runtime/kernel.js";
import { NDArray } from "./array.js";
import { rowLanes, vectorForms } from "./row-lanes.js";
import { kernelSource, type WgslFile } from "./source.js";
import softmaxWgsl from "./wgsl/softmax.js";
import gradientWgsl from "./wgsl/softmax-gradient.js";

export function softmax(x: NDArray, dim: number, isLog: boolean): NDArray {
  return launch(softmaxWgsl, x.shape, dim, isLog, [x]);
}

/** The derivative with respect to softmax's operand, from its result and the derivative with respect to that. */
export function softmaxGradient(y: NDArray, dy: NDArray, dim: number, isLog: boolean): NDArray {
  return launch(gradientWgsl, y.shape, dim, isLog, [y, dy]);
}

function launch(file: WgslFile, shape: Shape, dim: number, isLog: boolean, inputs: readonly NDArray[]): NDArray {
  const [{ device, dtype }] = inputs as [NDArray];
  const result = NDArray.empty(dtype, shape, device);
  if (numel(shape) === 0) return result;
  const C = shape[dim] ?? 1; // a number without dimensions is a row of its own
  const inner = numel(shape.slice(dim + 1));
  const rows = numel(shape) / C;
  const read = inputs.map((input) => input.contiguous());
  const offsets = read.map(({ start }) => start);
  const width = inner === 1 && [C, result.start, ...offsets].every((count) => count % 4 === 0) ? 4 : 1;
  const { lanes, rows: perGroup } = rowLanes(device, rows, C / width, inner > 1);
  const kernel = kernelOf(file, result, width, isLog, lanes, perGroup);
  const params = [rows, C / width, inner, ...offsets.map((offset) => offset / width)];
  device.launch(kernel, params, [...read.map(({ block }) => block), result.block], Math.ceil(rows / perGroup));
  return result;
}

function kernelOf(
  file: WgslFile,
  { device, dtype }: NDArray,
  width: 1 | 4,
  isLog: boolean,
  LANES: number,
  ROWS: number,
): Kernel {
  const variant = `${dtype} ${width} ${isLog} ${LANES} ${ROWS}`;
  return device.kernel(`${file.name} ${variant}`, () => {
    const { stored } = dtypes[dtype];
    return kernelSource(file, {
      variant,
      types: width === 4 ? { S: `vec4<${stored}>`, V: "vec4f" } : { S: stored },
      constants: { LANES, ROWS, IS_LOG: Number(isLog) },
      slots: { vector: vectorForms[width] },
    });
  });
}
