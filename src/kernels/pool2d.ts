// Max and average pooling over two dimensions, and their gradients. x is [.., H, W]; leading dimensions are planes.

import { dtypes } from "../core/dtype.js";
import { numel, type Shape } from "../core/shape.js";
import { NDArray } from "./array.js";
import type { Pair } from "./conv2d.js";
import type { Fusion } from "./pointwise/fusion.js";
import { kernelSource, type WgslFile } from "./source.js";
import avgPool2dWgsl from "./wgsl/avg-pool2d.js";
import avgPool2dGradientWgsl from "./wgsl/avg-pool2d-gradient.js";
import maxPool2dWgsl from "./wgsl/max-pool2d.js";
import maxPool2dDisjointGradientWgsl from "./wgsl/max-pool2d-disjoint-gradient.js";
import maxPool2dGradientWgsl from "./wgsl/max-pool2d-gradient.js";

export interface Pool2dAttributes {
  readonly kernelSize: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
}

export interface AvgPool2dAttributes extends Pool2dAttributes {
  readonly countIncludePad: boolean;
  /** What sums are divided by; 0: the number of elements in the window. */
  readonly divisor: number;
}

const LANES = 64; // WORKGROUP_SIZE of the kernels

/** The largest element of each window, and where in its plane it is. */
export function maxPool2d(
  x: NDArray,
  attributes: Pool2dAttributes,
  outSize: Pair,
): { output: NDArray; indices: NDArray } {
  const shape = [...x.shape.slice(0, -2), ...outSize];
  const output = NDArray.empty(x.dtype, shape, x.device);
  const indices = NDArray.empty("int32", shape, x.device);
  run(maxPool2dWgsl, attributes, { input: x.shape, output: shape }, [x.contiguous()], [output, indices], []);
  return { output, indices };
}

/** Launched when needed. */
export function maxPool2dGradient(dy: NDArray, indices: NDArray, attributes: Pool2dAttributes, inSize: Pair): NDArray {
  const { device, dtype } = dy;
  const shape = [...dy.shape.slice(0, -2), ...inSize];
  if (numel(dy.shape) === 0) return NDArray.constant(0, dtype, shape, device);
  const inputs = [dy.contiguous(), indices.contiguous()] as const;
  return NDArray.deferred(dtype, shape, {
    inputs,
    buffers: 2,
    launch: (epilogue) => launchGradient(inputs, shape, attributes, epilogue),
  });
}

function launchGradient(
  [dy, indices]: readonly [NDArray, NDArray],
  shape: Shape,
  { kernelSize, stride, padding, dilation }: Pool2dAttributes,
  epilogue: Fusion,
): void {
  const { device, dtype } = dy;
  const areDisjoint = [0, 1].every((d) => stride[d]! >= kernelSize[d]! && padding[d] === 0 && dilation[d] === 1);
  const file = areDisjoint ? maxPool2dDisjointGradientWgsl : maxPool2dGradientWgsl;
  const variant = `${dtype} ${epilogue.key}`;
  const kernel = device.kernel(`${file.name} ${variant}`, () => {
    const { stored, value } = dtypes[dtype];
    return kernelSource(file, {
      variant,
      types: { S: stored, T: value },
      slots: { epilogue: epilogue.epilogue(value) },
      additions: { buffers: epilogue.buffers, params: epilogue.params, imports: epilogue.imports },
    });
  });
  const window = areDisjoint ? stride : [kernelSize, stride, padding, dilation].flat();
  const sizes = [numel(shape.slice(0, -2)), ...shape.slice(-2), ...dy.shape.slice(-2)];
  const params = [...sizes, ...window, dy.start, indices.start, ...epilogue.values];
  const blocks = [dy.block, indices.block, ...epilogue.blocks];
  device.launch(kernel, params, blocks, Math.ceil(numel(shape) / LANES));
}

/** The mean of each window. */
export function avgPool2d(x: NDArray, attributes: AvgPool2dAttributes, outSize: Pair): NDArray {
  const y = NDArray.empty(x.dtype, [...x.shape.slice(0, -2), ...outSize], x.device);
  const divisor = [Number(attributes.countIncludePad), attributes.divisor];
  run(avgPool2dWgsl, attributes, { input: x.shape, output: y.shape }, [x.contiguous()], [y], divisor);
  return y;
}

export function avgPool2dGradient(dy: NDArray, attributes: AvgPool2dAttributes, inSize: Pair): NDArray {
  const dx = NDArray.empty(dy.dtype, [...dy.shape.slice(0, -2), ...inSize], dy.device);
  const divisor = [Number(attributes.countIncludePad), attributes.divisor];
  run(avgPool2dGradientWgsl, attributes, { input: dx.shape, output: dy.shape }, [dy.contiguous()], [dx], divisor);
  return dx;
}

/** One lane per element of the first result. */
function run(
  file: WgslFile,
  { kernelSize, stride, padding, dilation }: Pool2dAttributes,
  shapes: { readonly input: readonly number[]; readonly output: readonly number[] },
  operands: readonly NDArray[],
  results: readonly NDArray[],
  extra: readonly number[],
): void {
  const [{ device, dtype, shape }] = results as readonly [NDArray, ...NDArray[]];
  if (numel(shape) === 0) return;
  const kernel = device.kernel(`${file.name} ${dtype}`, () =>
    kernelSource(file, { types: { S: dtypes[dtype].stored, T: dtype === "int32" ? "i32" : "f32" } }),
  );
  const planes = numel(shape.slice(0, -2));
  const sizes = [shapes.input.slice(-2), shapes.output.slice(-2), kernelSize, stride, padding, dilation];
  const offsets = operands.map((operand) => operand.start);
  const blocks = [...operands, ...results].map((array) => array.block);
  device.launch(kernel, [planes, ...sizes.flat(), ...offsets, ...extra], blocks, Math.ceil(numel(shape) / LANES));
}
