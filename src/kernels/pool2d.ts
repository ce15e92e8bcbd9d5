// Max and average pooling over two dimensions, and their gradients. x is [.., H, W]; leading dimensions are planes.

import { dtypes } from "../core/dtype.js";
import { numel } from "../core/shape.js";
import { NDArray } from "./array.js";
import { type Pair, pack } from "./conv2d.js";
import { kernelSource, type WgslFile } from "./source.js";

export interface Pool2dAttributes {
  readonly kernelSize: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
}

export interface AvgPool2dAttributes extends Pool2dAttributes {
  readonly countIncludePad: boolean;
}

const LANES = 64; // WORKGROUP_SIZE of the four kernels

/** The largest element of each window, and where in its plane it is. */
export function maxPool2d(
  x: NDArray,
  attributes: Pool2dAttributes,
  outSize: Pair,
): { output: NDArray; indices: NDArray } {
  const shape = [...x.shape.slice(0, -2), ...outSize];
  const output = NDArray.empty(x.dtype, shape, x.device);
  const indices = NDArray.empty("int32", shape, x.device);
  run("max-pool2d", attributes, { input: x.shape, output: shape }, [x.contiguous()], [output, indices], []);
  return { output, indices };
}

export function maxPool2dGradient(dy: NDArray, indices: NDArray, attributes: Pool2dAttributes, inSize: Pair): NDArray {
  const dx = NDArray.empty(dy.dtype, [...dy.shape.slice(0, -2), ...inSize], dy.device);
  const operands = [dy.contiguous(), indices.contiguous()];
  run("max-pool2d-gradient", attributes, { input: dx.shape, output: dy.shape }, operands, [dx], []);
  return dx;
}

/** The mean of each window. */
export function avgPool2d(x: NDArray, attributes: AvgPool2dAttributes, outSize: Pair): NDArray {
  const y = NDArray.empty(x.dtype, [...x.shape.slice(0, -2), ...outSize], x.device);
  const counts = Number(attributes.countIncludePad);
  run("avg-pool2d", attributes, { input: x.shape, output: y.shape }, [x.contiguous()], [y], [counts]);
  return y;
}

export function avgPool2dGradient(dy: NDArray, attributes: AvgPool2dAttributes, inSize: Pair): NDArray {
  const dx = NDArray.empty(dy.dtype, [...dy.shape.slice(0, -2), ...inSize], dy.device);
  const counts = Number(attributes.countIncludePad);
  run("avg-pool2d-gradient", attributes, { input: dx.shape, output: dy.shape }, [dy.contiguous()], [dx], [counts]);
  return dx;
}

/** One lane per element of the first result. */
function run(
  name: WgslFile,
  { kernelSize, stride, padding, dilation }: Pool2dAttributes,
  shapes: { readonly input: readonly number[]; readonly output: readonly number[] },
  operands: readonly NDArray[],
  results: readonly NDArray[],
  extra: readonly number[],
): void {
  const [{ device, dtype, shape }] = results as readonly [NDArray, ...NDArray[]];
  if (numel(shape) === 0) return;
  const kernel = device.kernel(`${name} ${dtype}`, () => kernelSource(name, { types: { S: dtypes[dtype].stored } }));
  const planes = numel(shape.slice(0, -2));
  const size = ({ length }: readonly number[], of: readonly number[]): number =>
    pack([of[length - 2]!, of[length - 1]!]);
  const blocks = [...operands, ...results].map((array) => array.block);
  const offsets = operands.map((operand) => operand.start);
  const sizes = [size(shapes.input, shapes.input), size(shapes.output, shapes.output)];
  const params = [
    planes,
    ...sizes,
    pack(kernelSize),
    pack(stride),
    pack(padding),
    pack(dilation),
    ...offsets,
    ...extra,
  ];
  device.launch(kernel, params, blocks, Math.ceil(numel(shape) / LANES));
}
