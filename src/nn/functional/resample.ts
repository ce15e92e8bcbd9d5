// Sampling along one dimension: every element of the result is a weighted sum of a few of x.

import { fromHost } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";

/** What each of `count` results is made of: `taps` elements of x, with weights that may be left out where there is one. */
export interface Samples {
  readonly count: number;
  readonly taps: number;
  /** [count, taps] */
  readonly index: Int32Array;
  /** [count, taps] */
  readonly weight?: Float32Array;
}

/** Samples whose taps are computed one by one. */
export function samplesOf(count: number, taps: number, tap: (i: number, t: number) => [number, number]): Samples {
  const index = new Int32Array(count * taps);
  const weight = new Float32Array(count * taps);
  for (let i = 0; i < count; i++) {
    for (let t = 0; t < taps; t++) [index[i * taps + t], weight[i * taps + t]] = tap(i, t);
  }
  return { count, taps, index, weight };
}

/** y[.., i, ..] = sum over t of weight[i, t] x[.., index[i, t], ..] */
export function resample(x: Tensor, dim: number, { count, taps, index, weight }: Samples): Tensor {
  const picked = x.indexSelect(dim, fromHost(index, [index.length], "int32"));
  if (taps === 1) return picked;
  const [lead, tail] = [x.shape.slice(0, dim), x.shape.slice(dim + 1)];
  const factor = fromHost(weight!, [count, taps, ...tail.map(() => 1)], "float32");
  return picked
    .reshape([...lead, count, taps, ...tail])
    .mul(factor)
    .sum(dim + 1)
    .to(x.dtype);
}

/** The window of adaptive pooling that result i of `count` comes from: start and end. */
export function adaptiveWindow(i: number, size: number, count: number): [start: number, end: number] {
  return [Math.floor((i * size) / count), Math.ceil(((i + 1) * size) / count)];
}

/** The elements of the longest such window. */
export function adaptiveTaps(size: number, count: number): number {
  let most = 0;
  for (let i = 0; i < count; i++) {
    const [start, end] = adaptiveWindow(i, size, count);
    most = Math.max(most, end - start);
  }
  return most;
}

/** Means over adaptive windows. Where a window is short its last element stands several times and shares its weight. */
export function adaptiveMeans(size: number, count: number): Samples {
  return samplesOf(count, adaptiveTaps(size, count), (i, t) => {
    const [start, end] = adaptiveWindow(i, size, count);
    const [last, taps] = [end - start - 1, adaptiveTaps(size, count)];
    return [start + Math.min(t, last), t < last ? 1 / (end - start) : 1 / ((end - start) * (taps - last))];
  });
}
