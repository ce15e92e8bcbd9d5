// The gradient of a two-dimensional convolution with respect to its weight.

import { dtypes } from "../core/dtype.js";
import { numel } from "../core/shape.js";
import { NDArray } from "./array.js";
import type { Conv2dAttributes, Pair } from "./conv2d.js";
import { sumsOf, taps } from "./conv2d-weight-gradient-taps.js";
import { classOf, weightGradientFamily } from "./conv2d-weight-gradient-variants.js";
import type { Fusion } from "./pointwise/fusion.js";
import { reduce } from "./reduce.js";
import { kernelSource } from "./source.js";
import { chooseVariant } from "./variants/choice.js";
import conv2dWeightGradientWgsl from "./wgsl/conv2d-weight-gradient.js";

const family = weightGradientFamily(conv2dWeightGradient);

interface Problem {
  readonly x: NDArray;
  readonly dy: NDArray;
  readonly attributes: Conv2dAttributes;
  readonly kernelSize: Pair;
  readonly segments: number;
}

/** dL/dw [O, C / groups, KH, KW] from x [N, C, H, W] and dL/dy [N, O, OH, OW]. Launched when needed. */
export function conv2dWeightGradient(x: NDArray, dy: NDArray, attributes: Conv2dAttributes, kernelSize: Pair): NDArray {
  const { dtype, device } = x;
  const [N, C] = x.shape as [number, number];
  const [, O, OH] = dy.shape as [number, number, number];
  const [KH, KW] = kernelSize;
  const { groups } = attributes;
  const shape = [O, C / groups, KH, KW];
  if (numel(x.shape) * numel(dy.shape) === 0) return NDArray.constant(0, dtype, shape, device);

  const lanes = groups * Math.ceil(O / groups / 16) * (C / groups) * KH * Math.ceil(KW / 4);
  const segments = Math.min(N * OH, Math.max(1, Math.ceil(1024 / lanes)), 256);
  const problem: Problem = { x: x.contiguous(), dy: dy.contiguous(), attributes, kernelSize, segments };
  const inputs = [problem.x, problem.dy];
  const deferred = NDArray.deferred(segments === 1 ? dtype : "float32", segments === 1 ? shape : [segments, ...shape], {
    inputs,
    buffers: 2,
    launch: (epilogue) => launch(problem, dtypes[segments === 1 ? dtype : "float32"].value, epilogue),
  });
  return segments === 1 ? deferred : reduce("sum", deferred, [0], { shape, dtype });
}

/** @param value - WGSL type that the epilogue takes */
function launch({ x, dy, attributes, kernelSize, segments }: Problem, value: string, epilogue: Fusion): void {
  const { dtype, device } = x;
  const { stride, padding, dilation, groups } = attributes;
  const [N, C, IH, IW] = x.shape as [number, number, number, number];
  const [, O, OH, OW] = dy.shape as [number, number, number, number];
  const [IC, OC] = [C / groups, O / groups];
  const [KH, KW] = kernelSize;

  const { lanes, channels: most } = chooseVariant(device, family, classOf(OC, IC * KH)).constants;
  const channels = lanes === 0 ? Math.min(OC, most) : most;
  const kwTile = Math.ceil(KW / Math.ceil(KW / 4));
  const isAligned = OW % 4 === 0 && dy.start % 4 === 0;
  const geometry = [KH, KW, stride, padding, dilation].join(" ");
  const variant = `${dtype} ${lanes} ${channels} ${geometry} ${isAligned} ${value} ${epilogue.key}`;
  const kernel = device.kernel(`conv2d-weight-gradient ${variant}`, () => {
    const { stored } = dtypes[dtype];
    return kernelSource(conv2dWeightGradientWgsl, {
      variant,
      types: { X: stored, DY: isAligned ? `vec4<${stored}>` : stored, T: value, Sums: sumsOf(kwTile) },
      constants: {
        WORKGROUP_SIZE: lanes || 64,
        CHANNELS: channels,
        KH,
        KW,
        KW_TILE: kwTile,
        STRIDE_H: stride[0],
        STRIDE_W: stride[1],
        DILATION_H: dilation[0],
        DILATION_W: dilation[1],
        PAD_H: padding[0],
        PAD_W: padding[1],
      },
      slots: {
        ...taps({ lanes, channels, kwTile, step: stride[1], dilation: dilation[1], isAligned }),
        epilogue: epilogue.epilogue(value),
      },
      additions: { buffers: epilogue.buffers, params: epilogue.params, imports: epilogue.imports },
    });
  });
  const segment = Math.ceil((N * OH) / segments);
  const params = [N, groups, IC, OC, IH, IW, OH, OW, x.start, dy.start, segments, segment];
  const columns = IC * KH * Math.ceil(KW / kwTile);
  const others = Math.ceil(OC / channels) * groups * segments;
  const workgroups = lanes === 0 ? Math.ceil((columns * others) / 64) : Math.ceil(columns / lanes) * others;
  device.launch(kernel, [...params, ...epilogue.values], [x.block, dy.block, ...epilogue.blocks], workgroups);
}
