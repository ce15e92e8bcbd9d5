// Two-dimensional convolution and its two gradients, with stride, padding, dilation and groups.

import { dtypes } from "../core/dtype.js";
import { DeviceError } from "../core/errors.js";
import { permute } from "../core/layout.js";
import { numel } from "../core/shape.js";
import { NDArray } from "./array.js";
import { reduce } from "./reduce.js";
import { kernelSource } from "./source.js";

export type Pair = readonly [height: number, width: number];

export interface Conv2dAttributes {
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
  readonly groups: number;
}

const LANES = 64; // WORKGROUP_SIZE of the two kernels

/** How conv2d.wgsl is to walk its input; see the formula there. */
interface Walk {
  readonly stride: Pair;
  readonly pad: Pair;
  readonly dilation: Pair;
  readonly spread: Pair;
  readonly isTurned: boolean;
}

/** y = x * w: x [N, C, H, W], w [O, C / groups, KH, KW] -> y [N, O, OH, OW]. Launched when needed. */
export function conv2d(
  x: NDArray,
  w: NDArray,
  { stride, padding, dilation, groups }: Conv2dAttributes,
  outSize: Pair,
): NDArray {
  const [O, IC, KH, KW] = w.shape as [number, number, number, number];
  const OC = O / groups;
  const byGroup = w.reshape([groups, OC, IC, KH, KW]).view((layout) => permute(layout, [0, 2, 3, 4, 1]));
  const walk: Walk = { stride, pad: padding, dilation, spread: [1, 1], isTurned: false };
  return convolve(x, byGroup, walk, outSize);
}

/** dL/dx from dL/dy: the convolution of dy, spread out by the stride, with the kernel turned round. */
export function conv2dInputGradient(
  dy: NDArray,
  w: NDArray,
  { stride, padding, dilation, groups }: Conv2dAttributes,
  inSize: Pair,
): NDArray {
  const [O, IC, KH, KW] = w.shape as [number, number, number, number];
  const byGroup = w.reshape([groups, O / groups, IC, KH, KW]).view((layout) => permute(layout, [0, 1, 3, 4, 2]));
  const pad = [dilation[0] * (KH - 1) - padding[0], dilation[1] * (KW - 1) - padding[1]] as const;
  return convolve(dy, byGroup, { stride: [1, 1], pad, dilation, spread: stride, isTurned: true }, inSize);
}

/** @param w - [groups, input channels, KH, KW, output channels], the channels counted per group */
function convolve(x: NDArray, w: NDArray, walk: Walk, [OH, OW]: Pair): NDArray {
  const [N, , IH, IW] = x.shape as [number, number, number, number];
  const [groups, IC, KH, KW, OC] = w.shape as [number, number, number, number, number];
  const { dtype, device } = x;
  const shape = [N, groups * OC, OH, OW];
  if (numel(shape) === 0 || numel(x.shape) === 0) return NDArray.constant(0, dtype, shape, device);

  const lanesOfW = OC >= 3 ? 4 : 1;
  const pairs = Math.ceil(Math.ceil(OC / lanesOfW) / 2);
  const packed = NDArray.empty("float32", [groups, IC, KH, KW, pairs * 2 * lanesOfW], device);
  // Lanes past OC keep whatever the memory held; what is computed from them is not stored.
  w.computeInto(packed.view((layout) => ({ ...layout, shape: w.shape })).realize());
  const input = x.contiguous();
  const sizes = [pack([IH, IW]), pack([OH, OW]), pack([KH, KW])];
  const steps = [pack(walk.stride), packPadding(walk.pad), pack(walk.dilation), pack(walk.spread)];
  return NDArray.deferred(dtype, shape, {
    inputs: [input, packed],
    buffers: 2,
    launch: (epilogue) => {
      const isSpread = walk.spread[0] !== 1 || walk.spread[1] !== 1;
      const variant = `${dtype} ${lanesOfW} ${isSpread} ${walk.isTurned} ${epilogue.key}`;
      const kernel = device.kernel(`conv2d ${variant}`, () => {
        const component = lanesOfW === 4 ? "v[i & 3u]" : "v";
        return kernelSource("conv2d", {
          variant,
          types: { W: lanesOfW === 4 ? "vec4<f32>" : "f32", S: dtypes[dtype].stored },
          constants: { LANES_OF_W: lanesOfW, IS_SPREAD: Number(isSpread), IS_TURNED: Number(walk.isTurned) },
          slots: {
            component: `fn component(v: W, i: u32) -> ${dtypes[dtype].value} { return ${dtypes[dtype].value}(${component}); }`,
            epilogue: epilogue.epilogue(dtypes[dtype].value),
          },
          additions: { buffers: epilogue.buffers, params: epilogue.params, imports: epilogue.imports },
        });
      });
      const lanes = N * groups * pairs * OH * Math.ceil(OW / 4);
      const blocks = [input.block, packed.block, ...epilogue.blocks];
      const params = [N, groups, IC, OC, ...sizes, ...steps, input.start];
      device.launch(kernel, [...params, ...epilogue.values], blocks, Math.ceil(lanes / LANES));
    },
  });
}

/** dL/dw [O, C / groups, KH, KW] from x and dL/dy. */
export function conv2dWeightGradient(
  x: NDArray,
  dy: NDArray,
  { stride, padding, dilation, groups }: Conv2dAttributes,
  [KH, KW]: Pair,
): NDArray {
  const [N, C, IH, IW] = x.shape as [number, number, number, number];
  const [, O, OH, OW] = dy.shape as [number, number, number, number];
  const { dtype, device } = x;
  const shape = [O, C / groups, KH, KW];
  if (numel(x.shape) * numel(dy.shape) === 0) return NDArray.constant(0, dtype, shape, device);

  const rows = N * OH;
  const lanesPerSegment = groups * Math.ceil(O / groups / 4) * (C / groups) * KH * Math.ceil(KW / 4);
  const segments = Math.min(rows, Math.max(1, Math.ceil(4096 / lanesPerSegment)), 256);
  const segment = Math.ceil(rows / segments);
  const partial = NDArray.empty("float32", [segments, ...shape], device);
  const [xs, dys] = [x.contiguous(), dy.contiguous()];
  const kernel = device.kernel(`conv2d-weight-gradient ${dtype}`, () => {
    return kernelSource("conv2d-weight-gradient", { types: { S: dtypes[dtype].stored } });
  });
  const blocks = [xs.block, dys.block, partial.block];
  const sizes = [pack([IH, IW]), pack([OH, OW]), pack([KH, KW]), pack(stride), packPadding(padding), pack(dilation)];
  const params = [N, groups, C / groups, O / groups, ...sizes, segments, segment, xs.start, dys.start];
  device.launch(kernel, params, blocks, Math.ceil((lanesPerSegment * segments) / LANES));
  return reduce("sum", partial, [0], { shape });
}

/** Two numbers below 2^16 in one. */
export function pack([high, low]: Pair): number {
  if (high < 0 || low < 0 || high >= 1 << 16 || low >= 1 << 16) {
    throw new DeviceError("conv2d", `sizes, strides and paddings must be 0 to 65535; got ${high} and ${low}`);
  }
  return high * (1 << 16) + low;
}

/** Padding may be negative in a gradient; kernels subtract 2^15 again. */
function packPadding([height, width]: Pair): number {
  return pack([height + (1 << 15), width + (1 << 15)]);
}
