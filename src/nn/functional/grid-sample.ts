// Sampling at places that are data themselves.

import { checkChoice, checkTensor } from "../../core/check.js";
import { ShapeError } from "../../core/errors.js";
import { numel } from "../../core/shape.js";
import { assertFloat } from "../../ops/pointwise.js";
import { arange, fromData } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import { cubic } from "./cubic.js";

export interface GridSampleOptions {
  /** Default "bilinear", which is trilinear in volumes. */
  readonly mode?: "bilinear" | "nearest" | "bicubic";
  /** What lies outside: zeros (the default), the border, or x mirrored. */
  readonly paddingMode?: "zeros" | "border" | "reflection";
  /** Whether -1 and 1 are the centres of the corner elements rather than their outer corners. Default false. */
  readonly alignCorners?: boolean | null;
}

/** The elements that a mode reads: the steps from the one at or before a place, and their weights as polynomials. */
const MODES = {
  nearest: { steps: [0], weights: [[1, 0]] }, // so that the grid has a derivative, 0
  bilinear: {
    steps: [0, 1],
    weights: [
      [1, -1],
      [0, 1],
    ],
  },
  bicubic: { steps: [-1, 0, 1, 2], weights: cubic },
} as const;

/**
 * x at the places of a grid, whose coordinates (x, y) or (x, y, z) go from -1 to 1 across it.
 *
 * @param x - [N, C, IH, IW] or [N, C, ID, IH, IW]
 * @param grid - [N, OH, OW, 2] or [N, OD, OH, OW, 3]
 * @returns [N, C, OH, OW] or [N, C, OD, OH, OW]
 */
export function gridSample(x: Tensor, grid: Tensor, options: GridSampleOptions = {}): Tensor {
  const { mode = "bilinear", paddingMode = "zeros" } = options;
  const alignCorners = options.alignCorners ?? false;
  check(x, grid, mode, paddingMode);
  const [N, C, ...size] = x.shape as [number, number, ...number[]];
  const out = grid.shape.slice(1, -1);
  const { steps, weights } = MODES[mode];
  const count = size.length;
  const wide = grid.to("float32"); // float16 has too few places
  const along = size.map((n, d) => {
    // Taps of this dimension run along dimension d of [taps, .., places].
    const shape = size.map((_, other) => (other === d ? steps.length : 1));
    const column = (values: readonly number[]): Tensor => fromData([...values]).reshape([...shape, 1]);
    const coordinate = wide.select(-1, count - 1 - d).reshape([-1]); // [places]
    const place = alignCorners
      ? coordinate.add(1).mul((n - 1) / 2)
      : coordinate
          .add(1)
          .mul(n / 2)
          .sub(0.5);
    const at = mode === "bicubic" ? place : padded(place, n, paddingMode, alignCorners);
    const first = (mode === "nearest" ? at.round() : at.floor()).detach();
    const tap = first.add(column(steps));
    const element = mode === "bicubic" ? padded(tap, n, paddingMode, alignCorners) : tap;
    const index = element.clamp(0, n - 1).to("int32");
    const degree = weights[0].length - 1;
    const coefficients = (power: number): Tensor => column(weights.map((polynomial) => polynomial[power]!));
    let weight = coefficients(degree);
    for (let power = degree - 1; power >= 0; power--) {
      weight = weight.mul(at.sub(first)).add(coefficients(power));
    }
    const isInside = element.ge(0).logicalAnd(element.le(n - 1));
    return { index, weight: weight.where(isInside, 0) };
  });
  const each = numel(out);
  const places = N * each;
  const perSample = numel(size);
  const sample = arange(N).reshape([N, 1]).mul(perSample).expand([N, each]).reshape([-1]);
  const index = along
    .reduce((sum, { index }, d) => sum.mul(d === 0 ? 0 : size[d]!).add(index), sample.mul(0))
    .add(sample);
  const weight = along.map(({ weight }) => weight).reduce((product, factor) => product.mul(factor));
  const taps = steps.length ** count;
  const picked = x
    .transpose(0, 1)
    .reshape([C, N * perSample])
    .indexSelect(1, index.reshape([-1])); // [C, taps places]
  return picked
    .reshape([C, taps, places])
    .mul(weight.expand([...size.map(() => steps.length), places]).reshape([taps, places]))
    .sum(1)
    .to(x.dtype)
    .reshape([C, N, ...out])
    .transpose(0, 1)
    .contiguous();
}

/** Places outside taken inside; where they are cut off, or beyond, they have no derivative. */
function padded(place: Tensor, size: number, mode: "zeros" | "border" | "reflection", alignCorners: boolean): Tensor {
  if (mode === "zeros") return place;
  const inside = mode === "border" ? place : reflected(place, size, alignCorners);
  const isInside = inside.gt(0).logicalAnd(inside.lt(size - 1));
  return inside.where(isInside, inside.detach().clamp(0, size - 1));
}

/** Places mirrored at the centres, or outer corners, of the first and the last element, as often as needed. */
function reflected(place: Tensor, size: number, alignCorners: boolean): Tensor {
  const [low, span] = alignCorners ? [0, size - 1] : [-0.5, size];
  if (span === 0) return place.mul(0);
  const right = place.sub(low);
  const distance = right.where(place.ge(low), right.neg());
  const flips = distance.detach().div(span).floor();
  const rest = distance.sub(flips.mul(span));
  return rest.where(flips.remainder(2).eq(0), rest.neg().add(span)).add(low);
}

function check(x: Tensor, grid: Tensor, mode: string, paddingMode: string): void {
  for (const operand of [x, grid]) checkTensor("gridSample", operand);
  assertFloat("gridSample", "x", x);
  assertFloat("gridSample", "the grid", grid);
  const shapes = [x.shape, grid.shape];
  const isVolume = x.ndim === 5;
  if ((x.ndim !== 4 && !isVolume) || grid.ndim !== x.ndim || grid.shape.at(-1) !== x.ndim - 2) {
    const forms = "must be [N, C, H, W] and [N, OH, OW, 2], or [N, C, D, H, W] and [N, OD, OH, OW, 3]";
    throw new ShapeError("gridSample", shapes, forms);
  }
  if (x.shape[0] !== grid.shape[0]) throw new ShapeError("gridSample", shapes, "there must be a grid for each sample");
  if (x.shape.slice(2).includes(0)) throw new ShapeError("gridSample", shapes, "x has no elements to sample");
  checkChoice("gridSample", "mode", mode, isVolume ? ["bilinear", "nearest"] : ["bilinear", "nearest", "bicubic"]);
  checkChoice("gridSample", "paddingMode", paddingMode, ["zeros", "border", "reflection"]);
}
