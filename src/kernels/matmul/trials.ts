// Products to time variants on, and to test them with.

import type { Device } from "../../runtime/device.js";
import { NDArray } from "../array.js";
import type { Check, Trial } from "../variants/variant.js";
import { classOf, type ShapeClass } from "./variants.js";

type Multiply = (a: NDArray, b: NDArray) => NDArray;

const TYPICAL: Readonly<Record<ShapeClass, readonly [M: number, K: number, N: number]>> = {
  deep: [64, 4096, 64],
  small: [64, 784, 256],
  large: [512, 512, 512],
  huge: [1536, 512, 1536],
};

export function typicalProducts(device: Device, multiply: Multiply): Trial[] {
  return Object.entries(TYPICAL).map(([shapeClass, [M, K, N]]) => {
    const [a, b] = [whole(device, M, K, 5), whole(device, K, N, 7)];
    return { shapeClass, run: () => multiply(a.array, b.array) };
  });
}

/** Sizes that leave something at every edge, in all layouts; the last is long enough to be divided. */
export function checkedProducts(device: Device, multiply: Multiply): Check[] {
  const sizes = [
    [67, 9, 70],
    [36, 5, 68],
    [9, 1030, 12],
  ] as const;
  return sizes.flatMap(([M, K, N]) => {
    const [a, b] = [whole(device, M, K, 5), whole(device, K, N, 7)];
    const expected = product(a.data, b.data, M, K, N);
    const shapeClass = classOf({ M, N, K, batches: [] });
    const layouts = [
      [a.array, b.array],
      [turned(device, a.data, M, K), turned(device, b.data, K, N)],
    ] as const;
    return layouts.map(([x, y]) => ({ shapeClass, expected, run: () => multiply(x, y) }));
  });
}

interface Whole {
  readonly data: Float32Array;
  readonly array: NDArray;
}

/** Whole numbers from -3 to 3: their sums of products are exact. */
function whole(device: Device, rows: number, columns: number, factor: number): Whole {
  const data = Float32Array.from({ length: rows * columns }, (_, i) => ((i * factor + (i >> 3)) % 7) - 3);
  return { data, array: NDArray.fromHost(data, "float32", [rows, columns], device) };
}

/** The same matrix, stored by columns. */
function turned(device: Device, data: Float32Array, rows: number, columns: number): NDArray {
  const byColumn = Float32Array.from(data, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!);
  const array = NDArray.fromHost(byColumn, "float32", [columns, rows], device);
  return array.view(({ offset }) => ({ shape: [rows, columns], strides: [1, rows], offset }));
}

function product(a: Float32Array, b: Float32Array, M: number, K: number, N: number): Float32Array {
  const c = new Float32Array(M * N);
  for (let m = 0; m < M; m++) {
    for (let k = 0; k < K; k++) for (let n = 0; n < N; n++) c[m * N + n]! += a[m * K + k]! * b[k * N + n]!;
  }
  return c;
}
