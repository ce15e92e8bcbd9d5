// The convolution kernel whose lanes pass weights round (wgsl/conv2d-subgroup.wgsl): the text of one step over an input
// channel, and the launch. It reads x and w as they are.

import { dtypes } from "../core/dtype.js";
import type { Convolution, Pair } from "./conv2d.js";
import { tapSteps } from "./conv2d-phases.js";
import { summedIn } from "./pad2d.js";
import type { Fusion } from "./pointwise/fusion.js";
import { kernelSource } from "./source.js";
import conv2dSubgroupWgsl from "./wgsl/conv2d-subgroup.js";

const CHANNELS = 16; // output channels of a subgroup
const PIXELS = 4; // neighbouring ow of a lane

/** Whether the kernel's packed parameters can hold a convolution's sizes. */
export function fitsSubgroup({ x, walk, kernelSize, outSize }: Convolution): boolean {
  const sizes = [...x.shape.slice(2).map((n) => n + 4), ...kernelSize, ...outSize, ...walk.pad];
  const steps = [...walk.stride, ...walk.dilation, ...walk.spread];
  return sizes.every((n) => Math.abs(n) < 2 ** 15) && steps.every((n) => n < 2 ** 8);
}

export function launchSubgroup(convolution: Convolution, lanes: number, epilogue: Fusion): void {
  const { x, w, walk, groups, IC, OC, kernelSize, outSize } = convolution;
  const { dtype, device } = x;
  const { spread, isTurned } = walk;
  const KW = kernelSize[1];
  const isDense = KW <= 3 && walk.stride[1] === 1 && walk.dilation[1] === 1 && spread[1] === 1;
  const taps = isDense ? KW : 1;
  const variant = `${dtype} ${lanes} ${taps} ${epilogue.key}`;
  const kernel = device.kernel(`conv2d-subgroup ${variant}`, () => {
    const { value, stored } = dtypes[dtype];
    return kernelSource(conv2dSubgroupWgsl, {
      variant,
      types: { X: stored, W: stored, T: dtypes[summedIn(dtype)].stored, Y: value },
      constants: { LANES: lanes, TAPS: taps },
      slots: { ...textOf(lanes, taps, dtype === "int32"), epilogue: epilogue.epilogue(value) },
      additions: { buffers: epilogue.buffers, params: epilogue.params, imports: epilogue.imports },
    });
  });
  const [N, , IH, IW] = x.shape as [number, number, number, number];
  const [OH, OW] = outSize;
  const steps = [...walk.stride, ...walk.dilation].reduce((bits, n) => bits * 256 + n, 0);
  const sizes = [pair([IH, IW]), pair(outSize), pair(kernelSize), pair(walk.pad)];
  const phases = [isTurned ? pair(spread) : 0, pair(tapSteps(walk))];
  const params = [N, groups, IC, OC, ...sizes, steps, ...phases, x.start, w.start];
  const tiles = N * Math.ceil(OH / spread[0]) * Math.ceil(OW / (PIXELS * spread[1]));
  const subgroups = Math.ceil(tiles / lanes) * spread[0] * spread[1];
  const blocks = [x.block, w.block, ...epilogue.blocks];
  device.launch(kernel, [...params, ...epilogue.values], blocks, subgroups * Math.ceil(OC / CHANNELS) * groups);
}

/** Two numbers of 16 bits, which may be negative. */
function pair([height, width]: Pair): number {
  return (((height & 0xffff) << 16) | (width & 0xffff)) >>> 0;
}

/** The slots of the kernel, for `taps` neighbouring kw at a time. */
function textOf(lanes: number, taps: number, isWhole: boolean): Record<string, string> {
  const loads = range(CHANNELS / lanes);
  const elements = range(PIXELS + taps - 1);
  const distance = (j: number): string => (taps === 1 ? `${j} * stride_w` : `${j}`);
  const add = (r: number, t: number): string => {
    const weight = `subgroupBroadcast(w${Math.floor(r / lanes)}_${t}, ${r % lanes}u)`;
    return isWhole ? `c${r} += ${weight} * v${t};` : `c${r} = fma(vec4f(${weight}), v${t}, c${r});`;
  };
  const step = [
    ...loads.flatMap((i) => range(taps).map((t) => `let w${i}_${t} = T(w[w_at + o${i} + ${t} * w_kw]);`)),
    ...elements.map((j) => `let x${j} = select(T(), T(x[x_at + at${j}]), is_inside${j});`),
    ...range(taps).map((t) => `let v${t} = vec4<T>(${range(PIXELS).map((j) => `x${j + t}`)});`),
    ...range(CHANNELS).map((r) =>
      range(taps)
        .map((t) => add(r, t))
        .join(" "),
    ),
  ];
  return {
    channels: loads.map((i) => `let o${i} = min(o + lane + ${i * lanes}, p.OC - 1) * w_o;`).join("\n"),
    places: elements
      .flatMap((j) => [
        `let iw${j} = iw + ${distance(j)};`,
        `let at${j} = select(0, iw${j}, iw${j} < IW);`,
        `let is_inside${j} = iw${j} < IW && ih < IH;`,
      ])
      .join("\n"),
    step: step.join("\n"),
  };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
