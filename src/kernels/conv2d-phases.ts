// The gradient of a strided convolution with respect to its input is a convolution of dy spread out by the stride, zeros
// between its elements. Nothing has to be computed with those: results that lie `spread` apart meet the same taps of the
// kernel, so they are a convolution with those taps, without zeros. Such results are a phase.

import type { Convolution, Pair, Walk } from "./conv2d.js";

/** One phase of the results, and the convolution that gives it. */
export interface Phase {
  /** The first of the results, which lie `spread` apart. */
  readonly first: Pair;
  readonly outSize: Pair;
  /** The taps, in the order in which they meet the input: from this one, each so many further on. */
  readonly firstTap: Pair;
  readonly tapSteps: Pair;
  /** How many there are; [0, 0] where the results meet none. */
  readonly kernelSize: Pair;
  readonly walk: Pick<Walk, "stride" | "dilation" | "pad">;
}

/** From one tap that a phase meets to the next. */
export function tapSteps({ spread, dilation }: Walk): Pair {
  return [spread[0] / divisor(spread[0], dilation[0]), spread[1] / divisor(spread[1], dilation[1])];
}

/** All phases that have results: one if nothing is spread out. */
export function phasesOf(convolution: Convolution): Phase[] {
  const steps = tapSteps(convolution.walk);
  const [rows, columns] = [lines(convolution, 0, steps[0]), lines(convolution, 1, steps[1])];
  return rows.flatMap((row) =>
    columns.map((column) => {
      const both = <Key extends keyof Line>(key: Key): Pair => [row[key], column[key]];
      const isMet = row.taps > 0 && column.taps > 0;
      const walk = { stride: convolution.walk.stride, dilation: both("dilation"), pad: both("pad") };
      return {
        ...{ first: both("first"), outSize: both("size"), firstTap: both("firstTap"), tapSteps: steps, walk },
        kernelSize: isMet ? both("taps") : [0, 0],
      };
    }),
  );
}

/** A phase in one direction. */
type Line = Readonly<Record<"first" | "size" | "firstTap" | "taps" | "dilation" | "pad", number>>;

function lines({ walk, kernelSize, outSize }: Convolution, d: 0 | 1, step: number): Line[] {
  const [spread, dilation, pad, K] = [walk.spread[d], walk.dilation[d], walk.pad[d], kernelSize[d]];
  return Array.from({ length: Math.min(spread, outSize[d]) }, (_, first) => {
    let firstTap = 0;
    while (firstTap < K && (first + firstTap * dilation - pad) % spread !== 0) firstTap++;
    return {
      first,
      size: Math.ceil((outSize[d] - first) / spread),
      firstTap,
      taps: Math.ceil((K - firstTap) / step),
      dilation: (step * dilation) / spread,
      pad: -(first + firstTap * dilation - pad) / spread,
    };
  });
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
