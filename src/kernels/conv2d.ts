// Two-dimensional convolution and its two gradients, with stride, padding, dilation and groups.

import { type DType, dtypes } from "../core/dtype.js";
import { permute } from "../core/layout.js";
import { numel } from "../core/shape.js";
import { NDArray } from "./array.js";
import { channelOf, forwardTaps, paddedWidth } from "./conv2d-taps.js";
import { functions } from "./pointwise/common.js";
import { kernelSource } from "./source.js";
import conv2dWgsl from "./wgsl/conv2d.js";
import pad2dWgsl from "./wgsl/pad2d.js";

export type Pair = readonly [height: number, width: number];

export interface Conv2dAttributes {
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
  readonly groups: number;
}

const LANES = 64; // WORKGROUP_SIZE of the kernels

/** How a kernel walks its padded input. */
interface Walk {
  readonly stride: Pair;
  readonly dilation: Pair;
  /** Zeros put before the input; negative ones cut it off. */
  readonly pad: Pair;
  /** Steps from one input element to the next, zeros between them. */
  readonly spread: Pair;
  readonly isTurned: boolean;
}

/** y = x * w: x [N, C, H, W], w [O, C / groups, KH, KW] -> y [N, O, OH, OW]. Launched when needed. */
export function conv2d(x: NDArray, w: NDArray, attributes: Conv2dAttributes, outSize: Pair): NDArray {
  const { stride, padding: pad, dilation, groups } = attributes;
  const [O, IC, KH, KW] = w.shape as [number, number, number, number];
  const byGroup = w.reshape([groups, O / groups, IC, KH, KW]).view((layout) => permute(layout, [0, 2, 3, 4, 1]));
  return convolve(x, byGroup, { stride, dilation, pad, spread: [1, 1], isTurned: false }, outSize);
}

/** dL/dx from dL/dy: the convolution of dy, spread out by the stride, with the kernel turned round. */
export function conv2dInputGradient(dy: NDArray, w: NDArray, attributes: Conv2dAttributes, inSize: Pair): NDArray {
  const { stride: spread, padding, dilation, groups } = attributes;
  const [O, IC, KH, KW] = w.shape as [number, number, number, number];
  const byGroup = w.reshape([groups, O / groups, IC, KH, KW]).view((layout) => permute(layout, [0, 1, 3, 4, 2]));
  const pad = [dilation[0] * (KH - 1) - padding[0], dilation[1] * (KW - 1) - padding[1]] as const;
  return convolve(dy, byGroup, { stride: [1, 1], dilation, pad, spread, isTurned: true }, inSize);
}

/** @param w - [groups, input channels, KH, KW, output channels], the channels counted per group */
function convolve(x: NDArray, w: NDArray, walk: Walk, outSize: Pair): NDArray {
  const [groups, IC, KH, KW, OC] = w.shape as [number, number, number, number, number];
  const { dtype, device } = x;
  const N = x.shape[0]!;
  const [OH, OW] = outSize;
  const shape = [N, groups * OC, OH, OW];
  if (numel(shape) === 0 || numel(x.shape) === 0) return NDArray.constant(0, dtype, shape, device);

  const lanesOfW = OC >= 3 ? 4 : 1;
  const pairs = Math.ceil(OC / (2 * lanesOfW));
  const packed = NDArray.empty(heldAs(dtype), [groups, IC, KH, KW, pairs * 2 * lanesOfW], device);
  // Lanes past OC keep whatever the memory held; what is computed from them is not stored.
  const ws = dtype === packed.dtype ? w : NDArray.pointwise(functions.toFloat, packed.dtype, w.shape, [w]);
  ws.computeInto(packed.view((layout) => ({ ...layout, shape: w.shape })).realize());
  const padded = pad2d(x, walk, [KH, KW], outSize);
  return NDArray.deferred(dtype, shape, {
    inputs: [padded, packed],
    buffers: 2,
    launch: (epilogue) => {
      const [stride, dilation] = [walk.stride[1], walk.dilation[1]];
      const variant = `${dtype} ${lanesOfW} ${KW} ${stride} ${dilation} ${walk.isTurned} ${epilogue.key}`;
      const kernel = device.kernel(`conv2d ${variant}`, () => {
        const { value } = dtypes[dtype];
        const held = dtypes[heldAs(dtype)].stored;
        return kernelSource(conv2dWgsl, {
          variant,
          types: { X: `vec4<${held}>`, W: lanesOfW === 4 ? `vec4<${held}>` : held },
          constants: { LANES_OF_W: lanesOfW, STRIDE: stride, IS_TURNED: Number(walk.isTurned) },
          slots: {
            channel: channelOf(lanesOfW, value),
            taps: forwardTaps(KW, stride, dilation, walk.isTurned),
            epilogue: epilogue.epilogue(value),
          },
          additions: { buffers: epilogue.buffers, params: epilogue.params, imports: epilogue.imports },
        });
      });
      const [, , IH, IW] = padded.shape as [number, number, number, number];
      const params = [N, groups, IC, OC, IH, IW, OH, OW, KH, KW, walk.dilation[0], walk.stride[0]];
      const lanes = N * groups * pairs * OH * Math.ceil(OW / 4);
      const blocks = [padded.block, packed.block, ...epilogue.blocks];
      device.launch(kernel, [...params, ...epilogue.values], blocks, Math.ceil(lanes / LANES));
    },
  });
}

/** The part of the padded and spread input that a convolution reads, with rows as the kernels need them. */
function pad2d(x: NDArray, { stride, dilation, pad, spread }: Walk, [KH, KW]: Pair, [OH, OW]: Pair): NDArray {
  const height = (OH - 1) * stride[0] + (KH - 1) * dilation[0] + 1;
  return padTo(x, [height, paddedWidth(OW, KW, stride[1], dilation[1])], pad, spread);
}

/** x with zeros around and between its elements, as the kernels read it; itself if nothing has to be added. */
function padTo(x: NDArray, [OH, OW]: Pair, [top, left]: Pair, [spreadH, spreadW]: Pair): NDArray {
  const [N, C, IH, IW] = x.shape as [number, number, number, number];
  const { device, dtype } = x;
  const source = x.contiguous();
  const isAsIs = IH === OH && IW === OW && top === 0 && left === 0 && spreadH === 1 && spreadW === 1;
  if (isAsIs && dtype === heldAs(dtype) && source.start === 0) return source;
  const y = NDArray.empty(heldAs(dtype), [N, C, OH, OW], device);
  const types = { S: dtypes[dtype].stored, T: dtypes[heldAs(dtype)].stored };
  const kernel = device.kernel(`pad2d ${dtype}`, () => kernelSource(pad2dWgsl, { types }));
  const params = [N * C, IH, IW, OH, OW, top, left, spreadH, spreadW, source.start];
  device.launch(kernel, params, [source.block, y.block], Math.ceil(numel(y.shape) / 4 / LANES));
  return y;
}

/** What the kernels read and sum up in: float16 as float32; whole numbers as they are, exactly. */
function heldAs(dtype: DType): DType {
  return dtype === "int32" ? "int32" : "float32";
}
