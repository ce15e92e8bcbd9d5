// Products to time variants on, and to test them with.

import { held } from "../../core/half.js";
import type { Device } from "../../runtime/device.js";
import type { NDArray } from "../array.js";
import { type FloatType, floatTypes, type Operand, operand } from "../variants/operands.js";
import type { Check, Trial } from "../variants/variant.js";
import { inFloat, type SizeClass, sizeClasses, sizeClassOf } from "./variants.js";

const LONG = 1032;

type Multiply = (a: NDArray, b: NDArray) => NDArray;

const TYPICAL: Readonly<Record<SizeClass, readonly [M: number, K: number, N: number]>> = {
  deep: [64, 4096, 64],
  small: [64, 784, 256],
  large: [512, 512, 512],
  huge: [1536, 512, 1536],
};

export function typicalProducts(device: Device, multiply: Multiply): Trial[] {
  return floatTypes(device).flatMap((dtype) =>
    sizeClasses.map((size) => {
      const [M, K, N] = TYPICAL[size];
      const [a, b] = [whole(device, dtype, M, K, 5), whole(device, dtype, K, N, 7)];
      return { shapeClass: inFloat(size, dtype), run: () => multiply(a.array, b.array) };
    }),
  );
}

/**
 * Sizes that leave something at every edge, and one that is long enough to be divided. Its code, and that for float16,
 * differs from the others' in what has nothing to do with layouts, so that one layout is enough there.
 */
export function checkedProducts(device: Device, multiply: Multiply): Check[] {
  const sizes = [
    [67, 9, 70],
    [36, 5, 68],
    [9, LONG, 12],
  ] as const;
  return floatTypes(device).flatMap((dtype) =>
    sizes.flatMap(([M, K, N]) => {
      const [a, b] = [whole(device, dtype, M, K, 5), whole(device, dtype, K, N, 7)];
      const expected = product(a.data, b.data, M, K, N).map((sum) => held(sum, dtype));
      const shapeClass = inFloat(sizeClassOf({ M, N, K, batches: [] }), dtype);
      const layouts = [[a.array, b.array] as const];
      if (dtype === "float32" && K < LONG) layouts.push([turned(device, a.data, M, K), turned(device, b.data, K, N)]);
      return layouts.map(([x, y]) => ({ shapeClass, expected, run: () => multiply(x, y) }));
    }),
  );
}

/**
 * Whole numbers from -1 to 5: their sums of products are exact in float32, and those of `LONG` are beyond 2048, where sums
 * in float16 lose ones.
 */
function whole(device: Device, dtype: FloatType, rows: number, columns: number, factor: number): Operand {
  return operand(device, dtype, [rows, columns], (i) => ((i * factor + (i >> 3)) % 7) - 1);
}

/** The same matrix, stored by columns. */
function turned(device: Device, data: Float32Array, rows: number, columns: number): NDArray {
  const byColumn = (i: number): number => data[(i % rows) * columns + Math.floor(i / rows)]!;
  return operand(device, "float32", [columns, rows], byColumn).array.view(({ offset }) => ({
    shape: [rows, columns],
    strides: [1, rows],
    offset,
  }));
}

function product(a: Float32Array, b: Float32Array, M: number, K: number, N: number): Float32Array {
  const c = new Float32Array(M * N);
  for (let m = 0; m < M; m++) {
    for (let k = 0; k < K; k++) for (let n = 0; n < N; n++) c[m * N + n]! += a[m * K + k]! * b[k * N + n]!;
  }
  return c;
}
