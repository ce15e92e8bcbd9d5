// How attention is spread over lanes: groups that pass values round where subgroups are of that size, or single lanes.

import type { Device } from "../runtime/device.js";
import type { NDArray } from "./array.js";
import { type FloatType, floatTypes, operand } from "./variants/operands.js";
import { type Check, defineFamily, type Family, type Trial } from "./variants/variant.js";

export interface AttentionConstants {
  /** Lanes that share a tile: a subgroup, or 1. A power of two. */
  readonly lanes: number;
  /** Rows of a tile, a multiple of 4 and of `lanes`, or a divisor of it. */
  readonly rows: number;
}

/** Lanes in a workgroup where each works by itself. */
export const ALONE = 32;

/** Computes attention without a mask or a scale. */
type Launch = (query: NDArray, key: NDArray, value: NDArray) => NDArray;

export function attentionFamilyOf(launch: Launch): Family<AttentionConstants> {
  return defineFamily<AttentionConstants>({
    name: "attention",
    variants: [
      { name: "8 lanes, 8 rows", needs: { subgroupSize: 8 }, constants: { lanes: 8, rows: 8 } },
      { name: "4 lanes, 8 rows", needs: { subgroupSize: 4 }, constants: { lanes: 4, rows: 8 } },
      { name: "1 lane, 4 rows", needs: {}, constants: { lanes: 1, rows: 4 } },
    ],
    preferred: () => ["8 lanes, 8 rows", "4 lanes, 8 rows"],
    typical: (device) => [typical(device, launch)],
    checks: (device) => floatTypes(device).map((dtype) => check(device, launch, dtype)),
  });
}

function typical(device: Device, launch: Launch): Trial {
  const [query, key, value] = [0, 1, 2].map((salt) =>
    operand(device, "float32", [16, 256, 64], (i) => (((i + 1) * 0.6180339887 + salt * 0.37) % 1) * 2 - 1),
  );
  return { shapeClass: "any", run: () => launch(query!.array, key!.array, value!.array) };
}

/** Scores of 200 for one column of each row and 0 for the others, so that the result is that column's value, exactly. */
function check(device: Device, launch: Launch, dtype: FloatType): Check {
  const [L, S, V] = [21, 40, 24];
  const columnOf = (r: number): number => (r * 7) % S;
  const valueAt = (c: number, v: number): number => ((c * 5 + v) % 17) - 8;
  const query = operand(device, dtype, [L, S], (i) => (i % S === columnOf(Math.floor(i / S)) ? 1 : 0));
  const key = operand(device, dtype, [S, S], (i) => (i % S === Math.floor(i / S) ? 200 : 0));
  const value = operand(device, dtype, [S, V], (i) => valueAt(Math.floor(i / V), i % V));
  const expected = Float32Array.from({ length: L * V }, (_, i) => valueAt(columnOf(Math.floor(i / V)), i % V));
  return { shapeClass: "any", run: () => launch(query.array, key.array, value.array), expected };
}
