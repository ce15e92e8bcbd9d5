// The ways in which convolutions, and their gradients with respect to the input, can be computed, and the problems they
// are measured and tested on.

import type { Device } from "../runtime/device.js";
import type { NDArray } from "./array.js";
import type { Conv2dAttributes, Convolution, Pair } from "./conv2d.js";
import { fitsSubgroup } from "./conv2d-subgroup.js";
import { type FloatType, floatTypes, wholeNumbers } from "./variants/operands.js";
import { type Check, defineFamily, type Family, type Trial, type Variant } from "./variants/variant.js";

export interface ConvolutionConstants {
  /** Lanes in a subgroup that pass weights to each other; 0 if each lane reads all it needs. */
  readonly lanes: number;
}

/**
 * few channels: most of a subgroup's 16 output channels would be computed for nothing
 * unusual sizes: such that the kernel with subgroups cannot hold them
 */
type ShapeClass = "many channels" | "few channels" | "unusual sizes";

const FEW_CHANNELS = 4; // with 4, the kernel with subgroups took half as long on lavapipe; with 1, longer

function ofSubgroups(lanes: number): Variant<ConvolutionConstants> {
  return {
    name: `subgroups of ${lanes}`,
    needs: { features: ["subgroups"], subgroupSize: lanes },
    constants: { lanes },
    serves: (shapeClass) => shapeClass !== "unusual sizes",
  };
}

const variants: readonly Variant<ConvolutionConstants>[] = [
  ofSubgroups(8),
  ofSubgroups(4),
  { name: "registers", needs: {}, constants: { lanes: 0 } },
];

export function classOf(convolution: Convolution): ShapeClass {
  if (!fitsSubgroup(convolution)) return "unusual sizes";
  return convolution.OC >= FEW_CHANNELS ? "many channels" : "few channels";
}

type Compute = (x: NDArray, w: NDArray, attributes: Conv2dAttributes, outSize: Pair) => NDArray;

export function convolutionFamily(compute: Compute): Family<ConvolutionConstants> {
  return defineFamily<ConvolutionConstants>({
    name: "conv2d",
    shapeClasses: () => ["many channels", "few channels"],
    variants,
    preferred: (_, shapeClass) => (shapeClass === "many channels" ? ["subgroups of 8", "subgroups of 4"] : []),
    typical: (device) => [trial(device, compute, 32, 64), trial(device, compute, 32, 2)],
    checks: (device) =>
      floatTypes(device).flatMap((dtype) => [
        check(device, compute, dtype, [2, 1]),
        check(device, compute, dtype, [1, 2]),
      ]),
  });
}

/** A batch of 8 planes of 28 x 28, a kernel of 3 x 3. */
function trial(device: Device, compute: Compute, C: number, O: number): Trial {
  const [x, w] = [wholeNumbers(device, "float32", [8, C, 28, 28], 5), wholeNumbers(device, "float32", [O, C, 3, 3], 7)];
  const attributes = { stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 1 } as const;
  const shapeClass = O >= FEW_CHANNELS ? "many channels" : "few channels";
  return { shapeClass, run: () => compute(x.array, w.array, attributes, [28, 28]) };
}

/** 2 groups of 3 input and 18 output channels, a kernel of 3 x 2, paddings of 1 and 2. */
function check(device: Device, compute: Compute, dtype: FloatType, stride: Pair): Check {
  const [N, groups, IC, OC, IH, IW, KH, KW] = [2, 2, 3, 18, 5, 7, 3, 2];
  const [OH, OW] = [Math.floor((IH + 2 - KH) / stride[0]) + 1, Math.floor((IW + 4 - KW) / stride[1]) + 1];
  const x = wholeNumbers(device, dtype, [N, groups * IC, IH, IW], 5);
  const w = wholeNumbers(device, dtype, [groups * OC, IC, KH, KW], 7);
  const expected = new Float32Array(N * groups * OC * OH * OW);
  for (const [i] of expected.entries()) {
    const [ow, oh] = [i % OW, Math.floor(i / OW) % OH];
    const o = Math.floor(i / (OW * OH)) % (groups * OC);
    const n = Math.floor(i / (OW * OH * groups * OC));
    for (let t = 0; t < IC * KH * KW; t++) {
      const [kw, kh, c] = [t % KW, Math.floor(t / KW) % KH, Math.floor(t / (KW * KH))];
      const [ih, iw] = [oh * stride[0] + kh - 1, ow * stride[1] + kw - 2];
      if (ih < 0 || iw < 0 || ih >= IH || iw >= IW) continue;
      const plane = n * groups * IC + Math.floor(o / OC) * IC + c;
      expected[i]! += x.data[(plane * IH + ih) * IW + iw]! * w.data[o * IC * KH * KW + t]!;
    }
  }
  const attributes = { stride, padding: [1, 2], dilation: [1, 1], groups } as const;
  return { shapeClass: "many channels", run: () => compute(x.array, w.array, attributes, [OH, OW]), expected };
}
