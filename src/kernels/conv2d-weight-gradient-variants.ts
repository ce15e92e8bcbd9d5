// The ways in which a convolution's weight gradient can be computed, and the problems they are measured and tested on.

import type { Device } from "../runtime/device.js";
import type { NDArray } from "./array.js";
import type { Conv2dAttributes, Pair } from "./conv2d.js";
import { type FloatType, floatTypes, wholeNumbers } from "./variants/operands.js";
import { type Check, defineFamily, type Family, type Trial, type Variant } from "./variants/variant.js";

export interface WeightGradientConstants {
  /** Lanes in a subgroup that pass elements of dy to each other; 0 if each lane reads all it needs. */
  readonly lanes: number;
  /** Output channels of a lane; fewer where there are fewer and no subgroups. */
  readonly channels: number;
}

const variants: readonly Variant<WeightGradientConstants>[] = [
  { name: "subgroups of 8", needs: { subgroupSize: 8 }, constants: { lanes: 8, channels: 16 } },
  { name: "subgroups of 4", needs: { subgroupSize: 4 }, constants: { lanes: 4, channels: 16 } },
  { name: "single lanes", needs: {}, constants: { lanes: 0, channels: 4 } },
];

/** @param rows - input channels times kernel rows, which lanes are spread over */
export function classOf(outputChannels: number, rows: number): string {
  return outputChannels >= 8 && rows >= 8 ? "many channels" : "few channels";
}

type Compute = (x: NDArray, dy: NDArray, attributes: Conv2dAttributes, kernelSize: Pair) => NDArray;

export function weightGradientFamily(compute: Compute): Family<WeightGradientConstants> {
  return defineFamily<WeightGradientConstants>({
    name: "conv2d-weight-gradient",
    variants,
    preferred: (_, shapeClass) =>
      shapeClass === "many channels" ? ["subgroups of 8", "subgroups of 4"] : ["single lanes"],
    typical: (device) => [trial(device, compute, 32, 64), trial(device, compute, 1, 16)],
    checks: (device) =>
      floatTypes(device).flatMap((dtype) => [check(device, compute, dtype, 4), check(device, compute, dtype, 5)]),
  });
}

/** A batch of 8 planes of 28 x 28. */
function trial(device: Device, compute: Compute, C: number, O: number): Trial {
  const [x, dy] = [
    wholeNumbers(device, "float32", [8, C, 28, 28], 5),
    wholeNumbers(device, "float32", [8, O, 28, 28], 7),
  ];
  const attributes = { stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 1 } as const;
  return { shapeClass: classOf(O, C * 3), run: () => compute(x.array, dy.array, attributes, [3, 3]) };
}

/** 2 groups of 3 input and 18 output channels, a kernel of 3 x 2, rows of dy with `OW` elements. */
function check(device: Device, compute: Compute, dtype: FloatType, OW: number): Check {
  const [N, groups, IC, OC, OH, KH, KW] = [2, 2, 3, 18, 2, 3, 2];
  const [IH, IW] = [OH * 2 + 1, OW + 1]; // a stride of 2 and a padding of 1 downwards, of 1 and 0 across
  const x = wholeNumbers(device, dtype, [N, groups * IC, IH, IW], 5);
  const dy = wholeNumbers(device, dtype, [N, groups * OC, OH, OW], 7);
  const expected = new Float32Array(groups * OC * IC * KH * KW);
  for (const [i] of expected.entries()) {
    const [kw, kh, c] = [i % KW, Math.floor(i / KW) % KH, Math.floor(i / (KW * KH)) % IC];
    const o = Math.floor(i / (KW * KH * IC));
    const channel = Math.floor(o / OC) * IC + c;
    for (let n = 0; n < N; n++) {
      for (let oh = 0; oh < OH; oh++) {
        const ih = oh * 2 + kh - 1;
        if (ih < 0 || ih >= IH) continue;
        const row = ((n * groups * IC + channel) * IH + ih) * IW + kw;
        const dyRow = ((n * groups * OC + o) * OH + oh) * OW;
        for (let ow = 0; ow < OW; ow++) expected[i]! += x.data[row + ow]! * dy.data[dyRow + ow]!;
      }
    }
  }
  const attributes = { stride: [2, 1], padding: [1, 0], dilation: [1, 1], groups } as const;
  const run = (): NDArray => compute(x.array, dy.array, attributes, [KH, KW]);
  return { shapeClass: classOf(OC, IC * KH), run, expected };
}
