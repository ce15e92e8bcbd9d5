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

/** What a lane takes at a time: an element, a vector, or a vector of which some elements may be of the rows beside. */
type Pieces = "elements" | "vectors" | "ragged vectors";

function launch(file: WgslFile, shape: Shape, dim: number, isLog: boolean, inputs: readonly NDArray[]): NDArray {
  const [{ device, dtype }] = inputs as [NDArray];
  const result = NDArray.empty(dtype, shape, device);
  if (numel(shape) === 0) return result;
  const C = shape[dim] ?? 1; // a number without dimensions is a row of its own
  const inner = numel(shape.slice(dim + 1));
  const rows = numel(shape) / C;
  const read = inputs.map((input) => input.contiguous());
  const offsets = read.map(({ start }) => start);
  const isAligned = inner === 1 && [result.start, ...offsets].every((count) => count % 4 === 0);
  const { lanes, rows: perGroup } = rowLanes(device, rows, C / (isAligned && C % 4 === 0 ? 4 : 1), inner > 1);
  const isLong = lanes === 1 && C >= LONG;
  const pieces: Pieces = !isAligned ? "elements" : C % 4 === 0 ? "vectors" : isLong ? "ragged vectors" : "elements";
  const kernel = kernelOf(file, result, pieces, isLog, lanes, perGroup);
  const width = pieces === "elements" ? 1 : 4;
  const params = [rows, pieces === "vectors" ? C / 4 : C, inner, ...offsets.map((offset) => offset / width)];
  device.launch(kernel, params, [...read.map(({ block }) => block), result.block], Math.ceil(rows / perGroup));
  return result;
}

function kernelOf(
  file: WgslFile,
  { device, dtype }: NDArray,
  pieces: Pieces,
  isLog: boolean,
  LANES: number,
  ROWS: number,
): Kernel {
  const variant = `${dtype} ${pieces} ${isLog} ${LANES} ${ROWS}`;
  return device.kernel(`${file.name} ${variant}`, () => {
    const { stored } = dtypes[dtype];
    const isVector = pieces !== "elements";
    const isRagged = pieces === "ragged vectors";
    const S = isVector ? `vec4<${stored}>` : stored;
    return kernelSource(file, {
      variant,
      types: { S, V: isVector ? "vec4f" : "f32", Y: isRagged ? stored : S },
      constants: { LANES, ROWS, IS_LOG: Number(isLog), RUN: isRagged ? 4 : 1 },
      slots: { vector: `${vectorForms[isVector ? 4 : 1]}\n${isRagged ? raggedForms(file) : wholeForms(file)}` },
    });
  });
}

/** Shorter rows are not worth another kernel. */
const LONG = 256;

const resultOf = ({ name }: WgslFile): string => (name === "softmax" ? "y" : "dx");

/** What kernels call of a vector that may hold elements of other rows. */
function raggedForms(file: WgslFile): string {
  const stores = [0, 1, 2, 3].map((j) => `if c + ${j} < p.C { ${resultOf(file)}[i * 4 + ${j}] = Y(v[${j}]); }`);
  return `fn kept(v: V, other: V, i: u32, start: u32) -> V {
return select(other, v, vec4u(0, 1, 2, 3) + (i * 4 - start) < vec4u(p.C)); // before the row they wrap round
}
fn put(i: u32, v: V, start: u32) { let c = i * 4 - start; ${stores.join(" ")} }`;
}

function wholeForms(file: WgslFile): string {
  return `fn kept(v: V, other: V, i: u32, start: u32) -> V { return v; }
fn put(i: u32, v: V, start: u32) { ${resultOf(file)}[i] = Y(v); }`;
}
